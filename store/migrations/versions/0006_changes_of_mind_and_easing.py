"""A grant can be taken back; how a conversation felt before and after it was answered.

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

FELT = ("frustration_before", "frustration_after")


def upgrade() -> None:
    op.add_column("compensations", sa.Column("revoked_at", sa.DateTime(timezone=True)), schema="crm")
    for name in FELT:
        op.add_column("conversations", sa.Column(name, sa.Integer()), schema="redress")


def downgrade() -> None:
    for name in FELT:
        op.drop_column("conversations", name, schema="redress")
    op.drop_column("compensations", "revoked_at", schema="crm")
