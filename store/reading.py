"""What the staff's pages read: the queue, one conversation, alerts and looks. Every query is bounded."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, func, insert, literal, select

from casework.ports import Author, Owner, Staff, Transition
from casework.read_records import (
    AlertRead,
    ConversationRead,
    DecisionRead,
    DutyDone,
    FoundConversation,
    HandoffRead,
    LookRead,
    MessageRead,
    NoteRead,
    Overview,
    Page,
    QueueEntry,
    Search,
    Standing,
    StepRead,
    SurveyRead,
)
from recovery.sla import SlaClock
from store import searching
from store.database import Database
from store.floor.clocks import clocks_of
from store.tables import (
    alerts,
    conversations,
    decisions,
    duties_done,
    handoffs,
    looks,
    messages,
    nlu_results,
    notes,
    recovery_steps,
    surveys,
    transitions,
    users,
)
from store.transitions import of as moves_of


class SqlReading:
    """Implements casework.reading.Reading."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def _all(self, wanted: Select[Any]) -> list[Row[Any]]:
        async with self._database.single() as connection:
            return list(await connection.execute(wanted))

    async def queue(self, limit: int = 200) -> Sequence[QueueEntry]:
        found = await self._all(_queue().limit(limit))
        async with self._database.single() as connection:
            running = await clocks_of(connection, [row.handoff_id for row in found], only_open=True)
        return [_queue_entry(row, running.get(row.handoff_id, ())) for row in found]

    async def clocks(self, handoff_id: int) -> Sequence[SlaClock]:
        async with self._database.single() as connection:
            return (await clocks_of(connection, [handoff_id])).get(handoff_id, ())

    async def moves(self, conversation_id: str) -> Sequence[Transition]:
        async with self._database.single() as connection:
            return await moves_of(connection, conversation_id, limit=50)

    async def standing(self) -> Standing:
        queued = (conversations.c.owner == Owner.QUEUE) & conversations.c.closed_at.is_(None)
        waiting = select(func.count()).where(queued).scalar_subquery()
        unread = select(func.count()).where(alerts.c.acknowledged_at.is_(None)).scalar_subquery()
        (row,) = await self._all(select(waiting.label("waiting"), unread.label("unread")))
        return Standing(row.waiting, row.unread)

    async def conversation(self, conversation_id: str) -> ConversationRead | None:
        wanted = searching.conversation_rows().where(conversations.c.id == conversation_id)
        rows = await self._all(wanted)
        return searching.conversation_read(rows[0]) if rows else None

    async def claimed_once(self, conversation_id: str, user_id: str) -> bool:
        claimed = (handoffs.c.conversation_id == conversation_id) & (handoffs.c.claimed_by == user_id)
        owned = (transitions.c.conversation_id == conversation_id) & (transitions.c.agent_id == user_id)
        return bool((await self._all(select(exists().where(claimed) | exists().where(owned))))[0][0])

    async def messages(
        self, conversation_id: str, *, after: int = 0, before: int | None = None, limit: int = 200
    ) -> Sequence[MessageRead]:
        wanted = (
            select(messages, nlu_results.c.result)
            .outerjoin(nlu_results)
            .where(messages.c.conversation_id == conversation_id, messages.c.seq > after)
            .order_by(messages.c.seq.desc())
            .limit(limit)
        )
        if before is not None:
            wanted = wanted.where(messages.c.seq < before)
        return [_message(row) for row in reversed(await self._all(wanted))]

    async def decisions(self, conversation_id: str, message_ids: Sequence[str]) -> Sequence[DecisionRead]:
        wanted = select(decisions).where(
            decisions.c.conversation_id == conversation_id, decisions.c.message_id.in_(message_ids)
        )
        return [_decision(row) for row in await self._all(wanted.order_by(decisions.c.id))]

    async def steps(self, message_ids: Sequence[str]) -> Sequence[StepRead]:
        wanted = select(recovery_steps).where(recovery_steps.c.message_id.in_(message_ids))
        rows = await self._all(wanted.order_by(recovery_steps.c.id))
        return [StepRead(r.case_id, r.step, r.message_id) for r in rows]

    async def handoffs(self, conversation_id: str) -> Sequence[HandoffRead]:
        wanted = (
            select(handoffs, func.coalesce(users.c.name, "").label("claimed_name"))
            .outerjoin(users, users.c.id == handoffs.c.claimed_by)
            .where(handoffs.c.conversation_id == conversation_id)
            .order_by(handoffs.c.id.desc())
            .limit(20)
        )
        return [_handoff(row) for row in await self._all(wanted)]

    async def notes(self, conversation_id: str) -> Sequence[NoteRead]:
        wanted = (
            select(notes, users.c.name)
            .join(users)
            .where(notes.c.conversation_id == conversation_id)
            .order_by(notes.c.id.desc())
            .limit(100)
        )
        return [NoteRead(r.id, r.name, r.text, r.at) for r in reversed(await self._all(wanted))]

    async def duties(self, handoff_ids: Sequence[int]) -> Sequence[DutyDone]:
        wanted = (
            select(duties_done, users.c.name.label("name"))
            .join(users, users.c.id == duties_done.c.user_id)
            .where(duties_done.c.handoff_id.in_(handoff_ids))
        )
        rows = await self._all(wanted.limit(500))
        return [DutyDone(r.handoff_id, r.procedure, r.duty, r.name, r.at) for r in rows]

    async def surveys(self, conversation_id: str) -> Sequence[SurveyRead]:
        wanted = select(surveys).where(surveys.c.conversation_id == conversation_id).order_by(surveys.c.asked_at)
        rows = await self._all(wanted.limit(50))
        return [SurveyRead(r.case_id, r.rating, r.comment, r.asked_at, r.answered_at, r.kind) for r in rows]

    async def search(self, wanted: Search, after: str | None, limit: int = 50) -> Page[FoundConversation]:
        few = await self._few(wanted)
        rows = await self._all(searching.page(wanted, after, limit + 1, few))
        found = [searching.found(row) for row in rows[:limit]]
        last = found[-1].conversation if len(rows) > limit else None
        return Page(found, searching.cursor(last.last_message_at, last.id) if last else None)

    async def count(self, wanted: Search, most: int = 1000) -> int:
        few = await self._few(wanted)
        return int((await self._all(searching.count(wanted, most, few)))[0][0])

    async def _few(self, wanted: Search) -> bool:
        return bool(wanted.words and (await self._all(searching.few_messages(wanted.words)))[0][0])

    async def overview(self, since: datetime) -> Overview:
        return searching.overview_read((await self._all(searching.overview(since)))[0])

    async def staff(self) -> Sequence[Staff]:
        everybody = select(users).order_by(users.c.name).limit(500)
        return [Staff(r.id, r.email, r.name, r.role, r.disabled, tuple(r.teams)) for r in await self._all(everybody)]

    async def alerts(self, *, only_open: bool, before: int | None, limit: int = 50) -> Page[AlertRead]:
        wanted = select(alerts, func.coalesce(users.c.name, "").label("name")).outerjoin(
            users, users.c.id == alerts.c.acknowledged_by
        )
        if only_open:
            wanted = wanted.where(alerts.c.acknowledged_at.is_(None))
        rows = await self._all(_older(wanted, alerts.c.id, before, limit))
        read = [AlertRead(r.id, r.kind, r.conversation_id, r.text, r.at, r.name, r.acknowledged_at) for r in rows]
        return _page(read, limit)

    async def looks(self, *, subject: str, user_id: str, before: int | None, limit: int = 50) -> Page[LookRead]:
        wanted = (
            select(looks, users.c.name, users.c.role, func.coalesce(conversations.c.customer_name, "").label("whose"))
            .join(users, users.c.id == looks.c.user_id)
            .outerjoin(conversations, conversations.c.id == looks.c.subject_id)
        )
        if subject:
            wanted = wanted.where(looks.c.subject_id == subject)
        if user_id:
            wanted = wanted.where(looks.c.user_id == user_id)
        rows = await self._all(_older(wanted, looks.c.id, before, limit))
        read = [LookRead(r.id, r.user_id, r.name, r.role, r.what, r.subject_id, r.whose, r.at) for r in rows]
        return _page(read, limit)

    async def log_look(
        self, user_id: str, what: str, subject_id: str, at: datetime, unless_since: datetime | None = None
    ) -> None:
        same = and_(looks.c.user_id == user_id, looks.c.what == what, looks.c.subject_id == subject_id)
        values = select(literal(user_id), literal(what), literal(subject_id), literal(at))
        if unless_since is not None:
            values = values.where(~exists().where(same, looks.c.at > unless_since))
        async with self._database.single() as connection:
            await connection.execute(insert(looks).from_select(["user_id", "what", "subject_id", "at"], values))


