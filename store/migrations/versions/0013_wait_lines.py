"""The line that says in a channel such as Telegram how a wait stands.

Revision ID: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wait_lines",
        sa.Column(
            "conversation_id",
            sa.Text,
            sa.ForeignKey("redress.conversations.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("channel_id", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        schema="redress",
    )


def downgrade() -> None:
    op.drop_table("wait_lines", schema="redress")
