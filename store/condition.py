"""How it goes with the database, as this process sees it; and its failures in the ports' own words."""

import time
from collections.abc import Callable

import psycopg
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from casework.errors import PortError, Refused, Unavailable

_NO_ROOM, _LIMITS, _TOO_MANY = "53", "54", "53300"  # PostgreSQL's classes of errors, and one of them
_FRESH_S = 60.0  # for so long it is true that there was no room
AWAY = "The database does not answer."
FULL = "The database has no room left."


class Condition:
    """Implements casework.floor.distress.Condition."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._away_since: float | None = None
        self._full_at: float | None = None

    def well(self) -> None:
        """It did as it was asked."""
        self._away_since = None

    def failed(self, error: SQLAlchemyError | psycopg.Error) -> PortError:
        """What a failure is to whoever asked. What the database will never take is not worth a retry."""
        state = _state_of(error)
        if state.startswith(_LIMITS):
            return Refused("The database does not take this: it is beyond its limits.")
        if state.startswith(_NO_ROOM) and state != _TOO_MANY:
            self._full_at = self._seconds()
            return Unavailable(FULL)
        if self._away_since is None:
            self._away_since = self._seconds()
        return Unavailable(AWAY)

    def trouble(self, after_s: float) -> str:
        now = self._seconds()
        if self._full_at is not None and now - self._full_at < _FRESH_S:
            return FULL
        return AWAY if self._away_since is not None and now - self._away_since >= after_s else ""


def _state_of(error: SQLAlchemyError | psycopg.Error) -> str:
    """PostgreSQL's own number of an error; empty where it did not get so far."""
    orig = error.orig if isinstance(error, DBAPIError) else error
    return str(getattr(orig, "sqlstate", None) or "")
