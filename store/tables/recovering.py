"""What was understood, decided and done for a customer."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from store.tables.base import conversation, metadata, when

nlu_results = Table(
    "nlu_results",
    metadata,
    Column("message_id", ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
    Column("model", Text, nullable=False),
    Column("result", JSONB, nullable=False),
    Column("noted", Boolean, nullable=False, server_default=text("false")),  # counted, and looked at for review
    Index("nlu_results_to_note", "message_id", postgresql_where=text("not noted")),
)

recoveries = Table(
    "recoveries",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("state", JSONB, nullable=False),
    when("updated_at", required=True),
)

turn_outcomes = Table(  # what an action decided for one message: the same message gets the same answer
    "turn_outcomes",
    metadata,
    Column("message_id", Text, primary_key=True),
    conversation(),
    Column("outcome", JSONB, nullable=False),
    when("at", required=True),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    conversation(),
    Column("message_id", Text, nullable=False),
    Column("case_id", Text),
    Column("step", Text, nullable=False),
    Column("rules", ARRAY(Text), nullable=False),
    Column("playbook_version", Text, nullable=False),
    Column("inputs", JSONB, nullable=False),
    Column("reasons", JSONB, nullable=False),  # [{"text", "evidence": [{"kind", "id"}]}]
    when("at", required=True),
    Index("decisions_by_conversation", "conversation_id", "id"),
)

recovery_steps = Table(
    "recovery_steps",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    conversation(),
    Column("case_id", Text, nullable=False),
    Column("step", Text, nullable=False),  # listen, apologise, thank, explain, resolve
    Column("message_id", ForeignKey("messages.id", ondelete="CASCADE"), nullable=False),
    when("at", required=True),
    UniqueConstraint("case_id", "step", "message_id", name="a_message_does_a_step_once"),
    Index("recovery_steps_by_message", "message_id"),
)

surveys = Table(
    "surveys",
    metadata,
    Column("case_id", Text, primary_key=True),  # once for each case
    conversation(),
    Column("rating", Integer),
    Column("comment", Text),
    when("asked_at", required=True),
    when("answered_at"),
    Column("kind", Text, nullable=False, server_default="csat"),  # csat, ces, nps
    CheckConstraint(
        "(kind = 'csat' and rating between 1 and 5) or (kind = 'ces' and rating between 1 and 7) "
        "or (kind = 'nps' and rating between 0 and 10)",
        name="rating_is_on_its_scale",
    ),
    Index("surveys_by_conversation", "conversation_id"),
    Index("surveys_by_answer", "answered_at"),
)

budget_balances = Table(  # what is spent of a budget in a period: `goodwill_of_the_month@2026-11`
    "budget_balances",
    metadata,
    Column("key", Text, primary_key=True),
    Column("spent", BigInteger, nullable=False),  # pence
)

budget_draws = Table(  # what each grant took, so that a repeated one takes nothing twice
    "budget_draws",
    metadata,
    Column("grant_key", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("pence", Integer, nullable=False),
    Column("message_id", Text, nullable=False),
    when("at", required=True),
    Index("budget_draws_by_message", "message_id"),
)
