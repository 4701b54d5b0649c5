"""Tables are emptied for the next test, whoever is still reading them."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from store import emptying
from store.emptying import empty
from store.sql_store import SqlStore

NOON = datetime.now(UTC).replace(microsecond=0)
TABLES = ("redress.conversations", "redress.messages")
SOMEBODY_WAITS = "select count(*) from pg_locks where not granted"


async def test_who_reads_several_tables_finishes_and_the_tables_are_emptied(engine: AsyncEngine, clean: None) -> None:
    """Read in the other order: without giving way, each would wait for the other for ever."""
    conversation = await SqlStore(engine).conversations.open_for("web", "7", NOON)
    async with engine.connect() as reader:
        await reader.execute(text("select * from redress.messages"))
        emptied = asyncio.create_task(empty(engine, TABLES))
        await _somebody_waits(reader)
        assert await reader.scalar(text("select id from redress.conversations")) == conversation.id
    await emptied
    async with engine.connect() as reader:
        assert await reader.scalar(text("select count(*) from redress.conversations")) == 0


async def _somebody_waits(connection: AsyncConnection) -> None:
    while not await connection.scalar(text(SOMEBODY_WAITS)):
        pass


async def test_a_table_that_is_never_let_go_is_an_error(
    engine: AsyncEngine, clean: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(emptying, "_TRIES", 2)
    async with engine.connect() as reader:
        await reader.execute(text("select * from redress.messages"))
        with pytest.raises(OperationalError, match="lock timeout"):
            await empty(engine, TABLES)
