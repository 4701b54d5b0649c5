"""Conversations: one open one for each user of a channel."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from casework.errors import Conflict, NotFound
from casework.ports import Conversation, EndedHow, Owner
from recovery.owners import Move, State
from store import rows
from store.database import Database, notify
from store.handoffs import end as end_handoff
from store.messages import hold, withhold
from store.tables import conversations, handoffs
from store.transitions import log


class SqlConversations:
    """Implements casework.ports.Conversations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, conversation_id: str) -> Conversation:
        async with self._database.single() as connection:
            return await read(connection, conversation_id)

    async def open_for(
        self, channel: str, channel_user: str, at: datetime, customer_id: str | None = None, name: str = ""
    ) -> Conversation:
        async with self._database.single() as connection:
            found = await _find_open(connection, channel, channel_user)
            while found is None:  # somebody else may open, and even close, it between our two looks
                await _open(connection, channel, channel_user, at, customer_id, name)
                found = await _find_open(connection, channel, channel_user)
            return found

    async def verify(self, conversation_id: str, customer_id: str, name: str, channel_user: str) -> Conversation:
        ours = conversations.c.customer_id.is_(None) | (conversations.c.customer_id == customer_id)
        verified = update(conversations).where(conversations.c.id == conversation_id, ours)
        verified = verified.values(customer_id=customer_id, customer_name=name)
        async with self._database.begin() as connection:
            if (await connection.execute(verified)).rowcount == 0:
                await read(connection, conversation_id)
                raise Conflict("This conversation is another customer's.")
            await _rename(connection, conversation_id, channel_user)
            await connection.execute(select(notify("owner", conversation_id)))
            return await read(connection, conversation_id)

    async def unverify(self, conversation_id: str, at: datetime) -> None:
        mine = conversations.c.id == conversation_id
        async with self._database.begin() as connection:
            await connection.execute(select(conversations.c.id).where(mine).with_for_update())
            now = await read(connection, conversation_id)
            if now.state is State.CLOSED:
                return
            ended = {"closed_at": at, "owner": Owner.BOT, "agent_id": None, "owner_version": now.owner_version + 1}
            await connection.execute(update(conversations).where(mine).values(ended))
            await connection.execute(log(conversation_id, Move.UNLINKED, now.state, State.CLOSED, at))
            # The chat may be somebody else's by now: nothing of this customer's goes there, nor to a queue.
            await connection.execute(hold(conversation_id))
            await connection.execute(withhold(conversation_id))
            if now.owner is not Owner.BOT:
                await end_handoff(connection, conversation_id, EndedHow.LEFT, at)
            await connection.execute(select(notify("owner", conversation_id), notify("queue")))

    async def latest_for(self, channel: str, channel_user: str) -> Conversation | None:
        mine = (conversations.c.channel == channel) & (conversations.c.channel_user == channel_user)
        newest = conversations.c.closed_at.is_(None).desc(), conversations.c.opened_at.desc()
        wanted = rows.conversations_with_agents().where(mine).order_by(*newest).limit(1)
        async with self._database.single() as connection:
            row = (await connection.execute(wanted)).first()
            return rows.conversation(row) if row else None

    async def latest_like(self, conversation_id: str) -> Conversation:
        same = select(conversations.c.channel, conversations.c.channel_user).where(
            conversations.c.id == conversation_id
        )
        wanted = rows.conversations_with_agents().where(
            tuple_(conversations.c.channel, conversations.c.channel_user).in_(same)
        )
        latest = wanted.order_by(conversations.c.closed_at.desc().nulls_first()).limit(1)
        async with self._database.single() as connection:
            return _found((await connection.execute(latest)).first(), conversation_id)

    async def position(self, conversation_id: str) -> int | None:
        async with self._database.single() as connection:
            place: int | None = (await connection.execute(_position(conversation_id))).scalar_one_or_none()
            return place


async def read(connection: AsyncConnection, conversation_id: str) -> Conversation:
    """One conversation. Raises NotFound."""
    wanted = rows.conversations_with_agents().where(conversations.c.id == conversation_id)
    return _found((await connection.execute(wanted)).first(), conversation_id)


def _found(row: Any, conversation_id: str) -> Conversation:
    if row is None:
        raise NotFound(f"There is no conversation {conversation_id}.")
    return rows.conversation(row)


async def _find_open(connection: AsyncConnection, channel: str, channel_user: str) -> Conversation | None:
    wanted = rows.conversations_with_agents().where(
        conversations.c.channel == channel,
        conversations.c.channel_user == channel_user,
        conversations.c.closed_at.is_(None),
    )
    row = (await connection.execute(wanted)).first()
    return rows.conversation(row) if row else None


async def _open(
    connection: AsyncConnection, channel: str, channel_user: str, at: datetime, customer_id: str | None, name: str
) -> None:
    new = insert(conversations).values(
        id=f"c{secrets.token_hex(8)}",
        channel=channel,
        channel_user=channel_user,
        customer_id=customer_id,
        customer_name=name,
        opened_at=at,
        last_message_at=at,
    )
    await connection.execute(new.on_conflict_do_nothing())


async def _rename(connection: AsyncConnection, conversation_id: str, channel_user: str) -> None:
    """Take the customer's channel user, unless another open conversation has it."""
    renamed = update(conversations).where(conversations.c.id == conversation_id).values(channel_user=channel_user)
    try:
        async with connection.begin_nested():
            await connection.execute(renamed)
    except IntegrityError:
        return


def _position(conversation_id: str) -> Select[Any]:
    """1 for the next to be claimed; no row when it does not wait."""
    mine, other = handoffs.alias("mine"), handoffs.alias("other")
    ahead = tuple_(-other.c.score, other.c.priority, other.c.queued_at, other.c.id) < tuple_(
        -mine.c.score, mine.c.priority, mine.c.queued_at, mine.c.id
    )
    waits = exists().where(conversations.c.id == conversation_id, conversations.c.owner == Owner.QUEUE)
    return (
        select(1 + func.count(other.c.id))
        .select_from(mine.outerjoin(other, ahead & other.c.ended_at.is_(None) & other.c.claimed_at.is_(None)))
        .where(mine.c.conversation_id == conversation_id, mine.c.ended_at.is_(None), waits)
        .group_by(mine.c.id)
    )
