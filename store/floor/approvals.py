"""Approvals: asked once for one option, answered by one person."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select, update
from sqlalchemy.dialects.postgresql import insert

from casework.errors import NotFound
from casework.floor.approvals import Approval, NewApproval
from casework.ports import NewAlert
from store.database import Database, notify
from store.outcomes import write_alerts
from store.tables import approvals, conversations, users


class SqlApprovals:
    """Implements casework.floor.approvals.ApprovalStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ask(self, new: NewApproval, alert: NewAlert, at: datetime) -> bool:
        asked = insert(approvals).values(**asdict(new), asked_at=at).on_conflict_do_nothing()
        async with self._database.begin() as connection:
            if (await connection.execute(asked.returning(approvals.c.id))).first() is None:
                return False
            await write_alerts(connection, new.conversation_id, [alert], at)
            await connection.execute(select(notify("owner", new.conversation_id)))
            return True

    async def get(self, approval_id: int) -> Approval:
        found = await self._read(_approvals().where(approvals.c.id == approval_id))
        if not found:
            raise NotFound("There is no such request.")
        return found[0]

    async def of(self, conversation_id: str) -> Sequence[Approval]:
        mine = _approvals().where(approvals.c.conversation_id == conversation_id)
        return await self._read(mine.order_by(approvals.c.id.desc()).limit(50))

    async def open_ones(self, limit: int = 100) -> Sequence[Approval]:
        waiting = _approvals().where(approvals.c.answered_at.is_(None))
        return await self._read(waiting.order_by(approvals.c.asked_at).limit(limit))

    async def answer(self, approval_id: int, user_id: str | None, answer: str, reason: str, at: datetime) -> bool:
        mine = update(approvals).where(approvals.c.id == approval_id, approvals.c.answered_at.is_(None))
        said = mine.values(answered_by=user_id, answered_at=at, answer=answer, reason=reason)
        async with self._database.begin() as connection:
            row = (await connection.execute(said.returning(approvals.c.conversation_id))).first()
            if row is not None:
                await connection.execute(select(notify("owner", row.conversation_id), notify("queue")))
            return row is not None

    async def _read(self, wanted: Select[Any]) -> Sequence[Approval]:
        async with self._database.single() as connection:
            return [_approval(row) for row in await connection.execute(wanted)]


def _approvals() -> Select[Any]:
    asker, answerer = users.alias("asker"), users.alias("answerer")
    return (
        select(
            approvals,
            asker.c.name.label("asked_name"),
            func.coalesce(answerer.c.name, "").label("answered_name"),
            func.coalesce(answerer.c.role, "").label("answered_role"),
            conversations.c.customer_name,
        )
        .join(asker, asker.c.id == approvals.c.asked_by)
        .join(conversations, conversations.c.id == approvals.c.conversation_id)
        .outerjoin(answerer, answerer.c.id == approvals.c.answered_by)
    )


def _approval(r: Row[Any]) -> Approval:
    return Approval(
        id=r.id,
        conversation_id=r.conversation_id,
        case_id=r.case_id,
        option_id=r.option_id,
        label=r.label,
        pence=r.pence,
        asked_by=r.asked_name,
        asked_by_id=r.asked_by,
        asked_at=r.asked_at,
        why=r.why,
        answered_by=r.answered_name,
        answered_by_role=r.answered_role,
        answered_at=r.answered_at,
        answer=r.answer or "",
        reason=r.reason,
        used_at=r.used_at,
        customer_name=r.customer_name,
    )
