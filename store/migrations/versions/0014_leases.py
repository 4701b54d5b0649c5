"""Whose turn it is to do what one process does at a time, so that an earlier holder of the lease can be refused.

Revision ID: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("turn", sa.BigInteger, nullable=False),
        schema="redress",
    )


def downgrade() -> None:
    op.drop_table("leases", schema="redress")
