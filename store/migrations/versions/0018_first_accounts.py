"""Which account of ours was the first on a channel: what is stored is its, and the ids of any other are told apart.

Revision ID: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "first_accounts",
        sa.Column("channel", sa.Text, primary_key=True),
        sa.Column("account", sa.Text, nullable=False),
        schema="redress",
    )


def downgrade() -> None:
    op.drop_table("first_accounts", schema="redress")
