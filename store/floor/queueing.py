"""The queue's order, and the offers."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from casework.floor.ports import Answer, DayCount, InHand, Offer, Waiting
from casework.ports import EndedHow, NewAlert, Outbound, Owner
from recovery.owners import Move, state_of
from recovery.priority import Priority
from recovery.routing import Person
from recovery.sla import SlaClock
from store import transitions
from store.database import Database, notify
from store.floor.clocks import clocks_of
from store.floor.presence import in_hand_of
from store.handoffs import OPEN, ORDER, WAITING
from store.messages import append
from store.outcomes import write_alerts
from store.tables import alerts, approvals, callbacks, clocks, conversations, handoffs, messages, offers, users
from store.tables import transitions as moves

_SINCE = func.coalesce(handoffs.c.tier_since, handoffs.c.queued_at).label("since")
_OPEN_OFFER = offers.c.answered_at.is_(None)
_ASKED = offers.c.answer.is_distinct_from(Answer.WITHDRAWN)  # whose hands were full may be asked again


class SqlQueue:
    """Implements casework.floor.ports.QueueStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def waiting(self, limit: int = 500) -> Sequence[Waiting]:
        async with self._database.single() as connection:
            rows = list(await connection.execute(_waiting().limit(limit)))
            kept = await clocks_of(connection, [r.id for r in rows], only_open=True)
            return [_as_waiting(row, kept.get(row.id, ())) for row in rows]

    async def in_hand(self, limit: int = 500) -> Sequence[InHand]:
        wanted = (
            select(handoffs, _SINCE, conversations.c.agent_id, users.c.name)
            .join(conversations, conversations.c.id == handoffs.c.conversation_id)
            .join(users, users.c.id == conversations.c.agent_id)
            .where(OPEN, conversations.c.owner == Owner.AGENT, handoffs.c.claimed_at.is_not(None))
            .limit(limit)
        )
        async with self._database.single() as connection:
            rows = list(await connection.execute(wanted))
            kept = await clocks_of(connection, [r.id for r in rows], only_open=True)
            return [_as_in_hand(row, kept.get(row.id, ())) for row in rows]

    async def place(self, handoff_id: int, tier: str, priority: Priority) -> None:
        values = {
            "score": priority.score,
            "score_parts": [asdict(part) for part in priority.parts],
            "tier": func.coalesce(handoffs.c.tier, tier),
            "tier_since": func.coalesce(handoffs.c.tier_since, handoffs.c.queued_at),
        }
        placed = update(handoffs).where(handoffs.c.id == handoff_id, WAITING).values(**values)
        async with self._database.single() as connection:
            await connection.execute(placed)

    async def moved(self) -> None:
        async with self._database.single() as connection:
            await connection.execute(select(notify("queue")))

    async def raise_tier(self, handoff_id: int, since: datetime, became: str, alert: NewAlert, at: datetime) -> bool:
        same = (
            (handoffs.c.id == handoff_id)
            & OPEN
            & (func.coalesce(handoffs.c.tier_since, handoffs.c.queued_at) == since)
        )
        raised = update(handoffs).where(same).values(tier=became, tier_since=at)
        async with self._database.begin() as connection:
            row = (await connection.execute(raised.returning(handoffs.c.conversation_id))).first()
            if row is None:
                return False
            await _log_escalation(connection, row.conversation_id, alert.text, at)
            if not (await connection.execute(select(_stands(row.conversation_id, alert)))).scalar_one():
                await write_alerts(connection, row.conversation_id, [alert], at)
            await connection.execute(select(notify("queue")))
            return True

    async def offer(self, handoff_id: int, to: Person, at: datetime, expires_at: datetime) -> bool:
        waits = select(handoffs.c.conversation_id, handoffs.c.tier).where(handoffs.c.id == handoff_id, WAITING)
        async with self._database.begin() as connection:
            row = (await connection.execute(waits.with_for_update(skip_locked=True))).first()
            if row is None or (await connection.scalar(select(in_hand_of(to.id))) or 0) >= to.capacity:
                return False
            new = insert(offers).values(
                handoff_id=handoff_id,
                conversation_id=row.conversation_id,
                user_id=to.id,
                tier=row.tier,
                offered_at=at,
                expires_at=expires_at,
            )
            made = (await connection.execute(new.on_conflict_do_nothing().returning(offers.c.id))).first()
            if made is not None:
                await connection.execute(select(notify("offer", row.conversation_id, u=to.id)))
            return made is not None

    async def end_offers(self, now: datetime) -> int:
        over = and_(_OPEN_OFFER, offers.c.expires_at <= now)
        waits = exists().where(handoffs.c.id == offers.c.handoff_id, WAITING)
        async with self._database.begin() as connection:
            gone = await connection.execute(_ended(_OPEN_OFFER & ~waits, Answer.WITHDRAWN, now))
            lapsed = await connection.execute(_ended(over, Answer.LAPSED, now))
            ended = gone.rowcount + lapsed.rowcount
            if ended:
                await connection.execute(select(notify("offer"), notify("queue")))
            return ended

    async def offer_to(self, user_id: str) -> Offer | None:
        wanted = select(offers).where(offers.c.user_id == user_id, _OPEN_OFFER)
        async with self._database.single() as connection:
            row = (await connection.execute(wanted)).first()
        return Offer(row.id, row.handoff_id, row.conversation_id, row.user_id, row.expires_at) if row else None

    async def answer(self, offer_id: int, user_id: str, answer: Answer, at: datetime) -> bool:
        mine = (offers.c.id == offer_id) & (offers.c.user_id == user_id) & _OPEN_OFFER
        async with self._database.begin() as connection:
            answered = (await connection.execute(_ended(mine, answer, at))).rowcount == 1
            await connection.execute(select(notify("offer"), notify("queue")))
            return answered

    async def tell_away(self, entry: InHand, message: Outbound, at: datetime) -> bool:
        told_before = handoffs.c.away_told_at.is_not_distinct_from(entry.away_told_at)
        untold = (handoffs.c.id == entry.handoff_id) & OPEN & told_before
        owned = exists().where(conversations.c.id == entry.conversation_id, conversations.c.owner == Owner.AGENT)
        async with self._database.begin() as connection:
            told = await connection.execute(update(handoffs).where(untold, owned).values(away_told_at=at))
            if told.rowcount:
                await append(connection, entry.conversation_id, [message], at)
            return told.rowcount == 1

    async def tell_waiting(self, conversation_id: str, message: Outbound, at: datetime) -> bool:
        waits = (conversations.c.id == conversation_id) & (conversations.c.owner == Owner.QUEUE)
        lock = select(conversations.c.id).where(waits).with_for_update(key_share=True)
        told = select(messages.c.id).where(messages.c.id == message.id)
        async with self._database.begin() as connection:
            if (await connection.execute(lock)).first() is None or (await connection.execute(told)).first():
                return False
            await append(connection, conversation_id, [message], at)
            return True

    async def back(self, handoff_id: int) -> None:
        async with self._database.single() as connection:
            await connection.execute(update(handoffs).where(handoffs.c.id == handoff_id).values(away_told_at=None))

    async def handled(self, since: datetime, limit: int = 30) -> Sequence[timedelta]:
        lasted = (handoffs.c.ended_at - handoffs.c.claimed_at).label("lasted")
        wanted = select(lasted).where(
            handoffs.c.queued_at > since, handoffs.c.ended_at.is_not(None), handoffs.c.claimed_at.is_not(None)
        )
        async with self._database.single() as connection:
            return list(
                (await connection.execute(wanted.order_by(handoffs.c.queued_at.desc()).limit(limit))).scalars()
            )

    async def day(self, since: datetime) -> DayCount:
        async with self._database.single() as connection:
            return DayCount(**(await connection.execute(_day(since))).one()._mapping)

    async def place_of(self, conversation_id: str, teams: frozenset[str] | None) -> int | None:
        async with self._database.single() as connection:
            found: int | None = (await connection.execute(_place(conversation_id, teams))).scalar_one_or_none()
            return found


