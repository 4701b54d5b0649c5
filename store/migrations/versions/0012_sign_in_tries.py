"""Tries to sign in, counted by all desks together.

Revision ID: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign_in_tries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema="redress",
    )
    op.create_index("sign_in_tries_by_key", "sign_in_tries", ["key", "at"], schema="redress")
    op.create_index("sign_in_tries_by_time", "sign_in_tries", ["at"], schema="redress")


def downgrade() -> None:
    op.drop_table("sign_in_tries", schema="redress")
