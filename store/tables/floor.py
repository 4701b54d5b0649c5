"""Handoffs and the queue: who answers, until when, and who is asked."""

from sqlalchemy import ARRAY, BigInteger, Column, ForeignKey, Identity, Index, Integer, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from store.tables.base import conversation, metadata, when

handoffs = Table(
    "handoffs",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    conversation(),
    Column("message_id", Text, nullable=False),  # the message that led to it
    Column("rules", ARRAY(Text), nullable=False),
    Column("playbook_version", Text, nullable=False),
    Column("team", Text, nullable=False),
    Column("priority", Integer, nullable=False),  # 1 is most urgent
    Column("priority_reasons", JSONB, nullable=False),  # ["severity critical", …]
    Column("inputs", JSONB, nullable=False),
    Column("rationale", JSONB, nullable=False),  # [{"text", "evidence": [{"kind", "id"}]}]
    Column("packet", JSONB, nullable=False),
    when("queued_at", required=True),
    Column("claimed_by", Text, ForeignKey("users.id")),
    when("claimed_at"),
    when("first_reply_at"),
    when("ended_at"),
    Column("ended_how", Text),  # returned, resolved, left
    Column("root_cause", Text),
    Column("tier", Text),  # who is asked: agent, specialist, senior, supervisor; null until the desk has seen it
    when("tier_since"),  # since when this tier is asked
    Column("score", Integer, nullable=False, server_default="0"),  # the order of the queue, highest first
    Column("score_parts", JSONB, nullable=False, server_default="[]"),  # [{"name", "points", "why"}]
    Column("clocked_seq", Integer, nullable=False, server_default="-1"),  # the last message that its clocks know
    when("away_told_at"),  # when the customer was told that their agent is away
    when("call_offered_at"),  # when whoever waits was offered a call instead; once in a wait
    Index("one_open_handoff", "conversation_id", unique=True, postgresql_where=text("ended_at is null")),
    Index("handoffs_by_conversation", "conversation_id", "id"),
    Index("handoffs_by_time", "queued_at"),
    Index("handoffs_to_clock", "id", postgresql_where=text("clocked_seq < 0")),
)

transitions = Table(  # who answered when, and why it changed
    "transitions",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    conversation(),
    Column("move", Text, nullable=False),  # a move of recovery/owners.py
    Column("was", Text, nullable=False),
    Column("became", Text, nullable=False),
    Column("user_id", Text, ForeignKey("users.id")),  # who moved it; null: the bot, the desk or the customer
    Column("agent_id", Text, ForeignKey("users.id")),  # who owns it now
    Column("note", Text, nullable=False, server_default=""),
    when("at", required=True),
    Index("transitions_by_conversation", "conversation_id", "id"),
)

offers = Table(  # who was asked to take a conversation, and what came of it
    "offers",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("handoff_id", ForeignKey("handoffs.id", ondelete="CASCADE"), nullable=False),
    conversation(),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("tier", Text, nullable=False),
    when("offered_at", required=True),
    when("expires_at", required=True),
    when("answered_at"),
    Column("answer", Text),  # accepted, declined, lapsed, withdrawn
    Index("one_offer_of_a_handoff", "handoff_id", unique=True, postgresql_where=text("answered_at is null")),
    Index("one_offer_to_a_person", "user_id", unique=True, postgresql_where=text("answered_at is null")),
    Index("offers_by_handoff", "handoff_id", "id"),
    Index("offers_by_user", "user_id", "offered_at"),
    Index("offers_by_time", "offered_at"),
)

clocks = Table(  # service-level clocks of handoffs, on business time
    "clocks",
    metadata,
    Column("handoff_id", ForeignKey("handoffs.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", Text, primary_key=True),  # first_reply, next_reply, resolution
    Column("number", Integer, primary_key=True),
    Column("target_s", Integer, nullable=False),
    Column("warn_after_s", Integer, nullable=False),
    when("started_at", required=True),
    Column("spent_us", BigInteger, nullable=False, server_default="0"),  # business time used before running_since
    when("running_since"),
    when("stopped_at"),
    when("warn_at"),  # when the warning is due; null: it was given, or it does not run
    when("due_at"),  # when it is breached; null: it was marked, or it does not run
    when("warned_at"),
    when("missed_at"),
    Index("clocks_to_mark", "due_at", postgresql_where=text("due_at is not null")),
    Index("clocks_to_warn", "warn_at", postgresql_where=text("warn_at is not null")),
    Index("clocks_open", "handoff_id", postgresql_where=text("stopped_at is null")),
    Index("clocks_by_start", "started_at"),
    Index("clocks_missed", "missed_at", postgresql_where=text("missed_at is not null")),
)

callbacks = Table(  # customers who want to be called or written to later
    "callbacks",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    conversation(),
    Column("asked_seq", Integer, nullable=False),  # the message that asked for it; what follows are the details
    when("asked_at", required=True),
    when("confirmed_at"),  # the customer was told that the details arrived
    Column("done_by", Text, ForeignKey("users.id")),
    when("done_at"),
    Column("result", Text, nullable=False, server_default=""),
    Index("one_open_callback", "conversation_id", unique=True, postgresql_where=text("done_at is null")),
    Index("callbacks_open", "asked_at", postgresql_where=text("done_at is null")),
)

approvals = Table(  # options above an agent's limit, asked of somebody who may
    "approvals",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    conversation(),
    Column("case_id", Text, nullable=False),
    Column("option_id", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("pence", Integer, nullable=False),
    Column("asked_by", Text, ForeignKey("users.id"), nullable=False),
    when("asked_at", required=True),
    Column("why", Text, nullable=False, server_default=""),
    Column("answered_by", Text, ForeignKey("users.id")),
    when("answered_at"),
    Column("answer", Text),  # approved, refused, withdrawn, lapsed
    Column("reason", Text, nullable=False, server_default=""),
    when("used_at"),
    Index(
        "one_open_approval",
        "conversation_id",
        "case_id",
        "option_id",
        unique=True,
        postgresql_where=text("answered_at is null"),
    ),
    Index("approvals_by_conversation", "conversation_id", "id"),
    Index("approvals_open", "asked_at", postgresql_where=text("answered_at is null")),
)
