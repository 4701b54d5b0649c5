"""The lines that say in a channel how a wait stands."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects.postgresql import insert

from casework.ports import Owner, WaitLine
from store.database import Database
from store.tables import conversations, wait_lines

_WAITS = (conversations.c.owner == Owner.QUEUE) & conversations.c.closed_at.is_(None)


class SqlWaitLines:
    """Implements casework.ports.WaitLines."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def waiting(self, channel: str) -> Sequence[str]:
        of_channel = conversations.c.channel == channel
        queued = select(conversations.c.id).where(of_channel, _WAITS)
        told = select(conversations.c.id).join(wait_lines).where(of_channel)
        async with self._database.single() as connection:
            return (await connection.execute(queued.union(told))).scalars().all()

    async def of(self, channel: str, conversation_id: str) -> WaitLine | None:
        wanted = (
            select(conversations.c.channel_user, wait_lines.c.channel_id, wait_lines.c.text)
            .outerjoin(wait_lines)
            .where(conversations.c.id == conversation_id, conversations.c.channel == channel)
            .where(or_(_WAITS, wait_lines.c.conversation_id.is_not(None)))
        )
        async with self._database.single() as connection:
            row = (await connection.execute(wanted)).first()
        return WaitLine(conversation_id, row.channel_user, row.channel_id or "", row.text or "") if row else None

    async def keep(self, conversation_id: str, channel_id: str, text: str, at: datetime) -> None:
        new = insert(wait_lines).values(conversation_id=conversation_id, channel_id=channel_id, text=text, at=at)
        values = {"channel_id": channel_id, "text": text, "at": at}
        async with self._database.single() as connection:
            await connection.execute(new.on_conflict_do_update(index_elements=["conversation_id"], set_=values))

    async def drop(self, conversation_id: str) -> None:
        async with self._database.single() as connection:
            await connection.execute(delete(wait_lines).where(wait_lines.c.conversation_id == conversation_id))
