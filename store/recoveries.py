"""The state of recoveries: read by the desk, and reset when a person gives a conversation back."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from casework.ports import Json, KeptRecovery
from casework.turn_state import returned
from store.database import Database
from store.tables import recoveries

STAGE = func.coalesce(recoveries.c.state["stage"].astext, "open").label("stage")


class SqlRecoveries:
    """Implements casework.ports.Recoveries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self, conversation_id: str) -> KeptRecovery:
        kept = select(recoveries.c.version, recoveries.c.state).where(recoveries.c.conversation_id == conversation_id)
        async with self._database.single() as connection:
            row = (await connection.execute(kept)).first()
            return KeptRecovery(row.version, row.state) if row else KeptRecovery(0, {})

    async def reset_after_return(self, conversation_id: str, at: datetime) -> None:
        async with self._database.begin() as connection:
            await reset(connection, conversation_id, at)


async def save(connection: AsyncConnection, conversation_id: str, version: int, state: Json, at: datetime) -> bool:
    """Save the next version; False when it is not the next."""
    if version == 0:
        first = insert(recoveries).values(conversation_id=conversation_id, version=1, state=state, updated_at=at)
        new = first.on_conflict_do_nothing().returning(recoveries.c.version)  # an insert's rowcount says nothing
        return (await connection.execute(new)).first() is not None
    mine = (recoveries.c.conversation_id == conversation_id) & (recoveries.c.version == version)
    changed = update(recoveries).where(mine).values(version=version + 1, state=state, updated_at=at)
    return (await connection.execute(changed)).rowcount == 1


async def reset(connection: AsyncConnection, conversation_id: str, at: datetime) -> None:
    """What led to a handoff must not lead to it again."""
    mine = select(recoveries).where(recoveries.c.conversation_id == conversation_id).with_for_update()
    if row := (await connection.execute(mine)).first():
        await save(connection, conversation_id, row.version, returned(row.state), at)
