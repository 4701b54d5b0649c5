"""The database of this home: the embedded server, or the one that was given."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg

from redress import postgres
from redress.problem import Problem
from redress.settings import Settings

_AGAIN_AFTER_S = 1.0


@contextmanager
def opened(settings: Settings) -> Iterator[str]:
    """A SQLAlchemy URL that answers. An embedded server is started, or attached to, and let go of afterwards."""
    if settings.database_url:
        _check(settings.database_url)
        yield settings.database_url
        return
    url = start_embedded(settings)
    try:
        yield url
    finally:
        postgres.stop(settings.home)


async def keep(settings: Settings, say: Callable[[str], None]) -> None:
    """Start the embedded server again whenever it ends. Never returns."""
    while True:
        await postgres.until_ended(settings.home)
        say("database ended; starting it again")
        try:
            await asyncio.to_thread(start_embedded, settings)
        except Problem as problem:
            say(str(problem))
            await asyncio.sleep(_AGAIN_AFTER_S)


def start_embedded(settings: Settings) -> str:
    try:
        return postgres.start(settings.home)
    except OSError as error:
        raise Problem(
            f"PostgreSQL cannot use {settings.home} ({error.strerror or error}). Check REDRESS_HOME."
        ) from error
    except Exception as error:  # pgserver raises many kinds; each means that there is no database
        said = " ".join(str(error).split())[:200]
        raise Problem(f"PostgreSQL did not start: {said} See {settings.home / 'postgres' / 'log'}.") from error


def _check(url: str) -> None:
    try:
        psycopg.connect(postgres.dsn(url), connect_timeout=5).close()
    except psycopg.Error as error:
        said = str(error).strip().splitlines()[-1]
        raise Problem(
            f"The database in REDRESS_DATABASE_URL does not answer: {said}. Start it or unset it."
        ) from error


def migrate(url: str) -> None:
    """Bring every table of ours to its newest form."""
    from store.migrate import upgrade  # Alembic is slow to import, and few commands need it

    upgrade(url)
