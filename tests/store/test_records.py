"""Our own records beside conversations: staff and sessions, surveys, alerts, notes, looks, signals."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from casework.errors import Conflict, NotFound
from casework.ports import NewAlert, Signal, Staff, SurveyNews
from store.database import Database, connect
from store.signals import read
from store.sql_store import SqlStore

NOON = datetime.now(UTC).replace(microsecond=0)
PRIYA = Staff("u1", "Priya@Example.test", "Priya Shah", "agent")


@pytest.fixture
async def store(engine: AsyncEngine, clean: None) -> SqlStore:
    store = SqlStore(engine)
    await store.users.add(PRIYA, "hash", NOON)
    return store


async def test_an_address_is_one_person_whatever_its_case(store: SqlStore) -> None:
    found = await store.users.by_email("PRIYA@example.TEST")
    assert found is not None
    assert (found[0].id, found[1]) == ("u1", "hash")
    with pytest.raises(Conflict):
        await store.users.add(Staff("u2", "priya@EXAMPLE.test", "Other", "agent"), "hash", NOON)
    assert await store.users.by_email("nobody@example.test") is None


async def test_a_session_ends_with_its_time_its_password_and_its_person(store: SqlStore) -> None:
    async def signed_in() -> bool:
        return await store.users.session_user("key", NOON) is not None

    await store.users.start_session("key", "u1", NOON + timedelta(hours=1))
    assert await signed_in()
    assert await store.users.session_user("key", NOON + timedelta(hours=1)) is None
    await store.users.set_password("u1", "new")
    assert not await signed_in()
    await store.users.start_session("key", "u1", NOON + timedelta(hours=1))
    await store.users.set_disabled("u1", True)
    assert not await signed_in()
    with pytest.raises(NotFound):
        await store.users.set_disabled("nobody", True)


async def test_a_case_is_surveyed_once_and_its_first_answer_stands(store: SqlStore) -> None:
    conversation = await store.conversations.open_for("web", "x", NOON)
    for news in (SurveyNews("1"), SurveyNews("1", 2), SurveyNews("1", 5, "thanks"), SurveyNews("1", 1, "no")):
        await store.surveys.record(conversation.id, news, NOON)
    survey = await store.surveys.get("1")
    assert survey is not None
    assert (survey.rating, survey.comment) == (2, "thanks")


async def test_an_alert_is_acknowledged_by_one_person(store: SqlStore) -> None:
    await store.alerts.raise_(NewAlert("low_rating", "A case was rated 1."), None, NOON)
    [alert] = await store.alerts.open_ones()
    results = await asyncio.gather(*(store.alerts.acknowledge(alert.id, "u1", NOON) for _ in range(3)))
    assert sorted(results) == [False, False, True]
    assert await store.alerts.open_ones() == []


async def test_notes_and_looks_need_what_they_are_about(store: SqlStore, engine: AsyncEngine) -> None:
    conversation = await store.conversations.open_for("web", "x", NOON)
    note = await store.notes.add(conversation.id, "u1", "Called.", NOON)
    assert await store.notes.of(conversation.id) == [note]
    with pytest.raises(NotFound):
        await store.notes.add("nowhere", "u1", "Called.", NOON)
    await store.looks.log("u1", "conversation", conversation.id, NOON)
    async with engine.connect() as connection:
        assert (await connection.execute(text("select count(*) from redress.looks"))).scalar() == 1


async def test_ten_at_once_open_one_conversation(store: SqlStore) -> None:
    opened = await asyncio.gather(*(store.conversations.open_for("telegram", "7", NOON) for _ in range(10)))
    assert len({c.id for c in opened}) == 1


async def test_a_signal_reaches_every_listener_and_nonsense_none(store: SqlStore, engine: AsyncEngine) -> None:
    heard = store.signals.listen()
    assert (await anext(heard)).kind == "lost"
    async with engine.begin() as connection:
        await connection.execute(text("select pg_notify('redress', 'nonsense')"))
    await store.signals.send(Signal("typing", "c1", {"who": "agent", "on": True}))
    async with asyncio.timeout(5):
        signal = await anext(heard)
    await heard.aclose()  # type: ignore[attr-defined]
    assert signal == Signal("typing", "c1", {"who": "agent", "on": True}, own=True)


@pytest.mark.parametrize("payload", ["", "[]", "5", "null", '{"k": 1}'])
def test_what_is_no_signal_is_none(payload: str) -> None:
    assert read(payload) is None


async def test_whoever_goes_while_taking_a_connection_gives_it_back(migrated_url: str) -> None:
    database = Database(connect(migrated_url, pool_size=2))

    async def look() -> None:
        async with database.single() as connection:
            await connection.execute(text("select 1"))

    await asyncio.gather(look(), look())
    for turns in range(40):
        gone = asyncio.create_task(look())
        for _ in range(turns):
            await asyncio.sleep(0)  # so that it is cancelled a little later each time
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
    pool = database.engine.pool
    async with asyncio.timeout(5):
        await database.close()
    assert pool.checkedout() == 0  # type: ignore[attr-defined]
