"""Alerts: what a person must know at once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, func, select, update

from casework.ports import Alert, NewAlert
from store.database import Database, notify
from store.outcomes import write_alerts
from store.tables import alerts


class SqlAlerts:
    """Implements casework.ports.Alerts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def raise_(self, alert: NewAlert, conversation_id: str | None, at: datetime) -> None:
        async with self._database.begin() as connection:
            await write_alerts(connection, conversation_id, [alert], at)

    async def raise_once(self, alert: NewAlert, at: datetime) -> None:
        stands = exists().where(alerts.c.kind == alert.kind, alerts.c.acknowledged_at.is_(None))
        async with self._database.begin() as connection:
            await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(alert.kind, 4))))
            if not await connection.scalar(select(stands)):
                await write_alerts(connection, None, [alert], at)

    async def open_ones(self, limit: int = 100) -> Sequence[Alert]:
        wanted = select(alerts).where(alerts.c.acknowledged_at.is_(None)).order_by(alerts.c.id.desc())
        async with self._database.single() as connection:
            return [Alert(**row._mapping) for row in await connection.execute(wanted.limit(limit))]

    async def acknowledge(self, alert_id: int, user_id: str, at: datetime) -> bool:
        mine = update(alerts).where(alerts.c.id == alert_id, alerts.c.acknowledged_at.is_(None))
        async with self._database.begin() as connection:
            done = await connection.execute(mine.values(acknowledged_by=user_id, acknowledged_at=at))
            await connection.execute(select(notify("alert")))
            return done.rowcount == 1
