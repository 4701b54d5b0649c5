"""A critical alert names the procedure that it begins.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    procedure = sa.Column("procedure", sa.Text, nullable=False, server_default="")
    op.add_column("alerts", procedure, schema="redress")


def downgrade() -> None:
    op.drop_column("alerts", "procedure", schema="redress")
