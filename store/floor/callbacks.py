"""Callbacks: one open request for each conversation."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, Update, cast, exists, func, select, update
from sqlalchemy.dialects.postgresql import JSONPATH, insert

from casework.floor.callbacks import PAYLOAD, Asked, Callback, Uncalled
from casework.ports import Author, Outbound, Owner, Status
from store.database import Database, notify
from store.handoffs import OPEN, WAITING
from store.messages import append
from store.tables import callbacks, conversations, handoffs, messages

_OPEN = callbacks.c.done_at.is_(None)
_DANGER = func.jsonb_path_exists(handoffs.c.packet, cast("$.procedures[*].id", JSONPATH))
_NOT_OFFERED = WAITING & handoffs.c.call_offered_at.is_(None)


class SqlCallbacks:
    """Implements casework.floor.callbacks.CallbackStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def not_offered(self, limit: int = 500) -> Sequence[Uncalled]:
        asked = exists().where(callbacks.c.conversation_id == handoffs.c.conversation_id, _OPEN)
        since = func.coalesce(handoffs.c.tier_since, handoffs.c.queued_at)
        wanted = (
            select(
                handoffs.c.id.label("handoff_id"),
                handoffs.c.conversation_id,
                handoffs.c.team,
                handoffs.c.priority,
                since.label("since"),
                _DANGER.label("danger"),
            )
            .where(_NOT_OFFERED, ~asked)
            .order_by(handoffs.c.queued_at)
            .limit(limit)
        )
        async with self._database.single() as connection:
            return [Uncalled(**row._mapping) for row in await connection.execute(wanted)]

    async def offer(self, handoff_id: int, conversation_id: str, offer: Outbound, at: datetime) -> bool:
        waits = (conversations.c.id == conversation_id) & (conversations.c.owner == Owner.QUEUE)
        first = update(handoffs).where(handoffs.c.id == handoff_id, _NOT_OFFERED).values(call_offered_at=at)
        async with self._database.begin() as connection:
            lock = select(conversations.c.id).where(waits).with_for_update(key_share=True)
            if (await connection.execute(lock)).first() is None:
                return False
            if (await connection.execute(first)).rowcount == 0:
                return False
            await append(connection, conversation_id, [offer], at)
            return True

    async def ask(
        self, conversation_id: str, seq: int, told: Outbound, at: datetime, asked: Asked = Asked.PRESSED
    ) -> bool:
        people = (conversations.c.id == conversation_id) & (conversations.c.owner != Owner.BOT)
        if asked is not Asked.PRESSED:  # where people may be in danger somebody is paged, and asks for themselves
            people &= ~exists().where(handoffs.c.conversation_id == conversation_id, OPEN, _DANGER)
        values: dict[str, Any] = {"conversation_id": conversation_id, "asked_seq": seq, "asked_at": at}
        if asked is Asked.WITH_NUMBER:  # the message itself holds the details
            values |= {"asked_seq": seq - 1, "confirmed_at": at}
        new = insert(callbacks).values(values).on_conflict_do_nothing().returning(callbacks.c.id)
        async with self._database.begin() as connection:
            lock = select(conversations.c.id).where(people).with_for_update(key_share=True)
            if (await connection.execute(lock)).first() is None:
                return False
            if (await connection.execute(new)).first() is None:
                return False
            if asked is Asked.PRESSED:
                await connection.execute(_answered(conversation_id, seq, at))
            await append(connection, conversation_id, [told], at)
            await connection.execute(select(notify("queue"), notify("owner", conversation_id)))
            return True

    async def heard(self, conversation_id: str, seq: int, told: Outbound, at: datetime) -> bool:
        awaited = (
            (callbacks.c.conversation_id == conversation_id)
            & _OPEN
            & callbacks.c.confirmed_at.is_(None)
            & (callbacks.c.asked_seq < seq)
        )
        confirmed = update(callbacks).where(awaited).values(confirmed_at=at).returning(callbacks.c.id)
        async with self._database.begin() as connection:
            if (await connection.execute(confirmed)).first() is None:
                return False
            await append(connection, conversation_id, [told], at)
            return True

    async def open_one(self, conversation_id: str) -> Callback | None:
        found = await self._read(_callbacks().where(callbacks.c.conversation_id == conversation_id))
        return found[0] if found else None

    async def open_ones(self, limit: int = 100) -> Sequence[Callback]:
        return await self._read(_callbacks().order_by(callbacks.c.asked_at).limit(limit))

    async def done(self, callback_id: int, user_id: str, result: str, at: datetime) -> bool:
        mine = update(callbacks).where(callbacks.c.id == callback_id, _OPEN)
        over = mine.values(done_by=user_id, done_at=at, result=result)
        async with self._database.begin() as connection:
            row = (await connection.execute(over.returning(callbacks.c.conversation_id))).first()
            if row is not None:
                await connection.execute(select(notify("queue"), notify("owner", row.conversation_id)))
            return row is not None

    async def _read(self, wanted: Select[Any]) -> Sequence[Callback]:
        async with self._database.single() as connection:
            return [_callback(row) for row in await connection.execute(wanted)]


def _answered(conversation_id: str, seq: int, at: datetime) -> Update:
    """The bot does not hear it again, should an outage of the engine end before anybody calls."""
    press = (messages.c.conversation_id == conversation_id) & (messages.c.seq == seq)
    return update(messages).where(press).values(status=Status.ANSWERED, done_at=at)


def _callbacks() -> Select[Any]:
    """Open requests with the first thing that the customer wrote after asking."""
    details = (
        select(messages.c.text)
        .where(
            messages.c.conversation_id == callbacks.c.conversation_id,
            messages.c.seq > callbacks.c.asked_seq,
            messages.c.author == Author.CUSTOMER,
            messages.c.payload.is_distinct_from(PAYLOAD),
        )
        .order_by(messages.c.seq)
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(
            callbacks,
            conversations.c.customer_id,
            conversations.c.customer_name,
            conversations.c.channel,
            func.coalesce(details, "").label("details"),
        )
        .join(conversations, conversations.c.id == callbacks.c.conversation_id)
        .where(_OPEN)
    )


def _callback(r: Row[Any]) -> Callback:
    return Callback(r.id, r.conversation_id, r.customer_id, r.customer_name, r.channel, r.asked_at, r.details)
