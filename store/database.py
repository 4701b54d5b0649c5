"""The way into PostgreSQL: one pool for each process, and errors in the ports' own words."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

from sqlalchemy import Function, func
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from store.condition import Condition

CHANNEL = "redress"
APPLICATION = "redress"  # what PostgreSQL calls our connections
PROCESS = secrets.token_hex(4)  # in our signals, so that a process knows its own


def connect(url: str, pool_size: int = 16) -> AsyncEngine:
    """An engine for this process. Nothing connects before it is used."""
    return create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=8,
        pool_timeout=4,
        pool_use_lifo=True,  # few warm connections rather than many cold ones
        connect_args={"prepare_threshold": 2, "connect_timeout": 4, "application_name": APPLICATION},
    )


class Database:
    """Connections whose failures are `Unavailable`, or `Refused` where another try is of no use."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._single = engine.execution_options(isolation_level="AUTOCOMMIT")
        self.condition = Condition()
        self._going_back: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        """Let go of the connections, also of those that are still on their way back from whoever was cancelled."""
        while self._going_back:
            await asyncio.wait(self._going_back)
        await self.engine.dispose()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """A transaction: all or nothing."""
        try:
            async with self._connection(self.engine) as connection, connection.begin():
                yield connection
        except (OperationalError, InterfaceError, PoolTimeout) as error:
            raise self.condition.failed(error) from error
        self.condition.well()

    @asynccontextmanager
    async def single(self) -> AsyncIterator[AsyncConnection]:
        """For one statement, which is a transaction of its own and saves two trips."""
        try:
            async with self._connection(self._single) as connection:
                yield connection
        except (OperationalError, InterfaceError, PoolTimeout) as error:
            raise self.condition.failed(error) from error
        self.condition.well()

    @asynccontextmanager
    async def _connection(self, engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
        """SQLAlchemy loses a connection whose taking was cancelled, as by a browser that went: here it goes back."""
        taking = asyncio.ensure_future(engine.connect().start())
        try:
            connection = await asyncio.shield(taking)
        except asyncio.CancelledError:
            self._whoever_goes(_give_back(taking))
            raise
        try:
            yield connection
        finally:
            await asyncio.shield(self._whoever_goes(connection.close()))

    def _whoever_goes(self, giving_back: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """It goes back to the end, though whoever had it is cancelled."""
        task = asyncio.create_task(giving_back)
        self._going_back.add(task)
        task.add_done_callback(self._going_back.discard)
        return task


async def _give_back(taking: asyncio.Future[AsyncConnection]) -> None:
    with suppress(Exception):  # one that could not be taken need not be given back
        await (await taking).close()


def payload(kind: str, conversation_id: str = "", **data: Any) -> str:
    """A signal's text, short as PostgreSQL wants it."""
    return json.dumps({"c": conversation_id, "k": kind, "p": PROCESS, **data}, separators=(",", ":"))


def notify(kind: str, conversation_id: str = "", **data: Any) -> Function[Any]:
    """The SQL that sends a signal when its transaction commits."""
    return func.pg_notify(CHANNEL, payload(kind, conversation_id, **data))
