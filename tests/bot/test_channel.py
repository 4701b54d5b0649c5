"""The door to the engine, asked over HTTP."""

from __future__ import annotations

import asyncio
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import aiohttp
import pytest
from rasa.core.agent import Agent
from rasa.core.channels.channel import register
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.exceptions import RasaException
from sanic import Sanic

from bot.channel import DeskChannel
from bot.nlu.text import storable

TOKEN = {"Authorization": "Bearer secret"}


@pytest.fixture(scope="module")
def app(small_model: Path) -> Sanic:
    app = Sanic("channel-under-test", configure_logging=False)
    register([DeskChannel.from_credentials({"token": "secret"})], app, "/webhooks/")
    app.ctx.agent = Agent.load(str(small_model))
    app.ctx.agent.tracker_store = InMemoryTrackerStore(app.ctx.agent.domain)
    return app


@pytest.fixture(scope="module")
def url(app: Sanic) -> Iterator[str]:
    """The channel's address, served by a thread of its own."""
    loop = asyncio.new_event_loop()
    door = socket.create_server(("127.0.0.1", 0))  # Sanic itself would take port 0 for 8000

    async def serve() -> None:
        server = await app.create_server(sock=door, return_asyncio_server=True, access_log=False)
        await server.startup()

    Thread(target=loop.run_forever, daemon=True).start()
    asyncio.run_coroutine_threadsafe(serve(), loop).result(30)
    yield f"http://127.0.0.1:{door.getsockname()[1]}/webhooks/desk"
    loop.call_soon_threadsafe(loop.stop)


async def ask(url: str, body: Any = None, headers: dict[str, str] = TOKEN) -> tuple[int, Any]:
    async with aiohttp.ClientSession() as session:
        method = "get" if body is None else "post"
        data = body if isinstance(body, (bytes, type(None))) else None
        given = None if data is not None or body is None else body
        async with session.request(method, url, json=given, data=data, headers=headers) as response:
            return response.status, await response.json(content_type=None)


def body(**more: Any) -> dict[str, Any]:
    return {"conversation": "c", "message_id": "m", "text": "hello", "stage": "open", **more}


async def test_a_wrong_token_is_refused(url: str) -> None:
    status, _ = await ask(f"{url}/turn", body(), {"Authorization": "Bearer guess"})
    assert status == 401


async def test_a_missing_token_is_refused(url: str) -> None:
    status, _ = await ask(f"{url}/ready", None, {})
    assert status == 401


async def test_readiness_names_the_model(url: str) -> None:
    assert await ask(f"{url}/ready") == (200, {"ready": True, "model": "model"})


async def test_a_turn_is_answered(url: str) -> None:
    _, answer = await ask(f"{url}/turn", body())
    assert answer["messages"][0]["text"] == "Hello."


async def test_nlu_only_leaves_no_trace_in_the_conversation(url: str) -> None:
    await ask(f"{url}/turn", body(message_id="seen", nlu_only=True))
    _, answer = await ask(f"{url}/turn", body(message_id="seen"))
    assert answer["repeated"] is False


async def test_many_texts_are_understood_at_once(url: str) -> None:
    _, answer = await ask(f"{url}/nlu", {"texts": ["hello", "yes"]})
    assert [r["dialogue_act"]["name"] for r in answer["results"]] == ["greet", "affirm"]


@pytest.mark.parametrize("wrong", [{}, {"message_id": ""}, {"text": None}, {"stage": 3}, {"metadata": []}])
async def test_a_malformed_turn_is_refused_with_a_sentence(url: str, wrong: dict[str, Any]) -> None:
    status, answer = await ask(f"{url}/turn", {**body(), **wrong} if wrong else [])
    assert (status, answer["error"].endswith(".")) == (400, True)


async def test_an_unknown_payload_is_refused(url: str) -> None:
    status, _ = await ask(f"{url}/turn", body(message_id="p", text="/rob", payload=True))
    assert status == 400


async def test_a_body_that_is_no_json_is_refused(url: str) -> None:
    status, _ = await ask(f"{url}/turn", b"{not json")
    assert status == 400


def test_what_a_database_cannot_store_is_replaced() -> None:
    assert storable("a\0b\ud83d") == "ab?"


@pytest.mark.parametrize("token", ["", None, "${REDRESS_ENGINE_TOKEN}"])
def test_a_channel_without_a_token_does_not_start(token: str | None) -> None:
    with pytest.raises(RasaException):
        DeskChannel.from_credentials({"token": token})


async def test_another_model_takes_over_between_two_turns(url: str, app: Sanic, small_model: Path) -> None:
    other = small_model.with_name("other.tar.gz")
    shutil.copy(small_model, other)
    before = app.ctx.agent.processor
    assert await ask(f"{url}/model", {"path": str(other)}) == (200, {"ready": True, "model": "other"})
    _, answer = await ask(f"{url}/turn", body(message_id="after the change"))
    assert answer["nlu"]["model"] == "other"
    assert app.ctx.agent.processor is not before


async def test_turns_go_on_while_another_model_loads(url: str, small_model: Path) -> None:
    asked = [ask(f"{url}/turn", body(conversation=f"c{n}", message_id=f"m{n}")) for n in range(20)]
    changed, *answers = await asyncio.gather(ask(f"{url}/model", {"path": str(small_model)}), *asked)
    assert changed[0] == 200
    assert [(status, a["messages"][0]["text"]) for status, a in answers] == [(200, "Hello.")] * 20


async def test_a_model_that_does_not_load_leaves_the_present_one(url: str, tmp_path: Path) -> None:
    broken = tmp_path / "broken.tar.gz"
    broken.write_bytes(b"not a model")
    before = await ask(f"{url}/ready")
    status, answer = await ask(f"{url}/model", {"path": str(broken)})
    assert (status, answer["error"].startswith("The model does not load")) == (422, True)
    assert await ask(f"{url}/ready") == before


@pytest.mark.parametrize("wrong", [{}, {"path": "/nowhere.tar.gz"}, {"path": "/etc/hosts"}, []])
async def test_what_is_no_model_file_is_refused(url: str, wrong: Any) -> None:
    assert (await ask(f"{url}/model", wrong))[0] == 400
