"""Indexes that the staff's pages ask by.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INDEXES = (
    ("handoffs_by_conversation", "handoffs", ["conversation_id", "id"]),
    ("handoffs_by_time", "handoffs", ["queued_at"]),
    ("notes_by_conversation", "notes", ["conversation_id", "id"]),
    ("surveys_by_conversation", "surveys", ["conversation_id"]),
    ("surveys_by_answer", "surveys", ["answered_at"]),
    ("recovery_steps_by_message", "recovery_steps", ["message_id"]),
    ("looks_by_user", "looks", ["user_id", "id"]),
)


def upgrade() -> None:
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns, schema="redress")
    unanswered = sa.text("acknowledged_at is null")
    op.create_index("alerts_open", "alerts", ["id"], schema="redress", postgresql_where=unanswered)


def downgrade() -> None:
    op.drop_index("alerts_open", "alerts", schema="redress")
    for name, table, _ in reversed(INDEXES):
        op.drop_index(name, table, schema="redress")
