"""Turns: one at a time per conversation, across processes, written whole or not at all.

A turn is what every customer waits for, so its statements are built once and its trips are few.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BindParameter,
    Integer,
    Select,
    Text,
    Update,
    bindparam,
    case,
    exists,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from casework.ports import Conversation, Message, Now, OpenTurn, Owner, PassedOn, Status, TurnRecord
from recovery.owners import Move, State, state_of
from store import handoffs as handoff_rows
from store import rows, transitions
from store.database import CHANNEL, Database, notify, payload
from store.messages import insert_outbound, pass_on
from store.outcomes import write_alerts, write_decision, write_steps, write_survey
from store.recoveries import STAGE
from store.tables import conversations, handoffs, messages, nlu_results, recoveries, turn_outcomes, users


class SqlTurns:
    """Implements casework.ports.TurnStore.

    An advisory lock, which a crash releases, spans the turn. It locks no row: messages come in meanwhile.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def next_turn(self, conversation_id: str) -> AsyncIterator[OpenTurn | None]:
        async with self._database.begin() as connection:
            row = (await connection.execute(_OLDEST, {"conversation": conversation_id})).first()
            if row is None or not row.locked:
                yield None
                return
            yield SqlOpenTurn(connection, *_read(row))

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
        self._state = conversation.state

    async def look_again(self) -> Now:
        mine = {"conversation": self.conversation.id, "message": self.message.id}
        row = (await self._connection.execute(_NOW, mine)).one()
        self._state = state_of(row.owner, closed=False, handed_over=row.handed_over)
        rules = None if row.rules is None else tuple(row.rules)
        return Now(Owner(row.owner), Status(row.status), rules, row.outcome, row.more)

    async def finish(self, record: TurnRecord, at: datetime) -> Sequence[PassedOn]:
        connection, conversation_id = self._connection, self.conversation.id
        end: int = (await connection.execute(_FINISH, _values(self.message, record, at))).scalar_one()
        if record.replies:
            await insert_outbound(connection, conversation_id, end - len(record.replies), record.replies, at)
        if record.decision is not None:
            await write_decision(connection, conversation_id, self.message.id, record.decision, at)
        await write_steps(connection, conversation_id, record.steps, at)
        if record.survey is not None:
            await write_survey(connection, conversation_id, record.survey, at)
        passed_on = await self._rest(record.rest)
        await self._hand_over(record, at)
        await write_alerts(connection, conversation_id, record.alerts, at)
        return passed_on

    async def _rest(self, status: Status | None) -> Sequence[PassedOn]:
        """The messages behind this one wait for a person; or those that waited for one are the bot's again."""
        if status is Status.HELD:
            return await pass_on(self._connection, self.conversation.id, self.message.seq)
        if status is not None:
            await self._connection.execute(_freed(self.message, status))
        return ()

    async def _hand_over(self, record: TurnRecord, at: datetime) -> None:
        """The handoff, and the owner."""
        if record.end_handoff is not None:
            await handoff_rows.end(self._connection, self.conversation.id, record.end_handoff, at)
        if record.handoff is not None:
            await handoff_rows.start(self._connection, self.conversation.id, record.handoff, at)
        if record.owner is not None:
            await self._log_moves(record, at)
            signals = select(notify("owner", self.conversation.id), notify("queue"))
            await self._connection.execute(signals)

    async def _log_moves(self, record: TurnRecord, at: datetime) -> None:
        """An outage that ends with a reason of its own to hand over is two moves."""
        moves = [(Move.ENGINE_BACK, State.RETURNED)] if record.end_handoff is not None else []
        moves += [(Move.HANDED_OVER, State.QUEUED)] if record.handoff is not None else []
        for move, became in moves:
            await self._connection.execute(transitions.log(self.conversation.id, move, self._state, became, at))
            self._state = became


def _oldest() -> Select[Any]:
    """The oldest message to answer, with all that a question to the engine needs, and the turn's lock."""
    conversation: BindParameter[str] = bindparam("conversation")
    lock = func.pg_try_advisory_xact_lock(func.hashtextextended(conversation, 0)).label("locked")
    columns = [c.label(f"m_{c.name}") for c in rows.MESSAGE_COLUMNS]
    of_agent = users.c.name.label("agent_name")
    return (
        select(lock, STAGE, *columns, *conversations.c, of_agent)
        .select_from(
            messages.join(conversations, conversations.c.id == messages.c.conversation_id)
            .outerjoin(recoveries, recoveries.c.conversation_id == conversations.c.id)
            .outerjoin(users, users.c.id == conversations.c.agent_id)
        )
        .where(messages.c.conversation_id == conversation, messages.c.status == Status.RECEIVED)
        .order_by(messages.c.seq)
        .limit(1)
    )


