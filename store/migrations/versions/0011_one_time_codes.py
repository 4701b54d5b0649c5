"""One-time codes, with which a stranger proves who they are.

Revision ID: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "one_time_codes",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column(
            "conversation_id", sa.Text, sa.ForeignKey("redress.conversations.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("address_key", sa.Text, nullable=False),
        sa.Column("asked_in", sa.Text, nullable=False),
        sa.Column("customer_id", sa.Text),
        sa.Column("salt", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("sent_at", WHEN, nullable=False),
        sa.Column("expires_at", WHEN, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        sa.Column("tried_in", sa.Text),
        sa.Column("used_in", sa.Text),
        sa.UniqueConstraint("conversation_id", "asked_in", name="a_message_asks_once"),
        schema="redress",
    )
    op.create_index("one_time_codes_by_address", "one_time_codes", ["address_key", "sent_at"], schema="redress")
    op.create_index("one_time_codes_by_time", "one_time_codes", ["sent_at"], schema="redress")


def downgrade() -> None:
    op.drop_table("one_time_codes", schema="redress")
