"""What customers and we say to each other."""

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
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from store.tables.base import conversation, metadata, when

conversations = Table(
    "conversations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("channel", Text, nullable=False),  # web, telegram
    Column("channel_user", Text, nullable=False),  # the channel's own name for who is talking
    Column("customer_id", Text),  # the CRM's id, only once verified
    Column("customer_name", Text, nullable=False, server_default=""),
    Column("owner", Text, nullable=False, server_default="bot"),  # bot, queue, agent
    Column("agent_id", Text, ForeignKey("users.id")),
    Column("owner_version", Integer, nullable=False, server_default="0"),  # compare-and-set
    Column("next_seq", Integer, nullable=False, server_default="1"),
    Column("outcome", Text),  # recovered, handed_over, resolved_by_agent, answered, abandoned
    Column("frustration", Integer, nullable=False, server_default="0"),  # the conversation's level now
    Column("frustration_before", Integer),  # the highest level up to the first apology or offer
    Column("frustration_after", Integer),  # the level of the customer's latest message since
    Column("challenges", ARRAY(Text), nullable=False, server_default="{}"),
    Column("handed_over", Boolean, nullable=False, server_default=text("false")),  # ever
    when("opened_at", required=True),
    when("last_message_at", required=True),
    when("closed_at"),
    CheckConstraint("owner in ('bot', 'queue', 'agent')", name="owner_is_known"),
    CheckConstraint("(owner = 'agent') = (agent_id is not null)", name="an_agent_owns_by_name"),
    Index(
        "one_open_conversation",
        "channel",
        "channel_user",
        unique=True,
        postgresql_where=text("closed_at is null"),
    ),
    Index("conversations_by_time", "last_message_at"),
    Index("conversations_by_channel_user", "channel", "channel_user", "opened_at"),
    Index("conversations_by_customer", "customer_id", postgresql_where=text("customer_id is not null")),
    Index("conversations_waiting", "owner", postgresql_where=text("owner <> 'bot' and closed_at is null")),
)

messages = Table(
    "messages",
    metadata,
    Column("id", Text, primary_key=True),
    conversation(),
    Column("seq", Integer, nullable=False),  # order within the conversation, without gaps
    Column("author", Text, nullable=False),  # customer, bot, agent, system
    Column("author_name", Text, nullable=False, server_default=""),
    Column("text", Text, nullable=False),
    Column("buttons", JSONB, nullable=False, server_default="[]"),  # [{"title", "payload"}]
    Column("payload", Text),  # what a customer's click carried
    Column("channel_message_id", Text),  # the channel's own id of a customer's message
    Column("in_reply_to", Text),  # the customer's message that this answers
    Column(
        "status", Text, nullable=False
    ),  # in: received, answered, held; out: ready, delivered, withheld, undeliverable
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("meta", JSONB, nullable=False, server_default="{}"),  # response, tone, LATER step, case
    when("at", required=True),
    when("done_at"),
    UniqueConstraint("conversation_id", "seq", name="messages_in_order"),
    UniqueConstraint("conversation_id", "channel_message_id", name="same_id_is_one_message"),
    Index("messages_to_answer", "at", postgresql_where=text("status = 'received'")),
    Index("messages_to_deliver", "at", postgresql_where=text("status = 'ready'")),
    Index(
        "messages_by_words",
        func.to_tsvector(text("'english'"), text("text")),
        postgresql_using="gin",
    ),
)

attachments = Table(  # files that came with messages; their contents are kept elsewhere
    "attachments",
    metadata,
    Column("id", Text, primary_key=True),
    conversation(),
    Column("message_id", ForeignKey("messages.id", ondelete="CASCADE"), nullable=False),
    Column("number", BigInteger, Identity(always=True), nullable=False),  # their order
    Column("kind", Text, nullable=False),  # photo, audio, video, file
    Column("name", Text, nullable=False, server_default=""),
    Column("media_type", Text, nullable=False, server_default=""),  # as its content shows
    Column("size", Integer, nullable=False, server_default="0"),
    Column("state", Text, nullable=False),  # wanted, kept, refused
    Column("why", Text, nullable=False, server_default=""),  # it was refused
    Column("source", JSONB),  # where the channel keeps it, while we do not
    when("at", required=True),
    Index("attachments_by_message", "message_id", "number"),
    Index("attachments_by_conversation", "conversation_id"),
    Index("attachments_to_fetch", "number", postgresql_where=text("state = 'wanted'")),
)

message_edits = Table(  # what a message said before its customer changed it
    "message_edits",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("message_id", ForeignKey("messages.id", ondelete="CASCADE"), nullable=False),
    Column("text", Text, nullable=False),
    when("at", required=True),
    Index("message_edits_by_message", "message_id", "id"),
)

saved_replies = Table(  # what agents say often, kept by supervisors
    "saved_replies",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("title", Text, nullable=False, unique=True),
    Column("text", Text, nullable=False),
    Column("changed_by", Text, ForeignKey("users.id"), nullable=False),
    when("changed_at", required=True),
)

notes = Table(
    "notes",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    conversation(),
    Column("user_id", Text, ForeignKey("users.id"), nullable=False),
    Column("text", Text, nullable=False),
    when("at", required=True),
    Index("notes_by_conversation", "conversation_id", "id"),
)
