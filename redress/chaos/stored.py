"""What is stored of the played conversations, as it stands in the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from crm_adapter.tables import cases, compensations
from store.tables import conversations, deliveries, handoffs, messages

type Rows = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Stored:
    """Rows with their columns' own names."""

    messages: Rows
    conversations: Rows
    handoffs: Rows  # the open ones
    cases: Rows
    compensations: Rows
    deliveries: Rows


async def read(engine: AsyncEngine, conversation_ids: Sequence[str]) -> Stored:
    """Everything of these conversations and of their customers' recoveries."""
    ours = conversations.c.id.in_(conversation_ids)
    mine = cases.c.conversation_id.in_(conversation_ids)
    of_cases = select(compensations).join(cases).where(mine, compensations.c.revoked_at.is_(None))
    of_messages = messages.c.conversation_id.in_(conversation_ids)
    wanted: list[Select[Any]] = [
        select(messages).where(of_messages).order_by(messages.c.conversation_id, messages.c.seq),
        select(conversations).where(ours),
        select(handoffs).where(handoffs.c.conversation_id.in_(conversation_ids), handoffs.c.ended_at.is_(None)),
        select(cases).where(mine),
        of_cases,
        select(deliveries).where(deliveries.c.conversation_id.in_(conversation_ids)),
    ]
    async with engine.connect() as connection, connection.begin():
        found = [(await connection.execute(one)).all() for one in wanted]
    return Stored(*found)


async def conversations_of(engine: AsyncEngine, channel: str, users: Sequence[str]) -> dict[str, str]:
    """The conversation of each of these users of a channel; they have one each."""
    wanted = select(conversations.c.channel_user, conversations.c.id).where(
        conversations.c.channel == channel, conversations.c.channel_user.in_(users)
    )
    async with engine.connect() as connection:
        return {row.channel_user: row.id for row in await connection.execute(wanted)}


async def unanswered(engine: AsyncEngine) -> int:
    """How many messages still wait for the bot, or for their way to a channel that we bring them to."""
    waits = select(func.count()).where(messages.c.status == "received")
    to_bring = (
        select(func.count())
        .select_from(messages.join(conversations, conversations.c.id == messages.c.conversation_id))
        .where(messages.c.status == "ready", conversations.c.channel != "web")
    )
    async with engine.connect() as connection:
        return int(
            (await connection.execute(select(waits.scalar_subquery() + to_bring.scalar_subquery()))).scalar_one()
        )
