"""Leases by advisory locks: a lock lives as long as its connection, so whoever dies has let go.

Whoever lost the connection without dying finds out late. So each holder takes the next turn, and `require` refuses
the writes of an earlier one (a fencing token).
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
from sqlalchemy import make_url, select
from sqlalchemy.ext.asyncio import AsyncConnection

from casework.errors import Unavailable
from casework.ports import Lease
from store.condition import Condition
from store.database import APPLICATION, Database
from store.tables import leases

_LOOK_AGAIN_S = 0.5
_PATIENCE_S = 10.0  # a busy machine is no lost lease, and an earlier holder's writes are refused anyway
# A holder whose machine or network vanishes says no goodbye: PostgreSQL would ask after it hours later.
_NOTICED_SOON = """
    select set_config('tcp_keepalives_idle', '5', false), set_config('tcp_keepalives_interval', '3', false),
           set_config('tcp_keepalives_count', '3', false), set_config('tcp_user_timeout', '15000', false)
"""


class SqlLease:
    """Implements casework.ports.Lease."""

    def __init__(self, connection: psycopg.AsyncConnection, condition: Condition, name: str, turn: int) -> None:
        self._connection, self._condition, self.name, self.turn = connection, condition, name, turn

    async def check(self) -> None:
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await self._connection.execute("select 1")
        except TimeoutError as error:
            raise Unavailable("The lease may be lost.") from error
        except psycopg.Error as error:
            raise self._condition.failed(error) from error


class SqlLeases:
    """Implements casework.ports.Leases. Each lease has a connection of its own beside the pool."""

    def __init__(self, database: Database) -> None:
        url = make_url(str(database.engine.url.render_as_string(hide_password=False)))
        self._condition = database.condition
        self._dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[SqlLease]:
        connection = await self._connected()
        try:
            yield SqlLease(connection, self._condition, name, await self._turn(connection, name))
        finally:
            await connection.close()

    async def _turn(self, connection: psycopg.AsyncConnection, name: str) -> int:
        try:
            await connection.execute(_NOTICED_SOON)
            await _wait_for(connection, name)
            return await _next_turn(connection, name)
        except psycopg.Error as error:
            raise self._condition.failed(error) from error

    async def _connected(self) -> psycopg.AsyncConnection:
        try:
            return await psycopg.AsyncConnection.connect(
                self._dsn, autocommit=True, application_name=APPLICATION, connect_timeout=4, keepalives_idle=5
            )
        except psycopg.Error as error:
            raise self._condition.failed(error) from error


async def _wait_for(connection: psycopg.AsyncConnection, name: str) -> None:
    while True:
        asked = await connection.execute("select pg_try_advisory_lock(hashtextextended(%s, 1))", [name])
        row = await asked.fetchone()
        if row and row[0]:
            return
        await asyncio.sleep(_LOOK_AGAIN_S)


async def _next_turn(connection: psycopg.AsyncConnection, name: str) -> int:
    """Waits for the writes that an earlier holder has begun."""
    asked = await connection.execute(
        "insert into redress.leases as l (name, turn) values (%s, 1)"
        " on conflict (name) do update set turn = l.turn + 1 returning turn",
        [name],
    )
    row = await asked.fetchone()
    return int(row[0]) if row else 0


async def require(connection: AsyncConnection, lease: Lease) -> None:
    """Until this transaction ends nobody else can take the lease. Raises Unavailable when somebody has."""
    ours = select(leases.c.turn).where(leases.c.name == lease.name, leases.c.turn == lease.turn)
    if (await connection.execute(ours.with_for_update(read=True))).first() is None:
        raise Unavailable("Another process holds the lease by now.")
