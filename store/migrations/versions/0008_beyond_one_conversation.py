"""What holds beyond one conversation: budgets, contingencies, kinds of survey; and the ticks of a checklist.

Revision ID: 0008
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

RATED = (
    "(kind = 'csat' and rating between 1 and 5) or (kind = 'ces' and rating between 1 and 7) "
    "or (kind = 'nps' and rating between 0 and 10)"
)


def upgrade() -> None:
    op.create_table(
        "budget_balances",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("spent", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
        schema="redress",
    )
    op.create_table(
        "budget_draws",
        sa.Column("grant_key", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("pence", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("grant_key", "key"),
        schema="redress",
    )
    op.create_index("budget_draws_by_message", "budget_draws", ["message_id"], schema="redress")
    op.create_table(
        "contingencies",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("doing", sa.Text(), nullable=False),
        sa.Column("challenges", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("couriers", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("regions", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("products", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("off_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("starts_at < ends_at", name="it_ends_after_it_starts"),
        sa.PrimaryKeyConstraint("id"),
        schema="redress",
    )
    op.create_index("contingencies_by_end", "contingencies", ["ends_at"], schema="redress")
    op.create_table(
        "contingency_log",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("contingency_id", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contingency_id"], ["redress.contingencies.id"]),
        sa.PrimaryKeyConstraint("id"),
        schema="redress",
    )
    op.create_index("contingency_log_by_contingency", "contingency_log", ["contingency_id", "id"], schema="redress")
    op.create_table(
        "duties_done",
        sa.Column("handoff_id", sa.BigInteger(), nullable=False),
        sa.Column("procedure", sa.Text(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["handoff_id"], ["redress.handoffs.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["redress.users.id"]),
        sa.PrimaryKeyConstraint("handoff_id", "procedure", "duty"),
        schema="redress",
    )
    kind = sa.Column("kind", sa.Text(), server_default="csat", nullable=False)
    op.add_column("surveys", kind, schema="redress")
    op.drop_constraint("rating_is_one_to_five", "surveys", schema="redress")
    op.create_check_constraint("rating_is_on_its_scale", "surveys", RATED, schema="redress")
    op.create_index(
        "conversations_by_customer",
        "conversations",
        ["customer_id"],
        schema="redress",
        postgresql_where=sa.text("customer_id is not null"),
    )


def downgrade() -> None:
    op.drop_index("conversations_by_customer", "conversations", schema="redress")
    op.drop_constraint("rating_is_on_its_scale", "surveys", schema="redress")
    op.execute("delete from redress.surveys where kind <> 'csat'")
    op.create_check_constraint("rating_is_one_to_five", "surveys", "rating between 1 and 5", schema="redress")
    op.drop_column("surveys", "kind", schema="redress")
    for name in ("duties_done", "contingency_log", "contingencies", "budget_draws", "budget_balances"):
        op.drop_table(name, schema="redress")
