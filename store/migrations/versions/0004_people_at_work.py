"""People at work: presence, offers, clocks, transitions, callbacks, approvals, pages.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "presences",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state in ('online', 'busy', 'away')", name="presence_is_known"),
        sa.ForeignKeyConstraint(["user_id"], ["redress.users.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id"),
        schema="redress",
    )
    op.create_table(
        "approvals",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("option_id", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("pence", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by"],
            ["redress.users.id"],
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"],
            ["redress.users.id"],
        ),
        sa.ForeignKeyConstraint(["conversation_id"], ["redress.conversations.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        schema="redress",
    )
    op.create_index(
        "approvals_by_conversation", "approvals", ["conversation_id", "id"], unique=False, schema="redress"
    )
    op.create_index(
        "approvals_open",
        "approvals",
        ["asked_at"],
        unique=False,
        schema="redress",
        postgresql_where=sa.text("answered_at is null"),
    )
    op.create_index(
        "one_open_approval",
        "approvals",
        ["conversation_id", "case_id", "option_id"],
        unique=True,
        schema="redress",
        postgresql_where=sa.text("answered_at is null"),
    )
    op.create_table(
        "callbacks",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("asked_seq", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Text(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["redress.conversations.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["done_by"],
            ["redress.users.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        schema="redress",
    )
    op.create_index(
        "callbacks_open",
        "callbacks",
        ["asked_at"],
        unique=False,
        schema="redress",
        postgresql_where=sa.text("done_at is null"),
    )
    op.create_index(
        "one_open_callback",
        "callbacks",
        ["conversation_id"],
        unique=True,
        schema="redress",
        postgresql_where=sa.text("done_at is null"),
    )
    op.create_table(
        "transitions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("move", sa.Text(), nullable=False),
        sa.Column("was", sa.Text(), nullable=False),
        sa.Column("became", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=True),
        sa.Column("agent_id", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"],
            ["redress.users.id"],
        ),
        sa.ForeignKeyConstraint(["conversation_id"], ["redress.conversations.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["redress.users.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        schema="redress",
    )
    op.create_index(
        "transitions_by_conversation", "transitions", ["conversation_id", "id"], unique=False, schema="redress"
    )
    op.create_table(
        "clocks",
        sa.Column("handoff_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("target_s", sa.Integer(), nullable=False),
        sa.Column("warn_after_s", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spent_us", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("running_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("warn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("missed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["handoff_id"], ["redress.handoffs.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("handoff_id", "kind", "number"),
        schema="redress",
    )
    op.create_index(
        "clocks_missed",
        "clocks",
        ["missed_at"],
        unique=False,
        schema="redress",
        postgresql_where=sa.text("missed_at is not null"),
    )
    op.create_index(
        "clocks_open",
        "clocks",
        ["handoff_id"],
        unique=False,
        schema="redress",
        postgresql_where=sa.text("stopped_at is null"),
    )
    op.create_index(
        "clocks_to_mark",
        "clocks",
        ["due_at"],
        unique=False,
        schema="redress",
        postgresql_where=sa.text("due_at is not null"),
    )
    op.create_index(
        "clocks_to_warn",
        "clocks",
        ["warn_at"],
        unique=False,
        schema="redress",
        postgresql_where=sa.text("warn_at is not null"),
    )
    op.create_table(
        "offers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("handoff_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["redress.conversations.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["handoff_id"], ["redress.handoffs.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["redress.users.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        schema="redress",
    )
    op.create_index("offers_by_handoff", "offers", ["handoff_id", "id"], unique=False, schema="redress")
    op.create_index("offers_by_user", "offers", ["user_id", "offered_at"], unique=False, schema="redress")
    op.create_index(
        "one_offer_of_a_handoff",
        "offers",
        ["handoff_id"],
        unique=True,
        schema="redress",
        postgresql_where=sa.text("answered_at is null"),
    )
    op.create_index(
        "one_offer_to_a_person",
        "offers",
        ["user_id"],
        unique=True,
        schema="redress",
        postgresql_where=sa.text("answered_at is null"),
    )
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
    op.add_column("handoffs", sa.Column("tier", sa.Text(), nullable=True), schema="redress")
    op.add_column("handoffs", sa.Column("tier_since", sa.DateTime(timezone=True), nullable=True), schema="redress")
    op.add_column("handoffs", sa.Column("score", sa.Integer(), server_default="0", nullable=False), schema="redress")
    op.add_column(
        "handoffs",
        sa.Column("score_parts", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        schema="redress",
    )
    op.add_column(
        "handoffs", sa.Column("clocked_seq", sa.Integer(), server_default="-1", nullable=False), schema="redress"
    )
    op.add_column("handoffs", sa.Column("away_told_at", sa.DateTime(timezone=True), nullable=True), schema="redress")
    op.add_column(
        "users", sa.Column("teams", sa.ARRAY(sa.Text()), server_default="{}", nullable=False), schema="redress"
    )


def downgrade() -> None:
    op.drop_column("users", "teams", schema="redress")
    op.drop_column("handoffs", "away_told_at", schema="redress")
    op.drop_column("handoffs", "clocked_seq", schema="redress")
    op.drop_column("handoffs", "score_parts", schema="redress")
    op.drop_column("handoffs", "score", schema="redress")
    op.drop_column("handoffs", "tier_since", schema="redress")
    op.drop_column("handoffs", "tier", schema="redress")
    op.drop_index("page_sends_by_page", table_name="page_sends", schema="redress")
    op.drop_table("page_sends", schema="redress")
    op.drop_index(
        "pages_to_send", table_name="pages", schema="redress", postgresql_where=sa.text("next_at is not null")
    )
    op.drop_index("pages_by_conversation", table_name="pages", schema="redress")
    op.drop_table("pages", schema="redress")
    op.drop_index(
        "one_offer_to_a_person",
        table_name="offers",
        schema="redress",
        postgresql_where=sa.text("answered_at is null"),
    )
    op.drop_index(
        "one_offer_of_a_handoff",
        table_name="offers",
        schema="redress",
        postgresql_where=sa.text("answered_at is null"),
    )
    op.drop_index("offers_by_user", table_name="offers", schema="redress")
    op.drop_index("offers_by_handoff", table_name="offers", schema="redress")
    op.drop_table("offers", schema="redress")
    op.drop_index(
        "clocks_to_warn", table_name="clocks", schema="redress", postgresql_where=sa.text("warn_at is not null")
    )
    op.drop_index(
        "clocks_to_mark", table_name="clocks", schema="redress", postgresql_where=sa.text("due_at is not null")
    )
    op.drop_index(
        "clocks_open", table_name="clocks", schema="redress", postgresql_where=sa.text("stopped_at is null")
    )
    op.drop_index(
        "clocks_missed", table_name="clocks", schema="redress", postgresql_where=sa.text("missed_at is not null")
    )
    op.drop_table("clocks", schema="redress")
    op.drop_index("transitions_by_conversation", table_name="transitions", schema="redress")
    op.drop_table("transitions", schema="redress")
    op.drop_index(
        "one_open_callback", table_name="callbacks", schema="redress", postgresql_where=sa.text("done_at is null")
    )
    op.drop_index(
        "callbacks_open", table_name="callbacks", schema="redress", postgresql_where=sa.text("done_at is null")
    )
    op.drop_table("callbacks", schema="redress")
    op.drop_index(
        "one_open_approval", table_name="approvals", schema="redress", postgresql_where=sa.text("answered_at is null")
    )
    op.drop_index(
        "approvals_open", table_name="approvals", schema="redress", postgresql_where=sa.text("answered_at is null")
    )
    op.drop_index("approvals_by_conversation", table_name="approvals", schema="redress")
    op.drop_table("approvals", schema="redress")
    op.drop_table("presences", schema="redress")
