"""The tables of the demo company's CRM, in the PostgreSQL schema `crm`.

Money is whole pence. `key` columns are idempotency keys: the same one twice is one row. The other keys
(`email_key`, `phone_key`) are how an address or a number is looked up; `crm_adapter.keys` makes them.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

SCHEMA = "crm"
metadata = MetaData(schema=SCHEMA)


def _id(start: int = 1) -> Column[int]:
    return Column("id", BigInteger, Identity(start=start), primary_key=True)


def _when(name: str, *, required: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=not required)


def _words(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="")


def _customer(*, required: bool = True) -> Column[str]:
    return Column("customer_id", Text, ForeignKey("customers.id", ondelete="CASCADE"), nullable=not required)


def _order(*, required: bool = False) -> Column[str]:
    return Column("order_id", Text, ForeignKey("orders.id", ondelete="CASCADE"), nullable=not required)


def _case() -> Column[int]:
    return Column("case_id", BigInteger, ForeignKey("cases.id", ondelete="CASCADE"), nullable=False)


customers = Table(
    "customers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("email_key", Text, nullable=False, unique=True),
    Column("phone", Text, nullable=False),
    Column("phone_key", Text, nullable=False),  # not unique: a household may share one
    Column("tier", Text, nullable=False),  # standard, silver, gold
    _words("region"),
    Column("vulnerable", Boolean, nullable=False, server_default=text("false")),
    _words("vulnerability_note"),  # what support is needed, never why
    CheckConstraint("tier in ('standard', 'silver', 'gold')", name="tier_is_known"),
    Index("customers_by_phone", "phone_key"),
)

channel_links = Table(
    "channel_links",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("channel_user", Text, primary_key=True),
    _customer(),
    Index("channel_links_by_customer", "customer_id"),
)

orders = Table(
    "orders",
    metadata,
    Column("id", Text, primary_key=True),
    _customer(),
    Column("kind", Text, nullable=False),  # goods, service, plan, booking
    _when("placed_at", required=True),
    Column("pence", Integer, nullable=False),
    _words("courier"),
    _words("region"),
    Column("promised_for", Date),
    CheckConstraint("pence >= 0", name="order_costs_no_less_than_nothing"),
    Index("orders_by_customer", "customer_id", text("placed_at desc"), text("id desc")),
)

order_items = Table(
    "order_items",
    metadata,
    _id(),
    _order(required=True),
    Column("sku", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("pence", Integer, nullable=False),
    CheckConstraint("quantity > 0", name="an_item_is_at_least_one"),
    Index("order_items_by_order", "order_id", "id"),
)

order_events = Table(
    "order_events",
    metadata,
    _id(),
    _order(required=True),
    Column("kind", Text, nullable=False),
    _when("at", required=True),
    _words("cause"),
    _words("detail"),
    Index("order_events_by_order", "order_id", "at", "id"),
)

interactions = Table(
    "interactions",
    metadata,
    _id(),
    Column("key", Text, unique=True),
    _customer(),
    _when("at", required=True),
    Column("channel", Text, nullable=False),  # phone, email, web, telegram, store
    Column("summary", Text, nullable=False),
    _order(),
    Column("challenge", Text),
    Column("satisfaction", SmallInteger),
    CheckConstraint("satisfaction between 1 and 5", name="satisfaction_is_one_to_five"),
    Index("interactions_by_customer", "customer_id", text("at desc"), text("id desc")),
    Index("interactions_by_order", "order_id"),
)

cases = Table(
    "cases",
    metadata,
    _id(start=101),
    Column("key", Text, unique=True),
    _customer(required=False),  # a stranger's case has none yet
    Column("conversation_id", Text),
    _order(),
    Column("challenge", Text, nullable=False),
    Column("severity", SmallInteger, nullable=False),  # 1 minor … 4 critical
    Column("status", Text, nullable=False),
    _when("opened_at", required=True),
    _when("closed_at"),
    _words("outcome"),
    _words("root_cause"),
    _words("courier"),
    Column("failed", Boolean, nullable=False, server_default=text("false")),  # the recovery did not hold
    CheckConstraint("severity between 1 and 4", name="severity_is_one_to_four"),
    CheckConstraint("status in ('open', 'escalated', 'resolved', 'closed')", name="status_is_known"),
    CheckConstraint("(status = 'closed') = (closed_at is not null)", name="closed_cases_say_when"),
    Index("cases_by_customer", "customer_id", text("opened_at desc"), text("id desc")),
    Index("cases_by_order", "order_id"),
)

case_notes = Table(
    "case_notes",
    metadata,
    _id(),
    _case(),
    Column("key", Text, nullable=False),
    _when("at", required=True),
    Column("by", Text, nullable=False),
    Column("text", Text, nullable=False),
    UniqueConstraint("case_id", "key", name="a_note_is_written_once"),
    Index("case_notes_by_case", "case_id", "at", "id"),
)

compensations = Table(
    "compensations",
    metadata,
    _id(),
    Column("key", Text, nullable=False, unique=True),
    _customer(),
    _case(),
    _order(),
    Column("remedy", Text, nullable=False),
    Column("pence", Integer, nullable=False),
    _when("granted_at", required=True),
    Column("granted_by", Text, nullable=False),
    Column("role", Text, nullable=False),  # bot, agent, senior, supervisor
    Column("rule", Text, nullable=False),
    _when("revoked_at"),  # taken back
    CheckConstraint("pence >= 0", name="compensation_takes_nothing"),
    Index("compensations_by_customer", "customer_id", text("granted_at desc"), text("id desc")),
    Index("compensations_by_case", "case_id"),
    Index("compensations_by_order", "order_id"),
)

follow_ups = Table(
    "follow_ups",
    metadata,
    _id(),
    Column("key", Text, nullable=False, unique=True),
    _case(),
    Column("conversation_id", Text, nullable=False),
    Column("kind", Text, nullable=False),  # check_back, survey
    _when("due_at", required=True),
    _when("done_at"),
    Index("follow_ups_by_case", "case_id"),
    Index("follow_ups_to_do", "due_at", "id", postgresql_where=text("done_at is null")),
)

incidents = Table(
    "incidents",
    metadata,
    _id(),
    Column("kind", Text, nullable=False),
    _words("cause"),
    _words("courier"),  # empty: every courier
    _words("region"),  # empty: everywhere
    _when("started_at", required=True),
    Column("expected_until", Date),
    _when("ended_at"),
    Column("text", Text, nullable=False),
    Index("incidents_running", "started_at", postgresql_where=text("ended_at is null")),
)
