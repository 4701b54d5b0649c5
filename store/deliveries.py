"""How far messages have come that we bring to a channel ourselves."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, and_, any_, cast, exists, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from casework.ports import Arrival, Lease, Message, NewAlert, Outgoing, SentButtons, Status
from store import rows
from store.database import Database, notify
from store.leases import require
from store.outcomes import write_alerts
from store.tables import alerts, conversations, deliveries, messages

UNDELIVERABLE = "undeliverable"


class SqlDeliveries:
    """Implements casework.ports.Deliveries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def waiting(self, channel: str, limit: int = 200) -> Sequence[str]:
        ready = (messages.c.status == Status.READY) & (conversations.c.channel == channel)
        of_channel = select(messages.c.conversation_id).join(conversations).where(ready)
        oldest = of_channel.group_by(messages.c.conversation_id).order_by(func.min(messages.c.at)).limit(limit)
        async with self._database.single() as connection:
            return (await connection.execute(oldest)).scalars().all()

    async def next(self, channel: str, conversation_id: str) -> Outgoing | None:
        async with self._database.single() as connection:
            row = (await connection.execute(_next(channel, conversation_id))).first()
        return Outgoing(rows.message(row), row.channel_user, row.parts_sent or 0, row.tried or 0) if row else None

    async def begin(self, lease: Lease, message: Message, at: datetime) -> None:
        new = insert(deliveries).values(
            message_id=message.id, conversation_id=message.conversation_id, in_flight_since=at, attempts=1
        )
        unknown = deliveries.c.repeated + cast(deliveries.c.in_flight_since.is_not(None), Integer)
        again = {"in_flight_since": at, "repeated": unknown, "attempts": deliveries.c.attempts + 1}
        async with self._database.begin() as connection:
            await require(connection, lease)
            await connection.execute(new.on_conflict_do_update(index_elements=["message_id"], set_=again))

    async def sent(
        self, lease: Lease, message: Message, parts: int, channel_id: str, *, last: bool, at: datetime
    ) -> None:
        values: dict[str, Any] = {
            "parts_sent": parts,
            "channel_ids": func.array_append(deliveries.c.channel_ids, channel_id),
            "in_flight_since": None,
            "attempts": 0,
            "buttons_open": last and bool(message.buttons),
        }
        arrived = update(messages).where(messages.c.id == message.id, messages.c.status == Status.READY)
        async with self._database.begin() as connection:
            await require(connection, lease)
            mine = deliveries.c.message_id == message.id
            await connection.execute(update(deliveries).where(mine).values(**values))
            if last:
                await connection.execute(arrived.values(status=Status.DELIVERED, done_at=at))

    async def not_sent(self, lease: Lease, message: Message, *, perhaps: bool) -> None:
        mine = update(deliveries).where(deliveries.c.message_id == message.id)
        repeated = deliveries.c.repeated + int(perhaps)
        async with self._database.begin() as connection:
            await require(connection, lease)
            await connection.execute(mine.values(in_flight_since=None, repeated=repeated))

    async def give_up(self, lease: Lease, message: Message, reason: str, at: datetime) -> None:
        mine, conversation_id = deliveries.c.message_id == message.id, message.conversation_id
        never = update(messages).where(messages.c.id == message.id, messages.c.status == Status.READY)
        told = select(_told_already(conversation_id))
        async with self._database.begin() as connection:
            await require(connection, lease)
            await connection.execute(update(deliveries).where(mine).values(in_flight_since=None, failed=reason))
            known = (await connection.execute(told)).scalar_one()
            await connection.execute(never.values(status=Status.UNDELIVERABLE, done_at=at))
            await connection.execute(select(notify("delivery", conversation_id)))
            if not known:
                await write_alerts(connection, conversation_id, [NewAlert(UNDELIVERABLE, reason)], at)

    async def found(self, conversation_id: str, channel_id: str) -> str | None:
        out = select(deliveries.c.message_id).where(
            deliveries.c.conversation_id == conversation_id, literal(channel_id) == any_(deliveries.c.channel_ids)
        )
        own = messages.c.channel_message_id == channel_id
        came = select(messages.c.id).where(messages.c.conversation_id == conversation_id, own)
        async with self._database.single() as connection:
            return (await connection.execute(out.union_all(came).limit(1))).scalar_one_or_none()

    async def open_buttons(self, conversation_id: str) -> Sequence[SentButtons]:
        last = deliveries.c.channel_ids[func.cardinality(deliveries.c.channel_ids)].label("channel_id")
        columns = (*rows.MESSAGE_COLUMNS, last)
        wanted: Select[Any] = select(*columns).join(deliveries, deliveries.c.message_id == messages.c.id)
        mine = (deliveries.c.conversation_id == conversation_id) & deliveries.c.buttons_open
        async with self._database.single() as connection:
            found = await connection.execute(wanted.where(mine).order_by(messages.c.seq.desc()).limit(20))
            return [SentButtons(rows.message(row), row.channel_id) for row in found]

    async def close_buttons(self, message_ids: Sequence[str]) -> None:
        closed = update(deliveries).where(deliveries.c.message_id.in_(message_ids))
        async with self._database.single() as connection:
            await connection.execute(closed.values(buttons_open=False))

    async def arrivals(self, message_ids: Sequence[str]) -> Mapping[str, Arrival]:
        told = (deliveries.c.repeated > 0) | deliveries.c.failed.is_not(None)
        wanted = select(deliveries).where(deliveries.c.message_id.in_(message_ids), told)
        async with self._database.single() as connection:
            found = await connection.execute(wanted)
            return {row.message_id: Arrival(row.repeated > 0, row.failed or "") for row in found}

    async def moved(self, channel: str, chat: str, to: str) -> None:
        mine = (conversations.c.channel == channel) & (conversations.c.channel_user == chat)
        async with self._database.single() as connection:
            await connection.execute(update(conversations).where(mine).values(channel_user=to))


def _next(channel: str, conversation_id: str) -> Select[Any]:
    ready = and_(
        messages.c.conversation_id == conversation_id,
        messages.c.status == Status.READY,
        conversations.c.channel == channel,
    )
    tried = deliveries.c.attempts.label("tried")
    return (
        select(*rows.MESSAGE_COLUMNS, conversations.c.channel_user, deliveries.c.parts_sent, tried)
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .outerjoin(deliveries, deliveries.c.message_id == messages.c.id)
        .where(ready)
        .order_by(messages.c.seq)
        .limit(1)
    )


def _told_already(conversation_id: str) -> Any:
    """The staff know that this chat takes nothing: an alert says so, and nothing has arrived since."""
    told = (alerts.c.conversation_id == conversation_id) & (alerts.c.kind == UNDELIVERABLE)
    since = select(func.max(alerts.c.at)).where(told).scalar_subquery()
    arrived = exists().where(
        messages.c.conversation_id == conversation_id,
        messages.c.status == Status.DELIVERED,
        messages.c.done_at > since,
    )
    return exists().where(told) & ~arrived
