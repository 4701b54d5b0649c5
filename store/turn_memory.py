"""What the bot remembers between turns: the recovery state, and what each message came to."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError

from casework.errors import Conflict
from casework.turn import Remembered
from casework.turn_state import dumped, loaded
from store.database import Database
from store.tables import messages, recoveries, turn_outcomes


class SqlTurnMemory:
    """The TurnMemory port on PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def answered(self, message_id: str) -> dict[str, Any] | None:
        query = select(turn_outcomes.c.outcome).where(turn_outcomes.c.message_id == message_id)
        return await self._one(query)

    async def recall(self, conversation_id: str) -> Remembered:
        query = select(recoveries.c.state, recoveries.c.version).where(
            recoveries.c.conversation_id == conversation_id
        )
        async with self._database.single() as connection:
            row = (await connection.execute(query)).one_or_none()
        return Remembered(loaded(row.state), row.version) if row else Remembered(loaded(None), 0)

    async def keep(
        self, conversation_id: str, remembered: Remembered, message_id: str, outcome: dict[str, Any], at: datetime
    ) -> None:
        values = {"state": dumped(remembered.state), "version": remembered.version + 1, "updated_at": at}
        try:
            async with self._database.begin() as connection:
                kept = await connection.execute(_kept(conversation_id, remembered.version, values))
                if kept.one_or_none() is None:
                    raise Conflict("Another turn of this conversation was recorded first.")
                row = {"message_id": message_id, "conversation_id": conversation_id, "outcome": outcome, "at": at}
                await connection.execute(insert(turn_outcomes).values(**row))
        except IntegrityError as error:
            raise Conflict("This message was answered by another process first.") from error

    async def stored_messages(self, conversation_id: str, ids: frozenset[str]) -> frozenset[str]:
        query = select(messages.c.id).where(messages.c.conversation_id == conversation_id, messages.c.id.in_(ids))
        async with self._database.single() as connection:
            return frozenset((await connection.execute(query)).scalars())

    async def _one(self, query: Any) -> dict[str, Any] | None:
        async with self._database.single() as connection:
            found: dict[str, Any] | None = (await connection.execute(query)).scalar_one_or_none()
        return found


def _kept(conversation_id: str, version: int, values: dict[str, Any]) -> Any:
    """Write the state if it is still at the version it was read at; a row comes back when it was."""
    if version == 0:
        new = upsert(recoveries).values(conversation_id=conversation_id, **values)
        return new.on_conflict_do_nothing().returning(recoveries.c.version)
    same = (recoveries.c.conversation_id == conversation_id) & (recoveries.c.version == version)
    return update(recoveries).where(same).values(**values).returning(recoveries.c.version)
