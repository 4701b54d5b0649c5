"""Signals by LISTEN and NOTIFY: one listening connection for each process."""

import asyncio
import json
from collections.abc import AsyncIterator

import psycopg
from sqlalchemy import make_url, select

from casework.ports import Signal
from store.database import APPLICATION, CHANNEL, PROCESS, Database, notify

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
                connection = await psycopg.AsyncConnection.connect(
                    self._dsn, autocommit=True, application_name=APPLICATION
                )
                async with connection:
                    await connection.execute(f"listen {CHANNEL}")
                    yield Signal("lost")
                    async for notification in connection.notifies():
                        if signal := read(notification.payload):
                            yield signal
            except psycopg.Error:
                await asyncio.sleep(_AGAIN_AFTER_S)

    async def send(self, signal: Signal) -> None:
        message = notify(signal.kind, signal.conversation_id, **signal.data)
        async with self._database.single() as connection:
            await connection.execute(select(message))


def read(payload: str) -> Signal | None:
    """A signal as it came; None for what is none of ours on our channel."""
    try:
        data = json.loads(payload)
        kind, conversation_id, process = data.pop("k"), data.pop("c"), data.pop("p", "")
    except (ValueError, TypeError, AttributeError, KeyError):
        return None
    return Signal(kind, conversation_id, data, own=process == PROCESS)
