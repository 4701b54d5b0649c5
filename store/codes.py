"""One-time codes: limits and tries that hold however many desks there are."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from casework.ports import Issued, NewCode, Tried
from recovery import proving
from recovery.proving import SentCode, Verdict
from store.database import Database
from store.tables import one_time_codes as codes

_KEPT = timedelta(days=1)
_SENT_CODE = (
    codes.c.customer_id,
    codes.c.salt,
    codes.c.key,
    codes.c.expires_at,
    codes.c.tries,
    codes.c.tried_in,
    codes.c.used_in,
)


class SqlCodes:
    """Implements casework.ports.CodeBook."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def issue(self, new: NewCode) -> Issued:
        async with self._database.begin() as connection:
            for name in sorted((new.conversation_id, new.address_key)):  # always in one order
                await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
            await connection.execute(delete(codes).where(codes.c.sent_at < new.sent_at - _KEPT))
            mine = codes.c.conversation_id == new.conversation_id
            if (await connection.execute(select(codes.c.id).where(mine, codes.c.asked_in == new.asked_in))).first():
                return Issued.REPEATED
            for same in (mine, codes.c.address_key == new.address_key):
                if not proving.may_send(await _sent(connection, same), new.sent_at):
                    return Issued.TOO_MANY
            if await _wrong(connection, new.sent_at - proving.WITHIN) >= proving.GUESSES_MOST:
                return Issued.GUESSED_AT
            await connection.execute(insert(codes).values(asdict(new)))
            return Issued.NEW

    async def recent(self, conversation_id: str, since: datetime) -> Sequence[SentCode]:
        wanted = _newest_first(conversation_id).where(codes.c.sent_at > since)
        async with self._database.single() as connection:
            return [_sent_code(row) for row in await connection.execute(wanted)]

    async def attempt(
        self, conversation_id: str, attempt: str, decide: Callable[[SentCode], Verdict], since: datetime
    ) -> Tried:
        newest = _newest_first(conversation_id).add_columns(codes.c.id).limit(1).with_for_update()
        async with self._database.begin() as connection:
            row = (await connection.execute(newest)).first()
            if row is None:
                return Tried(Verdict.OVER)
            verdict = decide(_sent_code(row))
            if verdict is Verdict.OVER or row.tried_in == attempt:
                return Tried(verdict, row.customer_id)
            tried: dict[str, Any] = {"tries": row.tries + 1, "tried_in": attempt}
            if verdict is Verdict.RIGHT:
                tried["used_in"] = attempt
            await connection.execute(update(codes).where(codes.c.id == row.id).values(tried))
            wrong = await _wrong(connection, since) if verdict is Verdict.WRONG else 0
            return Tried(verdict, row.customer_id, wrong)


async def _wrong(connection: AsyncConnection, since: datetime) -> int:
    """Tries of all codes sent since then, without the right ones."""
    tries = func.coalesce(func.sum(codes.c.tries), 0) - func.count(codes.c.used_in)
    return int((await connection.execute(select(tries).where(codes.c.sent_at > since))).scalar_one())


async def _sent(connection: AsyncConnection, same: Any) -> Sequence[datetime]:
    latest = select(codes.c.sent_at).where(same).order_by(codes.c.sent_at.desc()).limit(proving.SENT_MOST)
    return (await connection.execute(latest)).scalars().all()


def _newest_first(conversation_id: str) -> Select[Any]:
    return select(*_SENT_CODE).where(codes.c.conversation_id == conversation_id).order_by(codes.c.id.desc())


def _sent_code(row: Row[Any]) -> SentCode:
    return SentCode(row.customer_id, row.salt, row.key, row.expires_at, row.tries, row.tried_in, row.used_in)
