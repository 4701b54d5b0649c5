"""How messages come and go, and who is who there."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
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

from store.tables.base import conversation, metadata, when

deliveries = Table(  # how far a message has come on its way to a channel that we bring it to
    "deliveries",
    metadata,
    Column("message_id", ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
    conversation(),
    Column("parts_sent", Integer, nullable=False, server_default="0"),
    Column("channel_ids", ARRAY(Text), nullable=False, server_default="{}"),  # the channel's own ids of the parts
    when("in_flight_since"),  # a part is being sent: found set at a start, it may have arrived
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("repeated", Integer, nullable=False, server_default="0"),  # how often, perhaps: nobody can know
    Column("buttons_open", Boolean, nullable=False, server_default=text("false")),
    Column("failed", Text),  # why the channel will never take it
    Index("deliveries_by_conversation", "conversation_id"),
)

leases = Table(  # what one process does at a time; `turn` counts its holders, so that an earlier one can be refused
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("turn", BigInteger, nullable=False),
)

first_accounts = Table(  # whose messages carry the channel's bare ids: such ids are counted for each account of ours
    "first_accounts",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("account", Text, nullable=False),
)

wait_lines = Table(  # how a wait stands, where a channel shows it as one of its own messages
    "wait_lines",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("channel_id", Text, nullable=False),  # the channel's own id of it; empty, it could not be told
    Column("text", Text, nullable=False),
    when("at", required=True),
)

identities = Table(  # which customer a user of a channel has proved to be
    "identities",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("channel", Text, nullable=False),
    Column("channel_user", Text, nullable=False),
    Column("customer_id", Text, nullable=False),
    Column("how", Text, nullable=False),  # deep_link, email_code
    when("verified_at", required=True),
    when("unlinked_at"),
    Index(
        "one_identity_at_a_time",
        "channel",
        "channel_user",
        unique=True,
        postgresql_where=text("unlinked_at is null"),
    ),
    Index("identities_by_customer", "customer_id"),
)

used_tokens = Table(  # tokens that may be used once, until they would have expired anyway
    "used_tokens",
    metadata,
    Column("key", Text, primary_key=True),  # a hash of the token
    Column("channel_user", Text, nullable=False),
    when("at", required=True),
    when("expires_at", required=True),
    Index("used_tokens_by_expiry", "expires_at"),
)

one_time_codes = Table(  # codes to prove who one is, for a day; for an address that is nobody's, one that nobody gets
    "one_time_codes",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    conversation(),
    Column("address_key", Text, nullable=False),  # keyed hashes of the address and of the code
    Column("asked_in", Text, nullable=False),  # the channel's id of the message that gave the address
    Column("customer_id", Text),
    Column("salt", Text, nullable=False),
    Column("key", Text, nullable=False),
    when("sent_at", required=True),
    when("expires_at", required=True),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("tried_in", Text),  # a name of the last try
    Column("used_in", Text),  # and of the one that had it right
    UniqueConstraint("conversation_id", "asked_in", name="a_message_asks_once"),
    Index("one_time_codes_by_address", "address_key", "sent_at"),
    Index("one_time_codes_by_time", "sent_at"),
)
