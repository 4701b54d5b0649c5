"""The first tables: our own records (schema `redress`) and the demo company's CRM (schema `crm`).

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("create schema if not exists redress")
    op.execute("create schema if not exists crm")
    op.create_table(
        "customers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_key", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("phone_key", sa.Text(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), server_default="", nullable=False),
        sa.Column("vulnerable", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("vulnerability_note", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("tier in ('standard', 'silver', 'gold')", name="tier_is_known"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("email_key"),
        schema="crm",
    )
    op.create_index("customers_by_phone", "customers", ["phone_key"], schema="crm")
    op.create_table(
        "incidents",
        sa.Column("id", sa.BigInteger(), sa.Identity(start=1), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), server_default="", nullable=False),
        sa.Column("courier", sa.Text(), server_default="", nullable=False),
        sa.Column("region", sa.Text(), server_default="", nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expected_until", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema="crm",
    )
    op.create_index(
        "incidents_running",
        "incidents",
        ["started_at"],
        schema="crm",
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_table(
        "channel_links",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("channel_user", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["crm.customers.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("channel", "channel_user"),
        schema="crm",
    )
    op.create_index("channel_links_by_customer", "channel_links", ["customer_id"], schema="crm")
    op.create_table(
        "orders",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pence", sa.Integer(), nullable=False),
        sa.Column("courier", sa.Text(), server_default="", nullable=False),
        sa.Column("region", sa.Text(), server_default="", nullable=False),
        sa.Column("promised_for", sa.Date(), nullable=True),
        sa.CheckConstraint("pence >= 0", name="order_costs_no_less_than_nothing"),
        sa.ForeignKeyConstraint(["customer_id"], ["crm.customers.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        schema="crm",
    )
    op.create_index(
        "orders_by_customer",
        "orders",
        ["customer_id", sa.text("placed_at desc"), sa.text("id desc")],
        schema="crm",
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.BigInteger(), sa.Identity(start=101), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("customer_id", sa.Text(), nullable=True),
        sa.Column("conversation_id", sa.Text(), nullable=True),
        sa.Column("order_id", sa.Text(), nullable=True),
        sa.Column("challenge", sa.Text(), nullable=False),
        sa.Column("severity", sa.SmallInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("root_cause", sa.Text(), server_default="", nullable=False),
        sa.Column("courier", sa.Text(), server_default="", nullable=False),
        sa.Column("failed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("(status = 'closed') = (closed_at is not null)", name="closed_cases_say_when"),
        sa.CheckConstraint("status in ('open', 'escalated', 'resolved', 'closed')", name="status_is_known"),
        sa.CheckConstraint("severity between 1 and 4", name="severity_is_one_to_four"),
        sa.ForeignKeyConstraint(["customer_id"], ["crm.customers.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["order_id"], ["crm.orders.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
        schema="crm",
    )
    op.create_index(
        "cases_by_customer",
        "cases",
        ["customer_id", sa.text("opened_at desc"), sa.text("id desc")],
        schema="crm",
    )
    op.create_index("cases_by_order", "cases", ["order_id"], schema="crm")
    op.create_table(
        "interactions",
        sa.Column("id", sa.BigInteger(), sa.Identity(start=1), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=True),
        sa.Column("challenge", sa.Text(), nullable=True),
        sa.Column("satisfaction", sa.SmallInteger(), nullable=True),
        sa.CheckConstraint("satisfaction between 1 and 5", name="satisfaction_is_one_to_five"),
        sa.ForeignKeyConstraint(["customer_id"], ["crm.customers.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["order_id"], ["crm.orders.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
        schema="crm",
    )
    op.create_index(
        "interactions_by_customer",
        "interactions",
        ["customer_id", sa.text("at desc"), sa.text("id desc")],
        schema="crm",
    )
    op.create_index("interactions_by_order", "interactions", ["order_id"], schema="crm")
    op.create_table(
        "order_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(start=1), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cause", sa.Text(), server_default="", nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["crm.orders.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        schema="crm",
    )
    op.create_index("order_events_by_order", "order_events", ["order_id", "at", "id"], schema="crm")
    op.create_table(
        "order_items",
        sa.Column("id", sa.BigInteger(), sa.Identity(start=1), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("pence", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name="an_item_is_at_least_one"),
        sa.ForeignKeyConstraint(["order_id"], ["crm.orders.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        schema="crm",
    )
    op.create_index("order_items_by_order", "order_items", ["order_id", "id"], schema="crm")
    op.create_table(
        "case_notes",
        sa.Column("id", sa.BigInteger(), sa.Identity(start=1), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["crm.cases.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("case_id", "key", name="a_note_is_written_once"),
        schema="crm",
    )
    op.create_index("case_notes_by_case", "case_notes", ["case_id", "at", "id"], schema="crm")
    op.create_table(
        "compensations",
        sa.Column("id", sa.BigInteger(), sa.Identity(start=1), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=True),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.Column("pence", sa.Integer(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.CheckConstraint("pence >= 0", name="compensation_takes_nothing"),
        sa.ForeignKeyConstraint(["case_id"], ["crm.cases.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["customer_id"], ["crm.customers.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["order_id"], ["crm.orders.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
        schema="crm",
    )
    op.create_index("compensations_by_case", "compensations", ["case_id"], schema="crm")
    op.create_index(
        "compensations_by_customer",
        "compensations",
        ["customer_id", sa.text("granted_at desc"), sa.text("id desc")],
        schema="crm",
    )
    op.create_index("compensations_by_order", "compensations", ["order_id"], schema="crm")
    op.create_table(
        "follow_ups",
        sa.Column("id", sa.BigInteger(), sa.Identity(start=1), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["crm.cases.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
        schema="crm",
    )
    op.create_index("follow_ups_by_case", "follow_ups", ["case_id"], schema="crm")
    op.create_index(
        "follow_ups_to_do",
        "follow_ups",
        ["due_at", "id"],
        schema="crm",
        postgresql_where=sa.text("done_at is null"),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("disabled", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("email"),
        schema="redress",
    )
    op.create_table(
        "alerts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_by", sa.Text(), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["acknowledged_by"], ["redress.users.id"]),
        sa.PrimaryKeyConstraint("id"),
        schema="redress",
    )
    op.create_table(
        "conversations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("channel_user", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=True),
        sa.Column("customer_name", sa.Text(), server_default="", nullable=False),
        sa.Column("owner", sa.Text(), server_default="bot", nullable=False),
        sa.Column("agent_id", sa.Text(), nullable=True),
        sa.Column("owner_version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_seq", sa.Integer(), server_default="1", nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("frustration", sa.Integer(), server_default="0", nullable=False),
        sa.Column("challenges", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("handed_over", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_message_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(owner = 'agent') = (agent_id is not null)", name="an_agent_owns_by_name"),
        sa.CheckConstraint("owner in ('bot', 'queue', 'agent')", name="owner_is_known"),
        sa.ForeignKeyConstraint(["agent_id"], ["redress.users.id"]),
        sa.PrimaryKeyConstraint("id"),
        schema="redress",
    )
    op.create_index("conversations_by_time", "conversations", ["last_message_at"], schema="redress")
    op.create_index(
        "conversations_waiting",
        "conversations",
        ["owner"],
        schema="redress",
        postgresql_where=sa.text("owner <> 'bot' and closed_at is null"),
    )
    op.create_index(
        "one_open_conversation",
        "conversations",
        ["channel", "channel_user"],
        unique=True,
        schema="redress",
        postgresql_where=sa.text("closed_at is null"),
    )
    op.create_table(
        "looks",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["redress.users.id"]),
        sa.PrimaryKeyConstraint("id"),
        schema="redress",
    )
    op.create_index("looks_by_subject", "looks", ["subject_id", "id"], schema="redress")
    op.create_table(
        "sessions",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["redress.users.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("key"),
        schema="redress",
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=True),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("rules", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("playbook_version", sa.Text(), nullable=False),
        sa.Column("inputs", postgresql.JSONB(), nullable=False),
        sa.Column("reasons", postgresql.JSONB(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["redress.conversations.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        schema="redress",
    )
    op.create_index("decisions_by_conversation", "decisions", ["conversation_id", "id"], schema="redress")
    op.create_table(
        "handoffs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("rules", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("playbook_version", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("priority_reasons", postgresql.JSONB(), nullable=False),
        sa.Column("inputs", postgresql.JSONB(), nullable=False),
        sa.Column("rationale", postgresql.JSONB(), nullable=False),
        sa.Column("packet", postgresql.JSONB(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_reply_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_how", sa.Text(), nullable=True),
        sa.Column("root_cause", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["claimed_by"], ["redress.users.id"]),
        sa.ForeignKeyConstraint(["conversation_id"], ["redress.conversations.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        schema="redress",
    )
    op.create_index(
        "one_open_handoff",
        "handoffs",
        ["conversation_id"],
        unique=True,
        schema="redress",
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("author_name", sa.Text(), server_default="", nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("buttons", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("payload", sa.Text(), nullable=True),
        sa.Column("channel_message_id", sa.Text(), nullable=True),
        sa.Column("in_reply_to", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("meta", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["redress.conversations.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("conversation_id", "channel_message_id", name="same_id_is_one_message"),
        sa.UniqueConstraint("conversation_id", "seq", name="messages_in_order"),
        schema="redress",
    )
    op.create_index(
        "messages_by_words",
        "messages",
        [sa.text("to_tsvector('english', text)")],
        schema="redress",
        postgresql_using="gin",
    )
    op.create_index(
        "messages_to_answer",
        "messages",
        ["at"],
        schema="redress",
        postgresql_where=sa.text("status = 'received'"),
    )
    op.create_index(
        "messages_to_deliver",
        "messages",
        ["at"],
        schema="redress",
        postgresql_where=sa.text("status = 'ready'"),
    )
    op.create_table(
        "notes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["redress.conversations.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["redress.users.id"]),
        sa.PrimaryKeyConstraint("id"),
        schema="redress",
    )
    op.create_table(
        "recoveries",
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", postgresql.JSONB(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["redress.conversations.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("conversation_id"),
        schema="redress",
    )
    op.create_table(
        "surveys",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("rating between 1 and 5", name="rating_is_one_to_five"),
        sa.ForeignKeyConstraint(["conversation_id"], ["redress.conversations.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id"),
        schema="redress",
    )
    op.create_table(
        "turn_outcomes",
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("outcome", postgresql.JSONB(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["redress.conversations.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("message_id"),
        schema="redress",
    )
    op.create_table(
        "nlu_results",
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("result", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["redress.messages.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("message_id"),
        schema="redress",
    )
    op.create_table(
        "recovery_steps",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["redress.conversations.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["message_id"], ["redress.messages.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("case_id", "step", "message_id", name="a_message_does_a_step_once"),
        schema="redress",
    )


def downgrade() -> None:
    # The schema redress stays: it keeps the revision's number.
    op.drop_table("recovery_steps", schema="redress")
    op.drop_table("nlu_results", schema="redress")
    op.drop_table("turn_outcomes", schema="redress")
    op.drop_table("surveys", schema="redress")
    op.drop_table("recoveries", schema="redress")
    op.drop_table("notes", schema="redress")
    op.drop_table("messages", schema="redress")
    op.drop_table("handoffs", schema="redress")
    op.drop_table("decisions", schema="redress")
    op.drop_table("sessions", schema="redress")
    op.drop_table("looks", schema="redress")
    op.drop_table("conversations", schema="redress")
    op.drop_table("alerts", schema="redress")
    op.drop_table("users", schema="redress")
    op.drop_table("follow_ups", schema="crm")
    op.drop_table("compensations", schema="crm")
    op.drop_table("case_notes", schema="crm")
    op.drop_table("order_items", schema="crm")
    op.drop_table("order_events", schema="crm")
    op.drop_table("interactions", schema="crm")
    op.drop_table("cases", schema="crm")
    op.drop_table("orders", schema="crm")
    op.drop_table("channel_links", schema="crm")
    op.drop_table("incidents", schema="crm")
    op.drop_table("customers", schema="crm")
    op.execute("drop schema crm")
