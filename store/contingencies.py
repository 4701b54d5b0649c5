"""Contingencies: switched on and off, each time with who did it and when."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from casework.errors import Conflict, NotFound
from casework.ports import ContingencyRead, NewContingency, Switched
from recovery.contingencies import Contingency
from recovery.words import ChallengeType
from store.database import Database
from store.tables import contingencies, contingency_log


def contingency(row: Mapping[str, Any]) -> Contingency:
    """One row, from the table or from its JSON."""
    return Contingency(
        str(row["id"]),
        row["kind"],
        row["text"],
        row["doing"],
        _moment(row["starts_at"]),
        _moment(row["ends_at"]),
        tuple(c for c in ChallengeType if c in row["challenges"]),
        tuple(row["couriers"]),
        tuple(row["regions"]),
        tuple(row["products"]),
    )


def _moment(value: datetime | str) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


class SqlContingencies:
    """Implements casework.ports.ContingencyBook."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def on(self, new: NewContingency, challenges: Sequence[ChallengeType], by: str, at: datetime) -> str:
        values = {
            "kind": new.kind,
            "text": new.text.strip(),
            "doing": new.doing.strip(),
            "challenges": [c.value for c in challenges],
            "couriers": list(new.couriers),
            "regions": list(new.regions),
            "products": list(new.products),
            "starts_at": new.starts_at,
            "ends_at": new.ends_at,
        }
        async with self._database.begin() as connection:
            made = insert(contingencies).values(values).returning(contingencies.c.id)
            made_id: int = (await connection.execute(made)).scalar_one()
            await _note(connection, made_id, "on", by, at, f"until {new.ends_at:%d %b %Y, %H:%M %Z}")
        return str(made_id)

    async def until(self, contingency_id: str, ends_at: datetime, by: str, at: datetime) -> None:
        details = f"until {ends_at:%d %b %Y, %H:%M %Z}"
        await self._change(contingency_id, {"ends_at": ends_at}, "changed", by, at, details)

    async def off(self, contingency_id: str, by: str, at: datetime) -> None:
        await self._change(contingency_id, {"off_at": at}, "off", by, at)

    async def get(self, contingency_id: str) -> ContingencyRead:
        found = await self._read(contingencies.c.id == _number(contingency_id), 1)
        if not found:
            raise NotFound("There is no such contingency.")
        return found[0]

    async def latest(self, limit: int = 50) -> Sequence[ContingencyRead]:
        return await self._read(contingencies.c.id > 0, limit)

    async def _change(
        self, contingency_id: str, values: dict[str, Any], what: str, by: str, at: datetime, details: str = ""
    ) -> None:
        number = _number(contingency_id)
        lasts = contingencies.c.off_at.is_(None) & (contingencies.c.ends_at > at)
        changed = update(contingencies).where(contingencies.c.id == number, lasts).values(values)
        async with self._database.begin() as connection:
            if (await connection.execute(changed)).rowcount == 0:
                known = select(contingencies.c.id).where(contingencies.c.id == number)
                if (await connection.execute(known)).first() is None:
                    raise NotFound("There is no such contingency.")
                raise Conflict("This contingency has ended already.")
            await _note(connection, number, what, by, at, details)

    async def _read(self, where: ColumnElement[bool], limit: int) -> list[ContingencyRead]:
        """With their logs, in one trip."""
        line = func.json_build_object(
            "what",
            contingency_log.c.what,
            "by",
            contingency_log.c.by,
            "at",
            contingency_log.c.at,
            "details",
            contingency_log.c.details,
        )
        log = (
            select(func.json_agg(line))
            .where(contingency_log.c.contingency_id == contingencies.c.id)
            .scalar_subquery()
            .label("log")
        )
        wanted = select(contingencies, log).where(where).order_by(contingencies.c.ends_at.desc()).limit(limit)
        async with self._database.single() as connection:
            return [_read(dict(row._mapping)) for row in await connection.execute(wanted)]


def _read(row: Mapping[str, Any]) -> ContingencyRead:
    lines = sorted(row["log"] or (), key=lambda line: line["at"])
    log = tuple(Switched(n["what"], n["by"], _moment(n["at"]), n["details"]) for n in lines)
    return ContingencyRead(contingency(row), row["off_at"], log)


def _number(contingency_id: str) -> int:
    if not contingency_id.isdigit() or len(contingency_id) > 18:
        raise NotFound("There is no such contingency.")
    return int(contingency_id)


async def _note(connection: AsyncConnection, number: int, what: str, by: str, at: datetime, details: str) -> None:
    line = {"contingency_id": number, "what": what, "by": by, "details": details, "at": at}
    await connection.execute(insert(contingency_log).values(line))
