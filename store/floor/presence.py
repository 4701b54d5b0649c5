"""Who is at the desk."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, func, select
from sqlalchemy.dialects.postgresql import insert

from casework.floor.ports import AtWork, Presence
from casework.ports import Staff
from store.database import Database, notify
from store.tables import conversations, offers, presences, users


class SqlPresence:
    """Implements casework.floor.ports.PresenceStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def choose(self, user_id: str, presence: Presence, at: datetime) -> None:
        new = insert(presences).values(user_id=user_id, state=presence, seen_at=at)
        chosen = new.on_conflict_do_update(index_elements=["user_id"], set_={"state": presence, "seen_at": at})
        async with self._database.begin() as connection:
            await connection.execute(chosen)
            await connection.execute(select(notify("presence"), notify("queue")))

    async def seen(self, user_id: str, at: datetime) -> None:
        new = insert(presences).values(user_id=user_id, state=Presence.ONLINE, seen_at=at)
        seen = new.on_conflict_do_update(index_elements=["user_id"], set_={"seen_at": at})
        async with self._database.single() as connection:
            await connection.execute(seen)

    async def chosen(self, user_id: str) -> Presence | None:
        wanted = select(presences.c.state).where(presences.c.user_id == user_id)
        async with self._database.single() as connection:
            state = (await connection.execute(wanted)).scalar_one_or_none()
        return Presence(state) if state else None

    async def everybody(self, since: datetime) -> Sequence[AtWork]:
        in_hand = in_hand_of(users.c.id).label("in_hand")
        given = select(func.max(offers.c.offered_at)).where(offers.c.user_id == users.c.id).scalar_subquery()
        wanted = (
            select(users, presences.c.state, presences.c.seen_at, in_hand, given.label("given"))
            .outerjoin(presences, presences.c.user_id == users.c.id)
            .where(users.c.disabled.is_(False))
            .order_by(users.c.name)
            .limit(1000)
        )
        async with self._database.single() as connection:
            return [_at_work(row, since) for row in await connection.execute(wanted)]


def in_hand_of(user_id: ColumnElement[str] | str) -> ScalarSelect[int]:
    """How many conversations somebody has."""
    theirs = (conversations.c.agent_id == user_id) & (conversations.c.owner != "bot")
    return select(func.count()).where(theirs, conversations.c.closed_at.is_(None)).scalar_subquery()


def _at_work(row: Row[Any], since: datetime) -> AtWork:
    chosen = Presence(row.state) if row.state else None
    here = chosen is not None and row.seen_at > since
    staff = Staff(row.id, row.email, row.name, row.role, row.disabled, tuple(row.teams))
    return AtWork(staff, chosen if chosen and here else Presence.AWAY, chosen, row.in_hand, row.given)