def _waiting() -> Select[Any]:
    offered = exists().where(offers.c.handoff_id == handoffs.c.id, _OPEN_OFFER).label("offered")
    return (
        select(handoffs, _SINCE, conversations.c.frustration, offered, _asked(), _passed_on_by())
        .join(conversations, conversations.c.id == handoffs.c.conversation_id)
        .where(WAITING, conversations.c.owner == Owner.QUEUE)
        .order_by(*ORDER)
    )


def _asked() -> ColumnElement[Any]:
    """Whom this tier of this team was offered it."""
    whom = select(func.array_agg(offers.c.user_id))
    since_then = (offers.c.handoff_id == handoffs.c.id) & (offers.c.offered_at >= _SINCE.element)
    return whom.where(since_then, _ASKED).scalar_subquery().label("asked")


def _passed_on_by() -> ColumnElement[Any]:
    """Who gave it to the team that it waits for: they need not be asked."""
    logged = moves.c.conversation_id == handoffs.c.conversation_id
    passed = logged & (moves.c.move == Move.TRANSFERRED) & (moves.c.at >= _SINCE.element)
    latest = select(moves.c.user_id).where(passed).order_by(moves.c.id.desc()).limit(1)
    return latest.scalar_subquery().label("passed_on_by")


def _as_waiting(r: Row[Any], running: tuple[SlaClock, ...]) -> Waiting:
    return Waiting(
        handoff_id=r.id,
        conversation_id=r.conversation_id,
        team=r.team,
        tier=r.tier,
        tier_since=r.since,
        priority=r.priority,
        packet=r.packet,
        inputs=r.inputs,
        frustration=r.frustration,
        queued_at=r.queued_at,
        score=r.score,
        clocks=running,
        offered=r.offered,
        asked=frozenset((*(r.asked or ()), *((r.passed_on_by,) if r.passed_on_by else ()))),
    )


