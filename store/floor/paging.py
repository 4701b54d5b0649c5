"""Pages: one for each alert that begins a procedure, sent by one desk at a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, exists, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from casework.floor.paging import Due, OpenPage, Sent
from store.database import Database, notify
from store.tables import alerts, page_sends, pages

_UNANSWERED = alerts.c.acknowledged_at.is_(None)


class SqlPages:
    """Implements casework.floor.paging.PageStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, now: datetime) -> int:
        paged = exists().where(pages.c.alert_id == alerts.c.id)
        found = select(alerts.c.id, literal(now)).where(_UNANSWERED, alerts.c.procedure != "", ~paged)
        new = insert(pages).from_select(["alert_id", "next_at"], found).on_conflict_do_nothing()
        async with self._database.single() as connection:
            return len(list(await connection.execute(new.returning(pages.c.alert_id))))

    async def lease(self, now: datetime, until: datetime) -> Due | None:
        due = (
            select(pages, alerts.c.conversation_id, alerts.c.procedure, alerts.c.at)
            .join(alerts, alerts.c.id == pages.c.alert_id)
            .where(pages.c.next_at <= now, _UNANSWERED)
            .order_by(pages.c.next_at)
            .limit(1)
            .with_for_update(of=[pages], skip_locked=True)
        )
        async with self._database.begin() as connection:
            row = (await connection.execute(due)).first()
            if row is None:
                return None
            leased = update(pages).where(pages.c.alert_id == row.alert_id).values(next_at=until)
            await connection.execute(leased)
            number = row.number + 1
            return Due(row.alert_id, row.conversation_id or "", row.procedure, row.at, number, row.reached)

    async def sent(self, alert_id: int, sends: Sequence[Sent], reached: int, next_at: datetime, at: datetime) -> None:
        values = {"reached": reached, "number": pages.c.number + 1, "next_at": next_at}
        async with self._database.begin() as connection:
            await connection.execute(update(pages).where(pages.c.alert_id == alert_id).values(**values))
            for send in sends:
                line = {"recipient": send.recipient, "channel": send.channel, "problem": send.problem, "at": at}
                await connection.execute(insert(page_sends).values(**line, alert_id=alert_id))
            await connection.execute(select(notify("alert")))

    async def open_ones(self) -> Sequence[OpenPage]:
        mine = page_sends.c.alert_id == pages.c.alert_id
        went_out = select(func.count()).where(mine, page_sends.c.problem == "").scalar_subquery()
        wrong = func.array_agg(func.distinct(page_sends.c.channel + ": " + page_sends.c.problem))
        problems = select(wrong).where(mine, page_sends.c.problem != "").scalar_subquery()
        wanted = (
            select(pages, alerts, went_out.label("sent"), problems.label("problems"))
            .join(alerts, alerts.c.id == pages.c.alert_id)
            .where(_UNANSWERED)
            .order_by(pages.c.alert_id)
            .limit(20)
        )
        async with self._database.single() as connection:
            return [_open_page(row) for row in await connection.execute(wanted)]

    async def acknowledge(self, alert_id: int, user_id: str, at: datetime) -> bool:
        mine = update(alerts).where(alerts.c.id == alert_id, _UNANSWERED)
        async with self._database.begin() as connection:
            done = await connection.execute(mine.values(acknowledged_by=user_id, acknowledged_at=at))
            await connection.execute(update(pages).where(pages.c.alert_id == alert_id).values(next_at=None))
            await connection.execute(select(notify("alert")))
            return done.rowcount == 1


def _open_page(r: Row[Any]) -> OpenPage:
    return OpenPage(
        r.alert_id,
        r.conversation_id or "",
        r.procedure,
        r.text,
        r.at,
        r.number,
        r.next_at,
        r.sent,
        tuple(r.problems or ()),
    )
