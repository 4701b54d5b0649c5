"""Saved replies."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from casework.errors import Conflict, NotFound
from casework.ports import SavedReply
from store.database import Database
from store.tables import saved_replies


class SqlSavedReplies:
    """Implements casework.saved_replies.SavedReplyBook."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> Sequence[SavedReply]:
        wanted = select(saved_replies).order_by(saved_replies.c.title)
        async with self._database.single() as connection:
            return [SavedReply(row.id, row.title, row.text) for row in await connection.execute(wanted)]

    async def save(self, title: str, text: str, user_id: str, at: datetime, reply_id: int | None) -> None:
        values = {"title": title, "text": text, "changed_by": user_id, "changed_at": at}
        try:
            async with self._database.begin() as connection:
                if reply_id is None:
                    await connection.execute(insert(saved_replies).values(**values))
                    return
                mine = update(saved_replies).where(saved_replies.c.id == reply_id)
                if (await connection.execute(mine.values(**values))).rowcount == 0:
                    raise NotFound("This saved reply is not there any more.")
        except IntegrityError as error:
            raise Conflict(f"There is a saved reply called “{title}” already.") from error

    async def remove(self, reply_id: int) -> None:
        async with self._database.single() as connection:
            await connection.execute(delete(saved_replies).where(saved_replies.c.id == reply_id))
