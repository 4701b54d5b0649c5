"""What hits many customers at once, what is critical, and who is paged."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    text,
)

from store.tables.base import metadata, when

contingencies = Table(  # what hits many customers at once, until its horizon
    "contingencies",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("kind", Text, nullable=False),  # of the playbook's contingencies.yml
    Column("text", Text, nullable=False),
    Column("doing", Text, nullable=False),
    Column("challenges", ARRAY(Text), nullable=False, server_default="{}"),
    Column("couriers", ARRAY(Text), nullable=False, server_default="{}"),
    Column("regions", ARRAY(Text), nullable=False, server_default="{}"),
    Column("products", ARRAY(Text), nullable=False, server_default="{}"),
    when("starts_at", required=True),
    when("ends_at", required=True),
    when("off_at"),  # before its horizon
    CheckConstraint("starts_at < ends_at", name="it_ends_after_it_starts"),
    Index("contingencies_by_end", "ends_at"),
)

contingency_log = Table(  # who switched what, when
    "contingency_log",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("contingency_id", ForeignKey("contingencies.id"), nullable=False),
    Column("what", Text, nullable=False),  # on, changed, off
    Column("by", Text, nullable=False),
    Column("details", Text, nullable=False, server_default=""),
    when("at", required=True),
    Index("contingency_log_by_contingency", "contingency_id", "id"),
)

duties_done = Table(  # the ticks of a procedure's checklist
    "duties_done",
    metadata,
    Column("handoff_id", ForeignKey("handoffs.id", ondelete="CASCADE"), primary_key=True),
    Column("procedure", Text, primary_key=True),
    Column("duty", Text, primary_key=True),
    Column("user_id", Text, ForeignKey("users.id"), nullable=False),
    when("at", required=True),
)

alerts = Table(  # what a person must know at once
    "alerts",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("kind", Text, nullable=False),  # handoff, critical, engine_down, low_rating
    Column("procedure", Text, nullable=False, server_default=""),  # of a critical one: the playbook's procedure
    Column("conversation_id", Text),
    Column("text", Text, nullable=False),
    when("at", required=True),
    Column("acknowledged_by", Text, ForeignKey("users.id")),
    when("acknowledged_at"),
    Index("alerts_open", "id", postgresql_where=text("acknowledged_at is null")),
    Index("alerts_by_procedure", "procedure", "id", postgresql_where=text("procedure <> ''")),
)

pages = Table(  # critical alerts that page people until somebody acknowledges
    "pages",
    metadata,
    Column("alert_id", ForeignKey("alerts.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, nullable=False, server_default="0"),  # how often it went out
    Column("reached", Integer, nullable=False, server_default="1"),  # how many of the procedure's names it goes to
    when("next_at"),  # when it goes out next; null: somebody has acknowledged
    Index("pages_to_send", "next_at", postgresql_where=text("next_at is not null")),
)

page_sends = Table(  # what was sent to whom, and what went wrong
    "page_sends",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("alert_id", ForeignKey("pages.alert_id", ondelete="CASCADE"), nullable=False),
    Column("recipient", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("problem", Text, nullable=False, server_default=""),
    when("at", required=True),
    Index("page_sends_by_alert", "alert_id", "id"),
)
