"""Handoffs: read, and written as part of a turn or of a change of owner."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from casework.ports import EndedHow, Handoff, NewHandoff
from store import rows
from store.database import Database
from store.tables import handoffs

OPEN = handoffs.c.ended_at.is_(None)
WAITING = OPEN & handoffs.c.claimed_at.is_(None)
ORDER = (handoffs.c.score.desc(), handoffs.c.priority, handoffs.c.queued_at, handoffs.c.id)  # of the queue


class SqlHandoffs:
    """Implements casework.ports.Handoffs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open_one(self, conversation_id: str) -> Handoff | None:
        found = await self._read(select(handoffs).where(handoffs.c.conversation_id == conversation_id, OPEN))
        return found[0] if found else None

    async def of(self, conversation_id: str) -> Sequence[Handoff]:
        mine = select(handoffs).where(handoffs.c.conversation_id == conversation_id)
        return await self._read(mine.order_by(handoffs.c.id))

    async def queue(self, limit: int = 200) -> Sequence[Handoff]:
        return await self._read(select(handoffs).where(WAITING).order_by(*ORDER).limit(limit))

    async def queue_length(self) -> int:
        async with self._database.single() as connection:
            return (await connection.execute(select(func.count()).where(WAITING))).scalar_one()

    async def _read(self, wanted: Select[Any]) -> Sequence[Handoff]:
        async with self._database.single() as connection:
            return [rows.handoff(row) for row in await connection.execute(wanted)]


async def start(connection: AsyncConnection, conversation_id: str, new: NewHandoff, at: datetime) -> None:
    values = {**asdict(new), "rules": list(new.rules), "call_offered_at": at if new.offers_call else None}
    del values["offers_call"]
    await connection.execute(insert(handoffs).values(**values, conversation_id=conversation_id, queued_at=at))


async def claim(connection: AsyncConnection, conversation_id: str, user_id: str, at: datetime) -> None:
    values = {"claimed_by": user_id, "claimed_at": at, "away_told_at": None, "call_offered_at": None}
    await _change(connection, conversation_id, values)


async def wait_again(connection: AsyncConnection, conversation_id: str, team: str, tier: str, at: datetime) -> None:
    """Nobody's any more: the handoff waits for a team, from its lowest tier that may."""
    values = {"claimed_by": None, "claimed_at": None, "team": team, "tier": tier, "tier_since": at}
    await _change(connection, conversation_id, {**values, "away_told_at": None})


async def end(
    connection: AsyncConnection, conversation_id: str, how: EndedHow, at: datetime, root_cause: str | None = None
) -> None:
    await _change(connection, conversation_id, {"ended_at": at, "ended_how": how, "root_cause": root_cause})


async def first_reply(connection: AsyncConnection, conversation_id: str, at: datetime) -> None:
    """Only the first counts."""
    now = func.coalesce(handoffs.c.first_reply_at, at)
    await _change(connection, conversation_id, {"first_reply_at": now})


async def _change(connection: AsyncConnection, conversation_id: str, values: dict[str, Any]) -> None:
    mine = update(handoffs).where(handoffs.c.conversation_id == conversation_id, OPEN)
    await connection.execute(mine.values(**values))
