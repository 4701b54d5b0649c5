"""Messages to review, corrections by agents, and daily counts of what was heard.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Whatever deletes a conversation or a message, the text that came from nowhere else goes with it.
UNSAID = """
create function redress.review_item_unsaid() returns trigger language plpgsql as $$
begin
    delete from redress.review_items i
    where i.id = old.item_id and not exists (select from redress.review_sources s where s.item_id = i.id);
    return null;
end $$;
create trigger review_item_unsaid after delete on redress.review_sources
for each row execute function redress.review_item_unsaid();
"""


def upgrade() -> None:
    op.add_column(
        "nlu_results",
        sa.Column("noted", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        schema="redress",
    )
    not_noted = sa.text("not noted")
    op.create_index("nlu_results_to_note", "nlu_results", ["message_id"], schema="redress", postgresql_where=not_noted)
    _review_items()
    _review_sources()
    _corrections()
    op.create_table(
        "heard_daily",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "kind", "name", "model"),
        schema="redress",
    )
    op.execute(UNSAID)


def _review_items() -> None:
    op.create_table(
        "review_items",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("text_key", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=False),
        sa.Column("heard", postgresql.JSONB(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("why", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("challenges", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("by_person", sa.Boolean(), nullable=False),
        sa.Column("times", sa.Integer(), server_default="1", nullable=False),
        sa.Column("status", sa.Text(), server_default="open", nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("labels", postgresql.JSONB(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status in ('open', 'accepted', 'rejected', 'skipped')", name="status_is_known"),
        sa.CheckConstraint("(status = 'accepted') = (labels is not null)", name="the_accepted_are_labelled"),
        sa.ForeignKeyConstraint(["decided_by"], ["redress.users.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("text_key"),
        schema="redress",
    )
    doubtful = sa.text("status = 'open' and not by_person")
    op.create_index("review_items_by_status", "review_items", ["status", "by_person", "id"], schema="redress")
    op.create_index("review_items_doubtful", "review_items", ["at"], schema="redress", postgresql_where=doubtful)


def _review_sources() -> None:
    op.create_table(
        "review_sources",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["redress.review_items.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["conversation_id"], ["redress.conversations.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["message_id"], ["redress.messages.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("item_id", "message_id", name="a_message_is_a_source_once"),
        schema="redress",
    )
    op.create_index("review_sources_by_conversation", "review_sources", ["conversation_id"], schema="redress")
    op.create_index("review_sources_by_message", "review_sources", ["message_id"], schema="redress")


def _corrections() -> None:
    op.create_table(
        "corrections",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("right", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["redress.conversations.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["message_id"], ["redress.messages.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["redress.users.id"]),
        sa.PrimaryKeyConstraint("id"),
        schema="redress",
    )
    op.create_index("corrections_by_conversation", "corrections", ["conversation_id", "id"], schema="redress")
    op.create_index("corrections_by_message", "corrections", ["message_id"], schema="redress")
    op.create_index("corrections_by_time", "corrections", ["at"], schema="redress")


def downgrade() -> None:
    op.execute("drop trigger review_item_unsaid on redress.review_sources")
    op.execute("drop function redress.review_item_unsaid()")
    for table in ("heard_daily", "corrections", "review_sources", "review_items"):
        op.drop_table(table, schema="redress")
    op.drop_index("nlu_results_to_note", "nlu_results", schema="redress")
    op.drop_column("nlu_results", "noted", schema="redress")
