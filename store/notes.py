"""Internal notes, and the log of looks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.exc import IntegrityError

from casework.errors import NotFound
from casework.ports import Note
from store.database import Database, notify
from store.tables import looks, notes, users


class SqlNotes:
    """Implements casework.ports.Notes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, conversation_id: str, user_id: str, text: str, at: datetime) -> Note:
        values = {"conversation_id": conversation_id, "user_id": user_id, "text": text, "at": at}
        new = insert(notes).values(**values).returning(notes.c.id)
        name = select(users.c.name).where(users.c.id == user_id)
        async with self._database.begin() as connection:
            try:
                note_id = (await connection.execute(new)).scalar_one()
            except IntegrityError as error:
                raise NotFound(f"There is no conversation {conversation_id}, or no such user.") from error
            user_name = (await connection.execute(name)).scalar_one()
            await connection.execute(select(notify("message", conversation_id)))
        return Note(note_id, conversation_id, user_id, user_name, text, at)

    async def of(self, conversation_id: str) -> Sequence[Note]:
        wanted = select(notes, users.c.name.label("user_name")).join(users, users.c.id == notes.c.user_id)
        mine = wanted.where(notes.c.conversation_id == conversation_id).order_by(notes.c.id)
        async with self._database.single() as connection:
            return [_note(row) for row in await connection.execute(mine)]


def _note(row: Row[Any]) -> Note:
    return Note(**row._mapping)


class SqlLooks:
    """Implements casework.ports.Looks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def log(self, user_id: str, what: str, subject_id: str, at: datetime) -> None:
        new = insert(looks).values(user_id=user_id, what=what, subject_id=subject_id, at=at)
        async with self._database.single() as connection:
            await connection.execute(new)
