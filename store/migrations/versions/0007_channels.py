"""Channels that we bring messages to: deliveries, identities, message edits.

Revision ID: 0007
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_index(
        "conversations_by_channel_user", "conversations", ["channel", "channel_user", "opened_at"], schema="redress"
    )
    _edits()
    _deliveries()
    _identities()
    op.create_table(
        "used_tokens",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("channel_user", sa.Text, nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("expires_at", WHEN, nullable=False),
        schema="redress",
    )
    op.create_index("used_tokens_by_expiry", "used_tokens", ["expires_at"], schema="redress")


def _edits() -> None:
    op.create_table(
        "message_edits",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("message_id", sa.Text, sa.ForeignKey("redress.messages.id", ondelete="CASCADE"), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", WHEN, nullable=False),
        schema="redress",
    )
    op.create_index("message_edits_by_message", "message_edits", ["message_id", "id"], schema="redress")


def _deliveries() -> None:
    no = sa.text("false")
    op.create_table(
        "deliveries",
        sa.Column("message_id", sa.Text, sa.ForeignKey("redress.messages.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("conversation_id", sa.Text, sa.ForeignKey("redress.conversations.id", ondelete="CASCADE"), nullable=False),
        sa.Column("parts_sent", sa.Integer, nullable=False, server_default="0"),
        sa.Column("channel_ids", ARRAY(sa.Text), nullable=False, server_default="{}"),
        sa.Column("in_flight_since", WHEN),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("repeated", sa.Boolean, nullable=False, server_default=no),
        sa.Column("buttons_open", sa.Boolean, nullable=False, server_default=no),
        sa.Column("failed", sa.Text),
        schema="redress",
    )
    op.create_index("deliveries_by_conversation", "deliveries", ["conversation_id"], schema="redress")


def _identities() -> None:
    op.create_table(
        "identities",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("channel_user", sa.Text, nullable=False),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("how", sa.Text, nullable=False),
        sa.Column("verified_at", WHEN, nullable=False),
        sa.Column("unlinked_at", WHEN),
        schema="redress",
    )
    op.create_index(
        "one_identity_at_a_time",
        "identities",
        ["channel", "channel_user"],
        unique=True,
        schema="redress",
        postgresql_where=sa.text("unlinked_at is null"),
    )
    op.create_index("identities_by_customer", "identities", ["customer_id"], schema="redress")


def downgrade() -> None:
    for table in ("used_tokens", "identities", "deliveries", "message_edits"):
        op.drop_table(table, schema="redress")
    op.drop_index("conversations_by_channel_user", "conversations", schema="redress")