def _older(wanted: Select[Any], key: ColumnElement[int], before: int | None, limit: int) -> Select[Any]:
    """The next rows below a key, newest first, and one more to see whether there are others."""
    if before is not None:
        wanted = wanted.where(key < before)
    return wanted.order_by(key.desc()).limit(limit + 1)


def _page[T: (AlertRead, LookRead)](rows: list[T], limit: int) -> Page[T]:
    return Page(rows[:limit], str(rows[limit - 1].id) if len(rows) > limit else None)


def _queue() -> Select[Any]:
    """Open handoffs with the last message that anybody wrote and how long the customer has had no answer."""
    said = (
        select(messages.c.author, messages.c.text, messages.c.at)
        .where(
            messages.c.conversation_id == conversations.c.id,
            messages.c.author.in_((Author.CUSTOMER, Author.AGENT)),
        )
        .order_by(messages.c.seq.desc())
        .limit(1)
        .lateral("said")
    )
    return (
        select(
            conversations,
            func.coalesce(users.c.name, "").label("agent_name"),
            handoffs.c.id.label("handoff_id"),
            handoffs.c.team,
            handoffs.c.tier,
            handoffs.c.score,
            handoffs.c.score_parts,
            handoffs.c.priority,
            handoffs.c.priority_reasons,
            handoffs.c.rules,
            handoffs.c.rationale,
            handoffs.c.queued_at,
            handoffs.c.claimed_at,
            said.c.author.label("said_by"),
            said.c.text.label("said_text"),
            said.c.at.label("said_at"),
            _unanswered().label("unanswered_since"),
        )
        .join(handoffs, and_(handoffs.c.conversation_id == conversations.c.id, handoffs.c.ended_at.is_(None)))
        .outerjoin(users, users.c.id == conversations.c.agent_id)
        .outerjoin(said, literal(True))
        .where(conversations.c.owner != Owner.BOT, conversations.c.closed_at.is_(None))
        .order_by(handoffs.c.score.desc(), handoffs.c.priority, handoffs.c.queued_at, handoffs.c.id)
    )


