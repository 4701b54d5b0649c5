"""The whole desk over real HTTP, on a real PostgreSQL with the demo company, and the real bot. Only Rasa's reading of
a message is given by the tests: they say what the NLU heard."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
import uvicorn
from argon2 import PasswordHasher
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from casework.engine import Answer, Question
from casework.hearing import heard_from
from casework.intake import new_message_id
from casework.ports import Staff, Status
from casework.staff import SignIn
from casework.turn import Bot, Turn
from crm_adapter.sql import SqlCrm
from desk.app import create_app
from desk.pages import StaffParts, staff_pages, staff_parts
from desk.parts import DeskParts, DeskSettings
from recovery.playbook import Playbook
from recovery.situation import Topic
from recovery.words import Role
from redress import playbook
from redress.wiring import RESPONSES, floor_ports, wording
from store import tables
from store.database import Database
from store.files import on_disk
from store.granting import SqlGrantBook
from store.reading import SqlReading
from store.sql_store import SqlStore
from store.turn_memory import SqlTurnMemory
from tests.conftest import without_rows

PASSWORD = "correct horse battery"
PLAYBOOK = Path(RESPONSES).parents[1] / "playbook"
MODEL = "as the tests say"


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Rules:
    """The playbook in force, which a test may change."""

    rules: Playbook

    def __call__(self) -> Playbook:
        return self.rules


@dataclass
class GivenEngine:
    """The real bot behind the engine's port; what the NLU heard is given for each message."""

    bot: Bot
    heard: dict[str, dict[str, Any]] = field(default_factory=dict)

    async def turn(self, question: Question) -> Answer:
        nlu = self.heard[question.text]
        heard = heard_from(
            nlu,
            message_id=question.message_id,
            text=question.text,
            at=now(),
            currency=self.bot.playbook().currency,
            choice=nlu.get("choice", ""),
        )
        customer = question.metadata.get("customer_id") or None
        topic = Topic(nlu.get("topic", "recover"))
        outcome = await self.bot.take(Turn(question.conversation, topic, heard, customer, "web"))
        replies = [
            {"text": r["text"], "buttons": r["buttons"], "metadata": {"id": r["id"], **r["meta"]}}
            for r in outcome["replies"]
        ]
        return Answer(nlu, replies)

    async def ping(self) -> None:
        return None


@dataclass
class Browser:
    """One member of staff at a browser, by HTTP."""

    http: httpx.AsyncClient
    who: Staff | None = None

    async def get(self, path: str, **params: Any) -> httpx.Response:
        return await self.http.get(path, params=params)

    async def page(self, path: str, **params: Any) -> str:
        answer = await self.get(path, **params)
        assert answer.status_code == 200, answer.text
        return answer.text

    async def csrf(self) -> str:
        return token_in((await self.get("/desk")).text)

    async def do(self, path: str, csrf: str | None = None, **form: str) -> httpx.Response:
        """Post as our own script does."""
        headers = {"X-Desk": "1", "X-CSRF-Token": await self.csrf() if csrf is None else csrf}
        return await self.http.post(path, data=form, headers=headers)

    async def sign_in(self, email: str, password: str, to: str = "") -> httpx.Response:
        form = await self.page("/desk/sign-in")
        sent = {"email": email, "password": password, "csrf": token_in(form), "next": to}
        return await self.http.post("/desk/sign-in", data=sent)


def token_in(html: str) -> str:
    found = re.search(r'name="csrf" (?:content|value)="([0-9a-f]+)"', html)
    assert found, html
    return found.group(1)


@dataclass
class Company:
    """The desk that runs, and what tests do to it."""

    url: str
    store: SqlStore
    reading: SqlReading
    engine: GivenEngine
    crm: SqlCrm
    app: Any
    sign_ins: SignIn  # the same story as the desk's, with a quick hash
    parts: StaffParts

    @asynccontextmanager
    async def browser(self, who: Staff | None = None) -> AsyncIterator[Browser]:
        async with httpx.AsyncClient(base_url=self.url, trust_env=False, timeout=20) as http:
            browser = Browser(http, who)
            if who is not None:
                token = await self.sign_ins.sign_in(who.email, PASSWORD, who.id)
                http.cookies.set("redress_desk", token, path="/desk")
            yield browser

    async def opens(self, customer_id: str | None, name: str, channel: str = "web") -> str:
        user = f"customer:{customer_id}" if customer_id else f"stranger:{new_message_id()}"
        opened = await self.store.conversations.open_for(channel, user, now(), customer_id, name)
        return opened.id

    async def says(self, conversation_id: str, words: str, **nlu: Any) -> str:
        """The customer writes; the bot answers if it is its turn. Returns the message's id."""
        self.engine.heard[words] = heard(**nlu)
        desk = self.app.state.desk
        with desk.live.watch(conversation_id) as watch:
            received = await desk.intake.receive(conversation_id, new_message_id(), words, None)
            while await self._waits(conversation_id, received.id):
                await watch.next(within=1)
        return str(received.id)

    async def _waits(self, conversation_id: str, message_id: str) -> bool:
        written = await self.store.messages.all(conversation_id)
        return any(m.id == message_id and m.status is Status.RECEIVED for m in written)

    async def hands_over(self, customer_id: str = "C001", name: str = "Maya Fletcher", words: str = "") -> str:
        """A verified customer with a problem asks for a person."""
        conversation_id = await self.opens(customer_id, name)
        words = words or "my parcel still is not here, the second time!! I want to talk to a person"
        await self.says(
            conversation_id,
            words,
            act="request_human",
            challenges=["late_delivery"],
            level=2,
            shown=["the second time!!"],
            triggers={"human_request": ["talk to a person"], "repeated_contact": ["the second time"]},
            topic="person",
        )
        return conversation_id