def _read(row: Any) -> tuple[Message, Conversation, str]:
    values = row._mapping
    message = rows.message(_Prefixed(values))  # type: ignore[arg-type]
    return message, rows.conversation(row), row.stage


class _Prefixed:
    """A message's columns of a row that holds a conversation's too."""

    def __init__(self, values: Any) -> None:
        self._values = values

    def __getattr__(self, name: str) -> Any:
        return self._values[f"m_{name}"]


def _now() -> Select[Any]:
    """Locks the conversation: until the turn ends, no message comes in and no owner changes."""
    mine = handoffs.c.conversation_id == conversations.c.id
    other = messages.alias("other")
    behind = (other.c.conversation_id == conversations.c.id) & (other.c.status == Status.RECEIVED)
    more = exists().where(behind, other.c.seq > messages.c.seq).label("more")
    return (
        select(
            conversations.c.owner,
            conversations.c.handed_over,
            messages.c.status,
            handoffs.c.rules,
            turn_outcomes.c.outcome,
            more,
        )
        .select_from(
            conversations.join(messages, messages.c.id == bindparam("message"))
            .outerjoin(handoffs, mine & handoff_rows.OPEN)
            .outerjoin(turn_outcomes, turn_outcomes.c.message_id == messages.c.id)
        )
        .where(conversations.c.id == bindparam("conversation"))
        .with_for_update(of=[conversations], key_share=True)  # key_share: actions may still refer to it
    )


def _finish() -> Update:
    """The customer's message, what was understood, and the conversation's columns, in one trip.

    A None leaves a column as it is. What was understood last stands, when a message is tried again.
    """
    settled = (
        update(messages)
        .where(messages.c.id == bindparam("message"))
        .values(status=bindparam("settled"), attempts=messages.c.attempts + 1, done_at=bindparam("done"))
        .returning(messages.c.id)
        .cte("settled")
    )
    result = bindparam("nlu", type_=JSONB(none_as_null=True))
    known = select(bindparam("message", type_=Text), bindparam("model", type_=Text), result).where(
        result.is_not(None)
    )
    new = insert(nlu_results).from_select(["message_id", "model", "result"], known)
    latest = {"model": new.excluded.model, "result": new.excluded.result}
    understood = new.on_conflict_do_update(index_elements=["message_id"], set_=latest)
    understood_cte = understood.returning(nlu_results.c.message_id).cte("understood")
    said: BindParameter[int] = bindparam("said")
    owner = bindparam("owner", type_=Text)
    changed = {
        "next_seq": conversations.c.next_seq + said,
        "last_message_at": case((said > 0, bindparam("when")), else_=conversations.c.last_message_at),
        "frustration": func.coalesce(bindparam("frustration"), conversations.c.frustration),
        "frustration_before": func.coalesce(
            bindparam("felt_before", type_=Integer), conversations.c.frustration_before
        ),
        "frustration_after": func.coalesce(bindparam("felt_after", type_=Integer), conversations.c.frustration_after),
        "challenges": func.coalesce(bindparam("challenges", type_=ARRAY(Text)), conversations.c.challenges),
        "outcome": func.coalesce(bindparam("outcome", type_=Text), conversations.c.outcome),
        "owner": func.coalesce(owner, conversations.c.owner),
        "owner_version": conversations.c.owner_version + case((owner.is_not(None), 1), else_=0),
        "handed_over": conversations.c.handed_over | bindparam("handed_over"),
    }
    return (
        update(conversations)
        .where(conversations.c.id == bindparam("conversation"))
        .values(changed)
        .returning(conversations.c.next_seq, func.pg_notify(CHANNEL, bindparam("signal")))
        .add_cte(settled, understood_cte)
    )


def _level(name: str) -> BindParameter[int]:
    return bindparam(name, type_=Integer)


def _values(message: Message, record: TurnRecord, at: datetime) -> dict[str, Any]:
    return {
        "message": message.id,
        "conversation": message.conversation_id,
        "settled": record.status,
        "done": at if record.status is Status.ANSWERED else None,
        "nlu": record.nlu,
        "model": str((record.nlu or {}).get("model", "")),
        "said": len(record.replies),
        "when": at,
        "frustration": record.frustration,
        "felt_before": record.eased[0] if record.eased else None,
        "felt_after": record.eased[1] if record.eased else None,
        "challenges": None if record.challenges is None else list(record.challenges),
        "outcome": record.outcome,
        "owner": record.owner,
        "handed_over": record.handoff is not None,
        "signal": payload("message", message.conversation_id),
    }


def _freed(message: Message, status: Status) -> Update:
    others = (messages.c.conversation_id == message.conversation_id) & (messages.c.seq > message.seq)
    return update(messages).where(others, messages.c.status == Status.HELD).values(status=status)


_OLDEST, _NOW, _FINISH = _oldest(), _now(), _finish()
