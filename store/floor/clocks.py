"""Service-level clocks: brought up to date under the handoff's lock, marked once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Row, Select, case, func, or_, select, union, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from casework.floor.ports import Clocked, Kept, Marked
from casework.ports import Author, NewAlert
from recovery.sla import ClockKind, Event, SlaClock, event_of
from store.database import Database, notify
from store.outcomes import write_alerts
from store.tables import clocks, conversations, handoffs, messages

_SPEAKERS = (Author.CUSTOMER, Author.AGENT)
_MICROSECOND = timedelta(microseconds=1)


class SqlClocks:
    """Implements casework.floor.ports.ClockStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def advance(self, with_events: Callable[[Clocked], Sequence[Kept]], limit: int = 50) -> int:
        async with self._database.begin() as connection:
            found = list(await connection.execute(_with_news(limit)))
            for row in found:
                told = await _told(connection, row)
                await _keep(connection, row, with_events(told))
            if found:
                await connection.execute(select(notify("queue")))
            return len(found)

    async def mark(self, now: datetime, alert: Callable[[Marked], NewAlert | None], limit: int = 50) -> int:
        async with self._database.begin() as connection:
            found = list(await connection.execute(_due(now, limit)))
            for row in found:
                missed = row.due_at is not None and row.due_at <= now
                await connection.execute(_marked(row, missed))
                told = alert(Marked(row.conversation_id, row.kind, missed))
                if told is not None:
                    await write_alerts(connection, row.conversation_id, [told], now)
            if found:
                await connection.execute(select(notify("queue")))
            return len(found)


def clock_of(row: Row[Any]) -> SlaClock:
    """A stored clock as a value."""
    return SlaClock(
        ClockKind(row.kind),
        row.number,
        timedelta(seconds=row.target_s),
        timedelta(seconds=row.warn_after_s),
        row.started_at,
        timedelta(microseconds=row.spent_us),
        row.running_since,
        row.stopped_at,
    )


async def clocks_of(
    connection: AsyncConnection, handoff_ids: Iterable[int], *, only_open: bool = False
) -> Mapping[int, tuple[SlaClock, ...]]:
    """The clocks of several handoffs."""
    wanted = select(clocks).where(clocks.c.handoff_id.in_(list(handoff_ids)))
    if only_open:
        wanted = wanted.where(clocks.c.stopped_at.is_(None))
    ordered = wanted.order_by(clocks.c.handoff_id, clocks.c.started_at, clocks.c.kind)
    rows = await connection.execute(ordered)
    return {i: tuple(clock_of(r) for r in of) for i, of in groupby(rows, key=lambda r: r.handoff_id)}


def _with_news(limit: int) -> Select[Any]:
    """Handoffs in which somebody wrote, or which ended, since their clocks were last looked at."""
    going = select(handoffs.c.id).where(handoffs.c.ended_at.is_(None))
    never = select(handoffs.c.id).where(handoffs.c.clocked_seq < 0)
    stopping = select(clocks.c.handoff_id).where(clocks.c.stopped_at.is_(None))
    ended = handoffs.c.ended_at.is_not(None)
    return (
        select(handoffs, (conversations.c.next_seq - 1).label("last_seq"))
        .join(conversations, conversations.c.id == handoffs.c.conversation_id)
        .where(
            handoffs.c.id.in_(union(going, never, stopping)),
            or_(ended, handoffs.c.clocked_seq < conversations.c.next_seq - 1),
        )
        .order_by(handoffs.c.id)
        .limit(limit)
        .with_for_update(of=[handoffs], skip_locked=True)
    )


async def _told(connection: AsyncConnection, row: Row[Any]) -> Clocked:
    said = select(messages.c.author, messages.c.at, messages.c.text, messages.c.meta).where(
        messages.c.conversation_id == row.conversation_id,
        messages.c.seq > row.clocked_seq,
        messages.c.author.in_(_SPEAKERS),
        messages.c.at >= row.queued_at,
    )
    if row.ended_at is not None:
        said = said.where(messages.c.at <= row.ended_at)
    lines = await connection.execute(said.order_by(messages.c.seq))
    spoken = [
        (m.at, event_of(m.text, by_customer=m.author == Author.CUSTOMER, with_files=bool(m.meta.get("files"))))
        for m in lines
    ]
    begun = [(row.queued_at, Event.QUEUED)] if row.clocked_seq < 0 else []
    over = [(row.ended_at, Event.ENDED)] if row.ended_at is not None else []
    known = (await clocks_of(connection, [row.id])).get(row.id, ())
    return Clocked(row.id, row.conversation_id, row.team, row.priority, known, (*begun, *spoken, *over))


async def _keep(connection: AsyncConnection, row: Row[Any], kept: Sequence[Kept]) -> None:
    for one in kept:
        new = insert(clocks).values(**_values(row.id, one))
        # What was warned of or missed once is not marked again, and stays.
        latest = {
            "spent_us": new.excluded.spent_us,
            "running_since": new.excluded.running_since,
            "stopped_at": new.excluded.stopped_at,
            "warn_at": case((clocks.c.warned_at.is_(None), new.excluded.warn_at)),
            "due_at": case((clocks.c.missed_at.is_(None), new.excluded.due_at)),
            "missed_at": func.coalesce(clocks.c.missed_at, new.excluded.missed_at),
        }
        same = ["handoff_id", "kind", "number"]
        await connection.execute(new.on_conflict_do_update(index_elements=same, set_=latest))
    seen = update(handoffs).where(handoffs.c.id == row.id).values(clocked_seq=row.last_seq)
    await connection.execute(seen)


def _values(handoff_id: int, kept: Kept) -> dict[str, Any]:
    clock = kept.clock
    return {
        "handoff_id": handoff_id,
        "kind": clock.kind,
        "number": clock.number,
        "target_s": round(clock.target.total_seconds()),
        "warn_after_s": round(clock.warn_after.total_seconds()),
        "started_at": clock.started_at,
        "spent_us": clock.spent // _MICROSECOND,
        "running_since": clock.running_since,
        "stopped_at": clock.stopped_at,
        "warn_at": kept.warn_at,
        "due_at": kept.due_at,
        "missed_at": kept.missed_at,
    }


def _due(now: datetime, limit: int) -> Select[Any]:
    return (
        select(clocks, handoffs.c.conversation_id)
        .join(handoffs, handoffs.c.id == clocks.c.handoff_id)
        .join(conversations, conversations.c.id == handoffs.c.conversation_id)
        .where(
            or_(clocks.c.due_at <= now, clocks.c.warn_at <= now),
            handoffs.c.ended_at.is_(None),
            handoffs.c.clocked_seq >= conversations.c.next_seq - 1,
        )
        .order_by(clocks.c.due_at)
        .limit(limit)
        .with_for_update(of=[clocks], skip_locked=True)
    )


def _marked(row: Row[Any], missed: bool) -> Any:
    """A miss is dated to when it was due, however late it is noticed."""
    same = (clocks.c.handoff_id == row.handoff_id) & (clocks.c.kind == row.kind) & (clocks.c.number == row.number)
    values: dict[str, Any] = {"warn_at": None, "warned_at": row.warned_at or row.warn_at}
    if missed:
        values |= {"missed_at": row.due_at, "due_at": None}
    return update(clocks).where(same).values(**values)
