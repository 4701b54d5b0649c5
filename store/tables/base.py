"""What all tables of ours are made with."""

from sqlalchemy import Column, DateTime, ForeignKey, MetaData

SCHEMA = "redress"
metadata = MetaData(schema=SCHEMA)


def when(name: str, *, required: bool = False) -> Column[object]:
    """A moment, with its time zone."""
    return Column(name, DateTime(timezone=True), nullable=not required)


def conversation() -> Column[str]:
    """Of which conversation a row is; it goes with it."""
    return Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False)
