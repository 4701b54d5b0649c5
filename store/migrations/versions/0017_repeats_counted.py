"""How often a send may have come twice, and not only whether.

Revision ID: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _become(sa.Integer(), "repeated::int", "0")


def downgrade() -> None:
    _become(sa.Boolean(), "repeated > 0", "false")


def _become(kind: sa.Integer | sa.Boolean, using: str, default: str) -> None:
    """A default of the old type cannot be converted: it is dropped first."""
    op.alter_column("deliveries", "repeated", server_default=None, schema="redress")
    op.alter_column("deliveries", "repeated", type_=kind, postgresql_using=using, schema="redress")
    op.alter_column("deliveries", "repeated", server_default=sa.text(default), schema="redress")
