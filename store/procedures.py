"""Procedures under way: begun on an open handoff, and ticked off line by line."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from casework.errors import NotFound
from casework.ports import Begun, Owner
from store.database import Database, notify
from store.handoffs import OPEN
from store.messages import append
from store.outcomes import write_alerts
from store.tables import conversations, duties_done, handoffs


class SqlProcedures:
    """Implements casework.ports.Procedures."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, conversation_id: str, begun: Begun, at: datetime) -> bool:
        async with self._database.begin() as connection:
            # The conversation first, as everybody who changes its handoff does.
            locked = select(conversations.c.owner).where(conversations.c.id == conversation_id).with_for_update()
            owner = (await connection.execute(locked)).scalar_one_or_none()
            if not await _noted(connection, conversation_id, begun):
                return False
            if owner == Owner.QUEUE:
                await append(connection, conversation_id, [begun.said], at)
            await write_alerts(connection, conversation_id, [begun.alert], at)
            await connection.execute(select(notify("owner", conversation_id), notify("queue")))
            return True

    async def duty_done(self, conversation_id: str, procedure: str, duty: str, user_id: str, at: datetime) -> None:
        async with self._database.begin() as connection:
            mine = select(handoffs.c.id, handoffs.c.packet).where(handoffs.c.conversation_id == conversation_id, OPEN)
            row = (await connection.execute(mine)).first()
            known = [p for p in (row.packet.get("procedures") or ()) if p["id"] == procedure] if row else []
            if row is None or not any(d["id"] == duty for p in known for d in p["checklist"]):
                raise NotFound("There is no such line on an open checklist.")
            done = {"handoff_id": row.id, "procedure": procedure, "duty": duty, "user_id": user_id, "at": at}
            await connection.execute(insert(duties_done).values(done).on_conflict_do_nothing())
            await connection.execute(select(notify("owner", conversation_id)))


async def _noted(connection: AsyncConnection, conversation_id: str, begun: Begun) -> bool:
    """Add the rule, the reason and the checklist to the open handoff, which is now the most urgent of all."""
    mine = select(handoffs).where(handoffs.c.conversation_id == conversation_id, OPEN).with_for_update()
    row = (await connection.execute(mine)).first()
    if row is None or begun.rule in row.rules:
        return False
    procedures = [*(row.packet.get("procedures") or ()), begun.procedure]
    values = {
        "rules": [begun.rule, *row.rules],
        "rationale": [begun.reason, *row.rationale],
        "packet": {**row.packet, "procedures": procedures},
        "priority": 1,
        "priority_reasons": [begun.procedure["title"], *row.priority_reasons],
    }
    await connection.execute(update(handoffs).where(handoffs.c.id == row.id).values(values))
    return True
