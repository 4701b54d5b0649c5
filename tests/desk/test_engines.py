"""Several engines: a conversation has its own, and another answers while that one does not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from casework.engine import Question
from casework.errors import Refused, Unavailable
from desk.engine_http import HttpEngine
from desk.engines import Engines
from tests.desk.conftest import TOKEN, EngineDouble, served


def asked(conversation: str) -> Question:
    return Question(conversation, f"m-{conversation}", "hello", "open", False, {})


@asynccontextmanager
async def two(first: EngineDouble, second: EngineDouble) -> AsyncIterator[tuple[Engines, dict[str, EngineDouble]]]:
    async with served(first) as one, served(second) as other:
        clients = {url: HttpEngine(url, TOKEN) for url in (one, other)}
        yield Engines(clients, patience_s=0.3), {one: first, other: second}
        for client in clients.values():
            await client.close()


async def test_each_conversation_keeps_its_engine_and_each_engine_has_some() -> None:
    doubles = EngineDouble(), EngineDouble()
    async with two(*doubles) as (engines, _):
        for turn in range(2):
            for n in range(20):
                await engines.turn(Question(f"c{n}", f"m{turn}-{n}", "hello", "open", False, {}))
    seen = [{turn["conversation"] for turn in double.asked} for double in doubles]
    assert seen[0]
    assert seen[1]
    assert not seen[0] & seen[1]


async def test_while_one_is_silent_the_other_answers_and_it_is_not_asked_again_at_once() -> None:
    async with two(EngineDouble(), EngineDouble()) as (engines, doubles):
        own = doubles[engines.order("c1")[0]]
        own.may_answer.clear()
        assert (await engines.turn(asked("c1"))).messages[0]["text"] == "You said: hello"
        theirs = [f"c{n}" for n in range(50) if doubles[engines.order(f"c{n}")[0]] is own]
        assert theirs == [], "who was silent is asked last for a while"
        async with asyncio.timeout(0.3):
            await engines.turn(asked("c1"))
        own.may_answer.set()


async def test_a_dead_engine_is_passed_over() -> None:
    living = EngineDouble()
    async with served(living) as url:
        clients = {url: HttpEngine(url, TOKEN), "http://127.0.0.1:1": HttpEngine("http://127.0.0.1:1", TOKEN)}
        engines = Engines(clients)
        for n in range(20):
            await engines.turn(asked(f"c{n}"))
        await engines.ping()
        for client in clients.values():
            await client.close()
    assert len(living.asked) == 20


async def test_without_any_the_desk_is_told() -> None:
    client = HttpEngine("http://127.0.0.1:1", TOKEN)
    engines = Engines({"one": client, "other": client})
    with pytest.raises(Unavailable):
        await engines.turn(asked("c1"))
    with pytest.raises(Unavailable):
        await engines.ping()
    await client.close()


@pytest.mark.parametrize(("status", "error"), [(409, Unavailable), (500, Unavailable), (400, Refused)])
async def test_one_that_is_busy_or_refuses_has_answered(status: int, error: type[Exception]) -> None:
    """A second engine would answer the same message at the same time, or refuse it again."""
    async with two(EngineDouble(stumbles=[status]), EngineDouble(stumbles=[status])) as (engines, doubles):
        with pytest.raises(error):
            await engines.turn(asked("c1"))
        assert sum(len(double.asked) for double in doubles.values()) == 1
