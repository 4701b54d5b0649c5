"""Brings a database to the newest revision, or back. One Alembic environment serves both our schemas."""

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

MIGRATIONS = Path(__file__).with_name("migrations")
_LOCK = 7_237_001  # any number, as long as nothing else locks it


def upgrade(url: str, revision: str = "head") -> None:
    """Migrate to `revision`. Two processes may do this at once: the second waits and finds nothing to do."""
    _run(url, lambda config: command.upgrade(config, revision))


def downgrade(url: str, revision: str = "base") -> None:
    """Undo down to `revision`; `base` removes every table of ours."""
    _run(url, lambda config: command.downgrade(config, revision))


def configuration(connection: Connection) -> Config:
    """Alembic's configuration for commands that run inside this connection's transaction."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _run(url: str, change: Callable[[Config], None]) -> None:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:  # all or nothing: PostgreSQL's DDL is transactional
        connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        connection.execute(text("create schema if not exists redress"))  # it keeps the revision's number
        change(configuration(connection))
