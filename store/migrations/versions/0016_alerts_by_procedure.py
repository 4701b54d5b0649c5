"""The latest alert of a procedure is found at once.

Revision ID: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "alerts_by_procedure",
        "alerts",
        ["procedure", "id"],
        schema="redress",
        postgresql_where=sa.text("procedure <> ''"),
    )


def downgrade() -> None:
    op.drop_index("alerts_by_procedure", table_name="alerts", schema="redress")
