"""Who waits is offered a call once in a wait.

Revision ID: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("handoffs", sa.Column("call_offered_at", sa.DateTime(timezone=True)), schema="redress")


def downgrade() -> None:
    op.drop_column("handoffs", "call_offered_at", schema="redress")