def heard(
    act: str = "report_problem",
    challenges: list[str] | None = None,
    level: int = 0,
    shown: list[str] | None = None,
    triggers: dict[str, list[str]] | None = None,
    entities: list[dict[str, str]] | None = None,
    topic: str = "recover",
    choice: str = "",
    sure: float = 0.97,
) -> dict[str, Any]:
    """What the engine would tell of a message."""
    return {
        "dialogue_act": {"name": act, "confidence": sure},
        "challenges": [{"type": c, "confidence": 0.91} for c in challenges or []],
        "frustration": {"level": level, "score": float(level), "evidence": shown or []},
        "triggers": [{"name": n, "evidence": w} for n, w in (triggers or {}).items()],
        "entities": entities or [],
        "unclear": None,
        "model": MODEL,
        "topic": topic,
        "choice": choice,
    }


@asynccontextmanager
async def served(app: Any) -> AsyncIterator[str]:
    """An ASGI app on loopback, in this very loop."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="on", timeout_graceful_shutdown=1))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        await asyncio.sleep(0.005)
        if task.done():
            task.result()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    await task
    listener.close()


@pytest.fixture(scope="session")
async def company_url(new_database: Any) -> str:
    """A database with the demo company's past."""
    from crm_adapter.seed import seed
    from store.migrate import upgrade

    url: str = new_database()
    upgrade(url)
    engine = create_async_engine(url)
    await seed(engine, now().date())
    await _keep(engine)
    await engine.dispose()
    return url


WRITTEN = ("interactions", "cases", "case_notes", "compensations", "follow_ups")  # what conversations add to the CRM


async def _keep(engine: AsyncEngine) -> None:
    """Copy what the tests will change."""
    async with engine.begin() as connection:
        await connection.execute(text("create schema kept"))
        for name in WRITTEN:
            await connection.execute(text(f"create table kept.{name} as select * from crm.{name}"))  # noqa: S608 - our names


async def _as_it_was(engine: AsyncEngine) -> None:
    """None of our own records, and the CRM as the demo company left it."""
    async with engine.begin() as connection:
        await connection.exec_driver_sql(without_rows(tables.metadata))
        for name in reversed(WRITTEN):
            await connection.execute(text(f"delete from crm.{name}"))  # noqa: S608 - our names
        for name in WRITTEN:
            copied = f"insert into crm.{name} overriding system value select * from kept.{name}"  # noqa: S608 - our names
            await connection.execute(text(copied))


@asynccontextmanager
async def running_company(url: str) -> AsyncIterator[Company]:
    """The desk with its pages, wired as the product is, with the tests' engine."""
    database = create_async_engine(url, pool_size=10, max_overflow=30)
    store, crm, words = SqlStore(database), SqlCrm(database), wording()
    rules = Rules(playbook.load(PLAYBOOK, RESPONSES))
    engine = GivenEngine(Bot(crm, SqlTurnMemory(Database(database)), words, rules, now, store.surroundings))
    reading, grants = SqlReading(Database(database)), SqlGrantBook(Database(database), now)
    parts = staff_parts(store, reading, grants, crm, rules, now, ZoneInfo("Europe/London"), words)
    # Tests note what was heard when they want it noted.
    # They also turn the floor's clockwork by hand.
    settings = DeskSettings(
        "Harbour & Pine", "s" * 40, "i" * 40, notes_every=timedelta(days=1), floor_every=timedelta()
    )
    floor = floor_ports(store, rules)
    pages = [staff_pages(parts)]
    with TemporaryDirectory() as folder:
        files = on_disk(Path(folder))
        desk = DeskParts(
            settings, store, engine, crm, words, now, floor=floor, playbook=rules, files=files, routes=pages
        )
        async with served(app := create_app(desk)) as address:
            quick = SignIn(store.users, now, hasher=PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
            yield Company(address, store, reading, engine, crm, app, quick, parts)
    await store.close()


@pytest.fixture(scope="session")
async def running(company_url: str) -> AsyncIterator[Company]:
    async with running_company(company_url) as company:
        yield company


@pytest.fixture
async def company(running: Company) -> Company:
    """The running desk as on its first day."""
    await _as_it_was(running.store.database.engine)
    return running


async def hire(company: Company, name: str, role: Role) -> Staff:
    email = f"{name.split()[0].lower()}@harbour.example"
    return await company.sign_ins.add(email, name, role, PASSWORD)


@pytest.fixture
async def asha(company: Company) -> Staff:
    return await hire(company, "Asha Verma", Role.AGENT)


@pytest.fixture
async def ben(company: Company) -> Staff:
    return await hire(company, "Ben Archer", Role.AGENT)


@pytest.fixture
async def sol(company: Company) -> Staff:
    return await hire(company, "Sol Reyes", Role.SENIOR)


@pytest.fixture
async def vera(company: Company) -> Staff:
    return await hire(company, "Vera Holm", Role.SUPERVISOR)
