"""What people say of the bot, and what is counted."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
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

review_items = Table(  # what people should label: one text once, with the person taken out of it
    "review_items",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("text_key", Text, nullable=False, unique=True),  # sha256 of the text, whatever its case and spaces
    Column("text", Text, nullable=False),
    Column("before", JSONB, nullable=False),  # [{"who", "text"}]: what was said just before
    Column("heard", JSONB, nullable=False),  # the NLU's result, without details
    Column("model", Text, nullable=False),
    Column("why", ARRAY(Text), nullable=False),  # recovery.doubt.Why
    Column("challenges", ARRAY(Text), nullable=False),  # heard
    Column("by_person", Boolean, nullable=False),  # corrected or flagged, not only doubtful
    Column("times", Integer, nullable=False, server_default="1"),  # how often it was said
    Column("status", Text, nullable=False, server_default="open"),  # open, accepted, rejected, skipped
    Column("version", Integer, nullable=False, server_default="0"),  # compare-and-set
    Column("labels", JSONB),  # what a supervisor decided
    when("at", required=True),
    Column("decided_by", Text, ForeignKey("users.id")),
    when("decided_at"),
    CheckConstraint("status in ('open', 'accepted', 'rejected', 'skipped')", name="status_is_known"),
    CheckConstraint("(status = 'accepted') = (labels is not null)", name="the_accepted_are_labelled"),
    Index("review_items_by_status", "status", "by_person", "id"),
    Index("review_items_doubtful", "at", postgresql_where=text("status = 'open' and not by_person")),
)

review_sources = Table(  # where a text came from; with its last source it goes (trigger `review_item_unsaid`)
    "review_sources",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("item_id", ForeignKey("review_items.id", ondelete="CASCADE"), nullable=False),
    conversation(),
    Column("message_id", ForeignKey("messages.id", ondelete="CASCADE"), nullable=False),
    UniqueConstraint("item_id", "message_id", name="a_message_is_a_source_once"),
    Index("review_sources_by_conversation", "conversation_id"),
    Index("review_sources_by_message", "message_id"),
)

corrections = Table(  # what the bot got wrong, as agents say
    "corrections",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    conversation(),
    Column("message_id", ForeignKey("messages.id", ondelete="CASCADE"), nullable=False),
    Column("user_id", Text, ForeignKey("users.id"), nullable=False),
    Column("what", Text, nullable=False),  # challenge, frustration, escalated, not_escalated
    Column("right", Text),  # the right challenge types or level, where the agent said
    Column("words", Text, nullable=False, server_default=""),
    when("at", required=True),
    Index("corrections_by_conversation", "conversation_id", "id"),
    Index("corrections_by_message", "message_id"),
    Index("corrections_by_time", "at"),
)

heard_daily = Table(  # how often what was heard, by day: pages on drift read this, however long the history is
    "heard_daily",
    metadata,
    Column("day", Date, primary_key=True),
    Column("kind", Text, primary_key=True),  # message, challenge, act, level, unclear, confidence
    Column("name", Text, primary_key=True),
    Column("model", Text, primary_key=True),
    Column("times", Integer, nullable=False),
)
