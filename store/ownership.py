"""Who owns a conversation: compare-and-set, with the handoff and what the customer is told, in one transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Update, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from casework.errors import Conflict
from casework.ports import UNREAD, Author, Message, Outbound, Owner, OwnerChange, PassedOn, Status, Transition
from store import handoffs as handoff_rows
from store import rows, transitions
from store.conversations import read
from store.database import Database, notify
from store.messages import append, pass_on
from store.outcomes import write_alerts
from store.recoveries import reset
from store.tables import callbacks, conversations, handoffs, messages, notes


class SqlOwnership:
    """Implements casework.ports.OwnershipStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def apply(self, change: OwnerChange, at: datetime) -> Sequence[PassedOn] | None:
        async with self._database.begin() as connection:
            if (await connection.execute(_compare_and_set(change, at))).rowcount == 0:
                return None
            await _log(connection, change, at)
            await self._hand_over(connection, change, at)
            passed_on: Sequence[PassedOn] = ()
            if change.owner is not Owner.BOT:
                passed_on = await pass_on(connection, change.conversation_id)
            elif not change.close:
                await connection.execute(_unanswered(change.conversation_id, change.seen))
            if change.close:
                await _must_have_read(connection, change)
                await connection.execute(_called(change, at))
            if change.reset_recovery:
                await reset(connection, change.conversation_id, at)
            await append(connection, change.conversation_id, change.say, at)
            await write_alerts(connection, change.conversation_id, change.alerts, at)
            await connection.execute(select(notify("owner", change.conversation_id), notify("queue")))
            return passed_on

    async def _hand_over(self, connection: AsyncConnection, change: OwnerChange, at: datetime) -> None:
        conversation_id = change.conversation_id
        if change.end is not None:
            await handoff_rows.end(connection, conversation_id, change.end, at, change.root_cause)
        if change.start is not None:
            await handoff_rows.start(connection, conversation_id, change.start, at)
        if change.claim and change.agent_id is not None:
            await handoff_rows.claim(connection, conversation_id, change.agent_id, at)
        if change.team is not None:
            await handoff_rows.wait_again(connection, conversation_id, change.team, change.tier or "agent", at)

    async def say_as_agent(self, conversation_id: str, user_id: str, message: Outbound, at: datetime) -> Message:
        lock = select(conversations.c.agent_id).where(conversations.c.id == conversation_id)
        async with self._database.begin() as connection:
            owner = (await connection.execute(lock.with_for_update(key_share=True))).scalar_one_or_none()
            if owner != user_id:
                await _refuse(connection, conversation_id)
            if (said := await _said(connection, message.id)) is None:
                await append(connection, conversation_id, [message], at)
                await handoff_rows.first_reply(connection, conversation_id, at)
                said = await _said(connection, message.id)
            assert said is not None  # noqa: S101 - written above
            return said

    async def say_while(self, conversation_id: str, owner: Owner, message: Outbound, at: datetime) -> bool:
        lock = select(conversations.c.owner).where(conversations.c.id == conversation_id)
        async with self._database.begin() as connection:
            now = (await connection.execute(lock.with_for_update(key_share=True))).scalar_one_or_none()
            if now != owner:
                return False
            if await _said(connection, message.id) is None:
                await append(connection, conversation_id, [message], at)
            return True

    async def transitions(self, conversation_id: str, limit: int = 100) -> Sequence[Transition]:
        async with self._database.single() as connection:
            return await transitions.of(connection, conversation_id, limit)


async def _log(connection: AsyncConnection, change: OwnerChange, at: datetime) -> None:
    logged = transitions.log(
        change.conversation_id, change.move, change.was, change.became, at, change.by, change.agent_id, change.note
    )
    await connection.execute(logged)
    if change.note and change.by is not None:
        written = {"conversation_id": change.conversation_id, "user_id": change.by, "text": change.note, "at": at}
        await connection.execute(insert(notes).values(**written))


def _compare_and_set(change: OwnerChange, at: datetime) -> Update:
    values: dict[str, Any] = {
        "owner": change.owner,
        "agent_id": change.agent_id,
        "owner_version": change.expected_version + 1,
    }
    if change.close:
        values["closed_at"] = at
    if change.start is not None:
        values["handed_over"] = True
    if change.outcome is not None:
        values["outcome"] = change.outcome
    mine = conversations.c.id == change.conversation_id
    same = conversations.c.owner_version == change.expected_version
    return update(conversations).where(mine, same).values(**values)


def _called(change: OwnerChange, at: datetime) -> Update:
    """Whoever resolves a conversation has spoken with the customer: nobody needs to call."""
    waiting = (callbacks.c.conversation_id == change.conversation_id) & callbacks.c.done_at.is_(None)
    return update(callbacks).where(waiting).values(done_by=change.by, done_at=at, result="resolved in the chat")


async def _must_have_read(connection: AsyncConnection, change: OwnerChange) -> None:
    """What came while the form was filled in is not closed away unread. The conversation's row is locked by now."""
    if change.seen is None:
        return
    here = messages.c.conversation_id == change.conversation_id
    unread = exists().where(here, messages.c.author == Author.CUSTOMER, messages.c.seq > change.seen)
    if (await connection.execute(select(unread))).scalar_one():
        raise Conflict(UNREAD)


def _unanswered(conversation_id: str, seen: int | None) -> Update:
    """What the customer wrote after the person's last word is the bot's to answer: nobody else will.

    Whoever gives it back without a word has read what there is, as far as they have `seen` it.
    """
    here = messages.c.conversation_id == conversation_id
    claimed = select(func.max(handoffs.c.claimed_at)).where(handoffs.c.conversation_id == conversation_id)
    spoken = (messages.c.author == Author.AGENT) & (messages.c.at >= claimed.scalar_subquery())
    last = select(func.max(messages.c.seq)).where(here, spoken).scalar_subquery()
    return (
        update(messages)
        .where(here, messages.c.status == Status.HELD, messages.c.seq > func.coalesce(last, seen))
        .values(status=Status.RECEIVED)
    )


async def _said(connection: AsyncConnection, message_id: str) -> Message | None:
    kept = select(*rows.MESSAGE_COLUMNS).where(messages.c.id == message_id)
    row = (await connection.execute(kept)).first()
    return rows.message(row) if row else None


async def _refuse(connection: AsyncConnection, conversation_id: str) -> None:
    conversation = await read(connection, conversation_id)
    who = conversation.agent_name or {Owner.QUEUE: "nobody yet"}.get(conversation.owner, "the assistant")
    raise Conflict(f"This conversation is not yours: it belongs to {who}.")