def _unanswered() -> ColumnElement[datetime | None]:
    """Since when the customer has had no answer of a person: from the handoff, then from what they wrote since."""
    theirs, ours = messages.alias("theirs"), messages.alias("ours")
    answered = (
        select(func.coalesce(func.max(ours.c.seq), 0))
        .where(ours.c.conversation_id == conversations.c.id, ours.c.author == Author.AGENT)
        .correlate(conversations)
        .scalar_subquery()
    )
    since = (
        select(func.min(theirs.c.at))
        .where(
            theirs.c.conversation_id == conversations.c.id,
            theirs.c.author == Author.CUSTOMER,
            theirs.c.seq > answered,
        )
        .correlate(conversations)
        .scalar_subquery()
    )
    return case((handoffs.c.first_reply_at.is_(None), handoffs.c.queued_at), else_=since)


def _queue_entry(r: Row[Any], clocks: tuple[SlaClock, ...]) -> QueueEntry:
    return QueueEntry(
        r.id,
        r.channel,
        r.customer_name,
        r.owner,
        r.agent_id,
        r.agent_name,
        tuple(r.challenges),
        r.frustration,
        r.team,
        r.priority,
        tuple(r.priority_reasons),
        tuple(r.rules),
        tuple(r.rationale),
        r.queued_at,
        r.claimed_at,
        r.said_by or "",
        r.said_text or "",
        r.said_at,
        r.unanswered_since,
        r.tier or "",
        r.score,
        tuple(r.score_parts),
        clocks,
    )


def _message(r: Row[Any]) -> MessageRead:
    return MessageRead(
        r.id,
        r.seq,
        r.author,
        r.author_name,
        r.text,
        tuple(r.buttons),
        r.payload,
        r.status,
        r.meta,
        r.at,
        r.done_at,
        r.result,
    )


def _decision(r: Row[Any]) -> DecisionRead:
    return DecisionRead(
        r.id,
        r.message_id,
        r.case_id,
        r.step,
        tuple(r.rules),
        r.playbook_version,
        r.inputs,
        tuple(r.reasons),
        r.at,
    )


def _handoff(r: Row[Any]) -> HandoffRead:
    return HandoffRead(
        r.id,
        r.message_id,
        tuple(r.rules),
        r.playbook_version,
        r.team,
        r.priority,
        tuple(r.priority_reasons),
        r.inputs,
        tuple(r.rationale),
        r.packet,
        r.queued_at,
        r.claimed_by,
        r.claimed_name,
        r.claimed_at,
        r.first_reply_at,
        r.ended_at,
        r.ended_how,
        r.root_cause,
        r.score,
        tuple(r.score_parts),
    )
