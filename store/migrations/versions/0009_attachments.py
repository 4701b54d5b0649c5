"""Files of messages, and saved replies.

Revision ID: 0009
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column(
            "conversation_id", sa.Text, sa.ForeignKey("redress.conversations.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("message_id", sa.Text, sa.ForeignKey("redress.messages.id", ondelete="CASCADE"), nullable=False),
        sa.Column("number", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False, server_default=""),
        sa.Column("media_type", sa.Text, nullable=False, server_default=""),
        sa.Column("size", sa.Integer, nullable=False, server_default="0"),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False, server_default=""),
        sa.Column("source", JSONB),
        sa.Column("at", WHEN, nullable=False),
        schema="redress",
    )
    op.create_index("attachments_by_message", "attachments", ["message_id", "number"], schema="redress")
    op.create_index("attachments_by_conversation", "attachments", ["conversation_id"], schema="redress")
    wanted = sa.text("state = 'wanted'")
    op.create_index("attachments_to_fetch", "attachments", ["number"], schema="redress", postgresql_where=wanted)
    op.create_table(
        "saved_replies",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("title", sa.Text, nullable=False, unique=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("changed_by", sa.Text, sa.ForeignKey("redress.users.id"), nullable=False),
        sa.Column("changed_at", WHEN, nullable=False),
        schema="redress",
    )


def downgrade() -> None:
    op.drop_table("saved_replies", schema="redress")
    op.drop_table("attachments", schema="redress")
