"""A page belongs to the alert that it calls people for; indexes for today's numbers.

Revision ID: 0010
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_PAGED = sa.text("next_at is not null")


def _when(name: str, *, required: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not required)


def upgrade() -> None:
    op.drop_table("page_sends", schema="redress")
    op.drop_table("pages", schema="redress")
    op.create_table(
        "pages",
        sa.Column("alert_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reached", sa.Integer(), server_default="1", nullable=False),
        _when("next_at"),
        sa.ForeignKeyConstraint(["alert_id"], ["redress.alerts.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("alert_id"),
        schema="redress",
    )
    op.create_index("pages_to_send", "pages", ["next_at"], schema="redress", postgresql_where=_PAGED)
    op.create_table(
        "page_sends",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("alert_id", sa.BigInteger(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), server_default="", nullable=False),
        _when("at", required=True),
        sa.ForeignKeyConstraint(["alert_id"], ["redress.pages.alert_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        schema="redress",
    )
    op.create_index("page_sends_by_alert", "page_sends", ["alert_id", "id"], schema="redress")
    op.create_index("clocks_by_start", "clocks", ["started_at"], schema="redress")
    op.create_index("offers_by_time", "offers", ["offered_at"], schema="redress")
    # What ended before there were clocks needs none.
    op.execute("update redress.handoffs set clocked_seq = 0 where ended_at is not null and clocked_seq < 0")
    unseen = sa.text("clocked_seq < 0")
    op.create_index("handoffs_to_clock", "handoffs", ["id"], schema="redress", postgresql_where=unseen)


def downgrade() -> None:
    op.drop_index("handoffs_to_clock", table_name="handoffs", schema="redress")
    op.drop_index("offers_by_time", table_name="offers", schema="redress")
    op.drop_index("clocks_by_start", table_name="clocks", schema="redress")
    op.drop_table("page_sends", schema="redress")
    op.drop_table("pages", schema="redress")
    op.create_table(
        "pages",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("handoff_id", sa.BigInteger(), nullable=False),
        sa.Column("situation", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("checklist", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("reached", sa.Integer(), server_default="1", nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.Text(), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["acknowledged_by"],
            ["redress.users.id"],
        ),
        sa.ForeignKeyConstraint(["conversation_id"], ["redress.conversations.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["handoff_id"], ["redress.handoffs.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("handoff_id"),
        schema="redress",
    )
    op.create_index("pages_by_conversation", "pages", ["conversation_id", "id"], unique=False, schema="redress")
    op.create_index(
        "pages_to_send",
        "pages",
        ["next_at"],
        unique=False,
        schema="redress",
        postgresql_where=sa.text("next_at is not null"),
    )
    op.create_table(
        "page_sends",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("page_id", sa.BigInteger(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("sent", sa.Boolean(), nullable=False),
        sa.Column("problem", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["redress.pages.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        schema="redress",
    )
    op.create_index("page_sends_by_page", "page_sends", ["page_id", "id"], unique=False, schema="redress")
