"""Signals by LISTEN and NOTIFY: one listening connection for each process."""

import asyncio
import json
from collections.abc import AsyncIterator

import psycopg
from sqlalchemy import make_url, select

from casework.ports import Signal
from store.database import CHANNEL, PROCESS, Database, notify

_AGAIN_AFTER_S = 0.5


class SqlSignals:
    """Implements casework.ports.Signals."""

    def __init__(self, database: Database) -> None:
        self._database = database
        url = make_url(str(database.engine.url.render_as_string(hide_password=False)))
        self._dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)

    async def listen(self) -> AsyncIterator[Signal]:
        """Every start, the first and those after a lost connection, begins with a `lost` signal."""
        while True:
            try:
                connection = await psycopg.AsyncConnection.connect(self._dsn, autocommit=True)
                async with connection:
                    await connection.execute(f"listen {CHANNEL}")
                    yield Signal("lost")
                    async for notification in connection.notifies():
                        yield read(notification.payload)
            except psycopg.OperationalError:
                await asyncio.sleep(_AGAIN_AFTER_S)

    async def send(self, signal: Signal) -> None:
        message = notify(signal.kind, signal.conversation_id, **signal.data)
        async with self._database.single() as connection:
            await connection.execute(select(message))


def read(payload: str) -> Signal:
    """A signal as it came."""
    data = json.loads(payload)
    kind, conversation_id, process = data.pop("k"), data.pop("c"), data.pop("p", "")
    return Signal(kind, conversation_id, data, own=process == PROCESS)
