"""When the database goes, nobody is told that a message is safe; when it is back, nothing has to be restarted."""

import asyncio

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from casework.errors import Unavailable
from tests.desk.conftest import DeskUnderTest, EngineDouble, running_desk


async def test_without_a_database_the_desk_lives_says_so_and_takes_nothing(engine_double: EngineDouble) -> None:
    nowhere = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"

    async def check() -> None:
        raise Unavailable("no database")

    async with running_desk(nowhere, engine_double, checks={"database": check}) as desk:
        answer = await desk.http.post("/chat/session", json={})
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
        assert answer.json()["detail"].startswith("We cannot store messages")
        assert (await desk.http.get("/healthz")).status_code == 200
        ready = await desk.http.get("/readyz")
        assert (ready.status_code, ready.json()["checks"]) == (503, {"database": "not ready"})


async def cut(engine: AsyncEngine, which: str = "true") -> None:
    """Cut the desk's own connections."""
    ours = f"application_name = 'redress' and datname = current_database() and {which}"
    async with engine.connect() as connection:
        await connection.execute(text(f"select pg_terminate_backend(pid) from pg_stat_activity where {ours}"))  # noqa: S608


async def test_after_lost_connections_streams_and_turns_go_on_alone(desk: DeskUnderTest, engine: AsyncEngine) -> None:
    customer = await desk.customer()
    async with customer.events() as events:
        await events.next("owner")
        await cut(engine)
        statuses = [(await customer.send("hello", "1")).status_code for _ in range(12)]
        assert statuses[-1] == 200, "the same id again is acknowledged once the connections are new"
        assert statuses.count(202) <= 1
        assert (await events.next(author="bot", within=10))["text"] == "You said: hello"
    assert len(await customer.messages()) == 2


async def test_a_turn_cut_off_by_a_lost_connection_is_taken_again(desk: DeskUnderTest, engine: AsyncEngine) -> None:
    customer = await desk.customer()
    desk.engine.may_answer.clear()
    await customer.send("hello", "1")
    await desk.engine.asked_now.wait()
    await cut(engine, "state = 'idle in transaction'")
    desk.engine.may_answer.set()
    async with asyncio.timeout(10), customer.events() as events:
        assert (await events.next(author="bot"))["text"] == "You said: hello"
    assert [m["author"] for m in await customer.messages()] == ["customer", "bot"]
    assert len(desk.engine.answers) == 1
