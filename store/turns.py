"""Turns: one at a time per conversation, across processes, written whole or not at all."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Update, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from casework.ports import Conversation, Message, Now, OpenTurn, Owner, Status, TurnRecord
from store import handoffs as handoff_rows
from store import rows
from store.conversations import read
from store.database import Database, notify
from store.messages import append
from store.outcomes import write_alerts, write_decision, write_nlu, write_steps, write_survey
from store.recoveries import STAGE
from store.tables import conversations, handoffs, messages, recoveries, turn_outcomes


class SqlTurns:
    """Implements casework.ports.TurnStore.

    An advisory lock, which a crash releases, spans the turn. It locks no row: messages come in meanwhile.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def next_turn(self, conversation_id: str) -> AsyncIterator[OpenTurn | None]:
        lock = func.pg_try_advisory_xact_lock(func.hashtextextended(conversation_id, 0))
        async with self._database.begin() as connection:
            mine = (await connection.execute(select(lock))).scalar_one()
            row = (await connection.execute(_oldest(conversation_id))).first() if mine else None
            if row is None:
                yield None
                return
            conversation = await read(connection, conversation_id)
            yield SqlOpenTurn(connection, rows.message(row), conversation, row.stage)

    async def waiting(self, limit: int = 200) -> Sequence[str]:
        first = func.min(messages.c.at)
        wanted = select(messages.c.conversation_id).where(messages.c.status == Status.RECEIVED)
        wanted = wanted.group_by(messages.c.conversation_id).order_by(first).limit(limit)
        async with self._database.single() as connection:
            return (await connection.execute(wanted)).scalars().all()


class SqlOpenTurn:
    """Implements casework.ports.OpenTurn."""

    def __init__(self, connection: AsyncConnection, message: Message, conversation: Conversation, stage: str) -> None:
        self._connection = connection
        self.message = message
        self.conversation = conversation
        self.stage = stage

    async def look_again(self) -> Now:
        row = (await self._connection.execute(_now(self.message))).one()
        rules = None if row.rules is None else tuple(row.rules)
        return Now(Owner(row.owner), Status(row.status), rules, row.outcome)

    async def finish(self, record: TurnRecord, at: datetime) -> None:
        connection, conversation_id, message_id = self._connection, self.conversation.id, self.message.id
        await self._settle(record, at)
        if record.nlu is not None:
            await write_nlu(connection, message_id, record.nlu)
        await append(connection, conversation_id, record.replies, at)
        if record.decision is not None:
            await write_decision(connection, conversation_id, message_id, record.decision, at)
        await write_steps(connection, conversation_id, record.steps, at)
        if record.survey is not None:
            await write_survey(connection, conversation_id, record.survey, at)
        await self._pass_on(record, at)
        await write_alerts(connection, conversation_id, record.alerts, at)

    async def _settle(self, record: TurnRecord, at: datetime) -> None:
        """The customer's message, and the others that wait behind it."""
        tried = messages.c.attempts + 1
        values = {"status": record.status, "attempts": tried}
        if record.status is Status.ANSWERED:
            values["done_at"] = at
        this = update(messages).where(messages.c.id == self.message.id)
        await self._connection.execute(this.values(**values))
        if record.rest is not None:
            await self._connection.execute(_rest(self.message, record.rest))

    async def _pass_on(self, record: TurnRecord, at: datetime) -> None:
        """The conversation's columns, its handoff, its owner."""
        if record.end_handoff is not None:
            await handoff_rows.end(self._connection, self.conversation.id, record.end_handoff, at)
        if record.handoff is not None:
            await handoff_rows.start(self._connection, self.conversation.id, record.handoff, at)
        if values := _columns(record):
            mine = update(conversations).where(conversations.c.id == self.conversation.id)
            await self._connection.execute(mine.values(**values))
        if record.owner is not None:
            signals = select(notify("owner", self.conversation.id), notify("queue"))
            await self._connection.execute(signals)


def _oldest(conversation_id: str) -> Select[Any]:
    kept = recoveries.c.conversation_id == messages.c.conversation_id
    return (
        select(*rows.MESSAGE_COLUMNS, STAGE)
        .select_from(messages.outerjoin(recoveries, kept))
        .where(messages.c.conversation_id == conversation_id, messages.c.status == Status.RECEIVED)
        .order_by(messages.c.seq)
        .limit(1)
    )


def _now(message: Message) -> Select[Any]:
    mine = handoffs.c.conversation_id == conversations.c.id
    return (
        select(conversations.c.owner, messages.c.status, handoffs.c.rules, turn_outcomes.c.outcome)
        .select_from(
            conversations.join(messages, messages.c.id == message.id)
            .outerjoin(handoffs, mine & handoff_rows.OPEN)
            .outerjoin(turn_outcomes, turn_outcomes.c.message_id == message.id)
        )
        .where(conversations.c.id == message.conversation_id)
        .with_for_update(of=[conversations], key_share=True)  # key_share: actions may still refer to it
    )


def _rest(message: Message, status: Status) -> Update:
    """Those not yet answered wait for a person; or those that waited for one are the bot's again."""
    waiting = Status.RECEIVED if status is Status.HELD else Status.HELD
    others = (messages.c.conversation_id == message.conversation_id) & (messages.c.seq > message.seq)
    return update(messages).where(others, messages.c.status == waiting).values(status=status)


def _columns(record: TurnRecord) -> dict[str, Any]:
    values: dict[str, Any] = {
        "frustration": record.frustration,
        "challenges": None if record.challenges is None else list(record.challenges),
        "outcome": record.outcome,
        "owner": record.owner,
        "handed_over": True if record.handoff else None,
    }
    changed = {name: value for name, value in values.items() if value is not None}
    if record.owner is not None:
        changed["owner_version"] = conversations.c.owner_version + 1
    return changed
