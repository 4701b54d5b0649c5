"""What an agent granted: decision, step, state and the message that tells the customer, in one transaction."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from casework.errors import Conflict
from casework.grant_choices import Allowed
from casework.granting import GrantRecord
from casework.ports import Clock
from recovery.words import Role
from store import handoffs
from store.database import Database
from store.messages import append
from store.recoveries import save
from store.tables import approvals, conversations, decisions, messages, recoveries, recovery_steps, users

_GRANTS = 7_237_002  # the advisory locks of grants, apart from all others


class SqlGrantBook:
    """Implements casework.granting.GrantBook."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @asynccontextmanager
    async def hold(self, customer_id: str) -> AsyncIterator[None]:
        lock = func.pg_advisory_xact_lock(_GRANTS, func.hashtext(customer_id))
        async with self._database.begin() as connection:
            await connection.execute(select(lock))
            yield

    async def allowed(self, conversation_id: str) -> Sequence[Allowed]:
        wanted = (
            select(approvals, users.c.name, users.c.role)
            .join(users, users.c.id == approvals.c.answered_by)
            .where(_approved(conversation_id), users.c.disabled.is_(False) | approvals.c.used_at.is_not(None))
            .order_by(approvals.c.id)
        )
        async with self._database.single() as connection:
            rows = await connection.execute(wanted)
            return [
                Allowed(r.id, r.case_id, r.option_id, r.answered_by, r.name, Role(r.role), r.used_at is not None)
                for r in rows
            ]

    async def used(self, conversation_id: str, case_id: str, option_id: str) -> None:
        this = (approvals.c.case_id == case_id) & (approvals.c.option_id == option_id)
        spent = (
            update(approvals)
            .where(_approved(conversation_id), approvals.c.used_at.is_(None), this)
            .values(used_at=self._clock())
        )
        async with self._database.single() as connection:
            await connection.execute(spent)

    async def record(self, grant: GrantRecord) -> None:
        at = self._clock()
        async with self._database.begin() as connection:
            await _check_owner(connection, grant)
            if await _told(connection, grant.message.id):
                return
            await append(connection, grant.conversation_id, [grant.message], at)
            await handoffs.first_reply(connection, grant.conversation_id, at)
            await connection.execute(insert(decisions).values(**_decision(grant), at=at))
            step = {"conversation_id": grant.conversation_id, "at": at}
            step |= {"case_id": grant.step.case_id, "step": grant.step.step, "message_id": grant.message.id}
            await connection.execute(insert(recovery_steps).values(**step))
            await _change_state(connection, grant, at)


def _approved(conversation_id: str) -> ColumnElement[bool]:
    return (approvals.c.conversation_id == conversation_id) & (approvals.c.answer == "approved")


async def _check_owner(connection: AsyncConnection, grant: GrantRecord) -> None:
    mine = select(conversations.c.agent_id).where(conversations.c.id == grant.conversation_id)
    if (await connection.execute(mine.with_for_update())).scalar_one_or_none() != grant.user_id:
        raise Conflict("This conversation is not yours any more.")


async def _told(connection: AsyncConnection, message_id: str) -> bool:
    return (await connection.execute(select(messages.c.id).where(messages.c.id == message_id))).first() is not None


def _decision(grant: GrantRecord) -> dict[str, object]:
    d = grant.decision
    return {
        "conversation_id": grant.conversation_id,
        "message_id": grant.message.id,
        "case_id": d.case_id,
        "step": d.step,
        "rules": list(d.rules),
        "playbook_version": d.playbook_version,
        "inputs": d.inputs,
        "reasons": d.reasons,
    }


async def _change_state(connection: AsyncConnection, grant: GrantRecord, at: datetime) -> None:
    kept = select(recoveries).where(recoveries.c.conversation_id == grant.conversation_id).with_for_update()
    if row := (await connection.execute(kept)).first():
        await save(connection, grant.conversation_id, row.version, grant.change_state(row.state), at)
