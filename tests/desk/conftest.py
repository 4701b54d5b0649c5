"""A whole desk over real HTTP and PostgreSQL; an engine double for the faults a real one cannot be asked for."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import uvicorn
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from casework.ports import Staff
from desk.app import create_app
from desk.engine_http import HttpEngine
from desk.parts import DemoCustomer, DeskParts, DeskSettings
from desk.tokens import Tokens
from store.database import connect
from store.sql_store import SqlStore
from store.tables import turn_outcomes

SECRET = "a-secret-for-tests-only-0123456789abcdef"
TOKEN = "engine-token-for-tests"
CALM = {"level": 0, "score": 0.0, "evidence": []}


def now() -> datetime:
    return datetime.now(UTC)


class Phrases:
    """Texts that name their response, so that a test sees which was said."""

    def plain(self, response: str, **facts: str) -> str:
        if response == "utter_agent_joined":
            return f"You're now talking to {facts['agent']}."
        return " ".join([response, *facts.values()])


@dataclass
class EngineDouble:
    """Answers by the contract of bot/channel.py. It can be slow, stumble, die in mid-turn, and repeats itself."""

    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    stumbles: list[int] = field(default_factory=list)  # statuses to answer first; 0 drops the connection
    drops_after: list[bool] = field(default_factory=list)  # the turn is taken, its answer is lost
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)
    asked_now: asyncio.Event = field(default_factory=asyncio.Event)
    say: Callable[[dict[str, Any]], list[dict[str, Any]]] = lambda turn: [{"text": f"You said: {turn['text']}"}]
    before_answer: Callable[[dict[str, Any]], Any] | None = None
    failed: str | bool = False

    def __post_init__(self) -> None:
        self.may_answer.set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = b""
        while (message := await receive())["type"] == "http.request":
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        if scope["path"].endswith("/ready"):
            return await _respond(send, 200, {"ready": True})
        return await self._turn(json.loads(body), send)

    async def _turn(self, turn: dict[str, Any], send: Any) -> None:
        self.asked.append(turn)
        self.asked_now.set()
        if self.stumbles and (status := self.stumbles.pop(0)) != 200:
            if status:
                return await _respond(send, status, {"error": "stumbled"})
            raise ConnectionAbortedError
        answer = self.answers.get(turn["message_id"])
        if answer is None:
            await self.may_answer.wait()
            if self.failed:
                return await _respond(send, 200, {"nlu": {}, "messages": [], "failed": self.failed})
            if self.before_answer:
                await self.before_answer(turn)
            self.answers[turn["message_id"]] = answer = _answer(self.say(turn))
        if self.drops_after and self.drops_after.pop(0):
            raise ConnectionAbortedError
        return await _respond(send, 200, answer)


def _answer(messages: list[dict[str, Any]]) -> dict[str, Any]:
    nlu = {"dialogue_act": {"name": "inform", "confidence": 1.0}, "frustration": CALM, "model": "double"}
    return {"nlu": nlu, "messages": messages, "actions": [], "failed": False, "repeated": False}


async def _respond(send: Any, status: int, body: dict[str, Any]) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})


@asynccontextmanager
async def served(app: Any, port: int = 0) -> AsyncIterator[str]:
    """An ASGI app on loopback, in this very loop."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    config = uvicorn.Config(app, log_level="critical", lifespan="auto", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not server.started:
            await asyncio.sleep(0.005)
            if task.done():
                task.result()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:  # also where a test fails within the block
        server.should_exit = True
        await task
        listener.close()


@dataclass
class Customer:
    """A browser that speaks the web chat's protocol."""

    http: httpx.AsyncClient
    session: str
    conversation: str

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.session}"}

    async def send(self, words: str, key: str = "", payload: str | None = None) -> httpx.Response:
        key = key or f"k-{words[:20]}-{id(words)}".encode("ascii", "ignore").decode().replace("\n", "")
        key = "".join(c for c in key if c.isprintable())[:64]
        body = {"id": key, "text": words, "payload": payload}
        return await self.http.post("/chat/messages", content=json.dumps(body), headers=self.bearer)

    async def messages(self, after: int = 0) -> list[dict[str, Any]]:
        response = await self.http.get("/chat/messages", params={"after": after}, headers=self.bearer)
        assert response.status_code == 200, response.text
        found: list[dict[str, Any]] = response.json()
        return found

    @asynccontextmanager
    async def events(self, after: int = 0, last_event_id: str | None = None) -> AsyncIterator["Events"]:
        headers = {**self.bearer, **({"Last-Event-ID": last_event_id} if last_event_id else {})}
        async with self.http.stream("GET", "/chat/events", params={"after": after}, headers=headers) as response:
            assert response.status_code == 200
            yield Events(response.aiter_lines())