def _as_in_hand(r: Row[Any], running: tuple[SlaClock, ...]) -> InHand:
    return InHand(
        handoff_id=r.id,
        conversation_id=r.conversation_id,
        team=r.team,
        tier=r.tier,
        tier_since=r.since,
        priority=r.priority,
        agent_id=r.agent_id,
        agent_name=r.name,
        claimed_at=r.claimed_at,
        away_told_at=r.away_told_at,
        clocks=running,
    )


def _ended(which: ColumnElement[bool], answer: Answer, at: datetime) -> Any:
    return update(offers).where(which).values(answer=answer, answered_at=at)


def _stands(conversation_id: str, alert: NewAlert) -> ColumnElement[bool]:
    """Whether this very alert has not been acknowledged yet: it need not be said again."""
    same = (alerts.c.conversation_id == conversation_id) & (alerts.c.kind == alert.kind)
    return exists().where(same, alerts.c.text == alert.text, alerts.c.acknowledged_at.is_(None))


async def _log_escalation(connection: AsyncConnection, conversation_id: str, note: str, at: datetime) -> None:
    """The owner stays; it is written down that the next tier was asked."""
    now = select(conversations.c.owner, conversations.c.agent_id).where(conversations.c.id == conversation_id)
    row = (await connection.execute(now)).one()
    state = state_of(row.owner, closed=False, handed_over=True)
    logged = transitions.log(conversation_id, Move.ESCALATED, state, state, at, agent_id=row.agent_id, note=note)
    await connection.execute(logged)


def _day(since: datetime) -> Select[Any]:
    def count(*conditions: ColumnElement[bool]) -> Any:
        return select(func.count()).where(*conditions).scalar_subquery()

    spoke, before, after = (
        conversations.c[name] for name in ("last_message_at", "frustration_before", "frustration_after")
    )
    upset = (spoke > since) & (before > 0) & after.is_not(None)
    stopped = (clocks.c.started_at > since) & clocks.c.stopped_at.is_not(None)
    return select(
        count(WAITING).label("waiting"),
        select(func.min(handoffs.c.queued_at)).where(WAITING).scalar_subquery().label("longest_since"),
        count(handoffs.c.queued_at > since).label("handed_over"),
        count(handoffs.c.queued_at > since, handoffs.c.ended_how == EndedHow.RESOLVED).label("resolved"),
        count(clocks.c.missed_at > since).label("missed"),
        count(stopped, clocks.c.missed_at.is_(None)).label("met"),
        count(offers.c.offered_at > since, offers.c.answer == Answer.LAPSED).label("lapsed_offers"),
        count(callbacks.c.done_at.is_(None)).label("callbacks"),
        count(approvals.c.answered_at.is_(None)).label("approvals"),
        count(upset).label("upset"),
        count(upset, after < before).label("eased"),
    )


def _place(conversation_id: str, teams: frozenset[str] | None) -> Select[Any]:
    mine, other = handoffs.alias("mine"), handoffs.alias("other")
    waits = other.c.ended_at.is_(None) & other.c.claimed_at.is_(None)
    if teams is not None:
        waits = waits & other.c.team.in_(sorted(teams))
    ahead = tuple_(-other.c.score, other.c.priority, other.c.queued_at, other.c.id) < tuple_(
        -mine.c.score, mine.c.priority, mine.c.queued_at, mine.c.id
    )
    queued = exists().where(conversations.c.id == conversation_id, conversations.c.owner == Owner.QUEUE)
    return (
        select(1 + func.count(other.c.id))
        .select_from(mine.outerjoin(other, ahead & waits))
        .where(mine.c.conversation_id == conversation_id, mine.c.ended_at.is_(None), queued)
        .group_by(mine.c.id)
    )
