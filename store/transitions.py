"""The log of moves: who answered a conversation when, and why it changed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Insert, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from casework.ports import Transition
from recovery.owners import Move, State
from store.tables import transitions, users


def log(
    conversation_id: str,
    move: Move,
    was: State,
    became: State,
    at: datetime,
    by: str | None = None,
    agent_id: str | None = None,
    note: str = "",
) -> Insert:
    """The line that goes with a move, in its transaction."""
    return insert(transitions).values(
        conversation_id=conversation_id,
        move=move,
        was=was,
        became=became,
        user_id=by,
        agent_id=agent_id,
        note=note,
        at=at,
    )


async def of(connection: AsyncConnection, conversation_id: str, limit: int) -> Sequence[Transition]:
    """The latest moves of a conversation, oldest first."""
    by, agent = users.alias("by"), users.alias("agent")
    wanted = (
        select(
            transitions,
            func.coalesce(by.c.name, "").label("by_name"),
            func.coalesce(agent.c.name, "").label("agent_name"),
        )
        .outerjoin(by, by.c.id == transitions.c.user_id)
        .outerjoin(agent, agent.c.id == transitions.c.agent_id)
        .where(transitions.c.conversation_id == conversation_id)
        .order_by(transitions.c.id.desc())
        .limit(limit)
    )
    rows = list(await connection.execute(wanted))
    return [
        Transition(Move(r.move), State(r.was), State(r.became), r.by_name, r.agent_name, r.note, r.at)
        for r in reversed(rows)
    ]
