"""Among all engines on one database, one at a time answers a conversation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rasa.core.lock_store import LockError
from rasa.core.tracker_store import TrackerStore
from sqlalchemy import text

_TRY = text("select pg_try_advisory_xact_lock(hashtextextended(:conversation, 2))")


class Held:
    """The conversation is this engine's for as long as the connection lives."""

    def __init__(self, connection: Any | None) -> None:
        self._connection = connection

    def check(self) -> None:
        """Raises what the database raises when the connection, and so the conversation, was lost."""
        if self._connection is not None:
            self._connection.execute(text("select 1"))


@contextmanager
def held(store: TrackerStore, conversation: str) -> Iterator[Held]:
    """Hold a conversation, unless another engine does: then LockError. A crash lets go of it.

    A tracker store that is not in PostgreSQL is this engine's alone anyway.
    """
    engine = getattr(store, "engine", None)
    if engine is None or engine.dialect.name != "postgresql":
        yield Held(None)
        return
    with engine.connect() as connection, connection.begin():
        if not connection.execute(_TRY, conversation=conversation).scalar():
            raise LockError("Another engine answers this conversation.")
        yield Held(connection)