@dataclass
class Events:
    """Reads server-sent events."""

    lines: AsyncIterator[str]
    skipped: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    async def any(self) -> tuple[str, dict[str, Any]]:
        kind = ""
        async for line in self.lines:
            if line.startswith("event: "):
                kind = line.removeprefix("event: ")
            if line.startswith("data: "):
                return kind, json.loads(line.removeprefix("data: "))
        raise EOFError

    async def next(self, kind: str = "message", within: float = 8, **fields: Any) -> dict[str, Any]:
        """The next event of a kind with these fields; what comes before is kept in `skipped`."""
        async with asyncio.timeout(within):
            while True:
                found, data = await self.any()
                if found == kind and all(data.get(name) == value for name, value in fields.items()):
                    return data
                self.skipped.append((found, data))


@dataclass
class DeskUnderTest:
    """One desk process, its engine and its records."""

    url: str
    http: httpx.AsyncClient
    engine: EngineDouble
    store: SqlStore
    tokens: Tokens
    app: Any

    async def customer(self, token: str | None = None, resume: str | None = None) -> Customer:
        response = await self.http.post("/chat/session", json={"token": token, "resume": resume})
        assert response.status_code == 201, response.text
        body = response.json()
        return Customer(self.http, body["session"], body["conversation"])

    @property
    def ownership(self) -> Any:
        return self.app.state.desk.ownership


def settings(**changes: Any) -> DeskSettings:
    defaults = DeskSettings("Harbour & Pine", SECRET + "s", SECRET + "i", demo=True, messages_a_minute=6000)
    return replace(defaults, **changes)


@asynccontextmanager
async def running_desk(url: str, engine: EngineDouble, **changes: Any) -> AsyncIterator[DeskUnderTest]:
    """A desk on this database that asks this engine."""
    parts_changes = {
        k: changes.pop(k)
        for k in ("follow_ups", "crm", "clock", "checks", "telegram", "files", "mailer", "demo_mail", "floor")
        if k in changes
    }
    store, chosen = SqlStore(connect(url)), settings(**changes)
    http_engine = HttpEngine(engine.url, TOKEN)
    parts = DeskParts(
        settings=chosen,
        records=store,
        engine=http_engine,
        crm=parts_changes.pop("crm", None),
        phrases=Phrases(),
        clock=parts_changes.pop("clock", now),
        demo_customers=[DemoCustomer("4711", "Ada Moss", "gold")],
        closing=[http_engine.close, store.close],
        **parts_changes,
    )
    app = create_app(parts)
    tokens = Tokens(chosen.identity_secret, chosen.session_secret, now, timedelta(hours=12))
    async with served(app) as address, httpx.AsyncClient(base_url=address, timeout=20, trust_env=False) as http:
        yield DeskUnderTest(address, http, engine, store, tokens, app)


@pytest.fixture
async def engine_double() -> AsyncIterator[EngineDouble]:
    double = EngineDouble()
    async with served(double) as url:
        double.url = url
        yield double
        double.may_answer.set()


@pytest.fixture
async def desk(migrated_url: str, clean: None, engine_double: EngineDouble) -> AsyncIterator[DeskUnderTest]:
    async with running_desk(migrated_url, engine_double) as running:
        yield running


@pytest.fixture
async def priya(desk: DeskUnderTest) -> Staff:
    return await hired(desk.store, "u1", "Priya Shah")


@pytest.fixture
async def sam(desk: DeskUnderTest) -> Staff:
    return await hired(desk.store, "u2", "Sam Reed")


@pytest.fixture
async def vera(desk: DeskUnderTest) -> Staff:
    return await hired(desk.store, "u3", "Vera Holm", "supervisor")


async def hired(store: SqlStore, user_id: str, name: str, role: str = "agent") -> Staff:
    staff = Staff(user_id, f"{user_id}@example.test", name, role)
    await store.users.add(staff, "no password", now())
    return staff


def decided(engine: AsyncEngine, **outcome: Any) -> Callable[[dict[str, Any]], Any]:
    """What an action would store before the engine answers."""

    async def store(turn: dict[str, Any]) -> None:
        row = {
            "message_id": turn["message_id"],
            "conversation_id": turn["conversation"],
            "outcome": {"stage": "open", **outcome},
            "at": now(),
        }
        async with engine.begin() as connection:
            await connection.execute(insert(turn_outcomes).values(row))

    return store


def handoff_of(message_id: str, rule: str = "R01-person-asked") -> dict[str, Any]:
    return {
        "rules": [rule],
        "team": "care",
        "priority": 2,
        "priority_reasons": ["a person was asked for"],
        "inputs": {"asked": True},
        "rationale": [{"text": "A person was asked for.", "evidence": [{"kind": "message", "id": message_id}]}],
        "packet": {"asked": "…"},
    }
