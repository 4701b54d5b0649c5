"""Throws all rows of tables away while others may be reading them. For databases of one's own only."""

from collections.abc import Iterable

from psycopg.errors import DeadlockDetected, LockNotAvailable
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

_TRIES = 40
_LATER: tuple[type[BaseException], ...] = (DeadlockDetected, LockNotAvailable)


async def empty(engine: AsyncEngine, tables: Iterable[str]) -> None:
    """Leave no row in `tables` (schema and name), and let their numbers begin again.

    A truncate locks table after table, and so does who reads several: it gives way long before PostgreSQL would
    end the deadlock by choosing one of the two, and tries again. Raises `OperationalError` when somebody holds a
    table for ten seconds.
    """
    names = ", ".join(tables)
    for left in reversed(range(_TRIES)):
        try:
            async with engine.begin() as connection:
                await connection.execute(text("set local lock_timeout = '250ms'"))
                await connection.execute(text(f"truncate {names} restart identity cascade"))
        except OperationalError as refused:
            if not left or not isinstance(refused.orig, _LATER):
                raise
        else:
            return
