"""What one process does at a time: whoever was cut off from the database may not know, and can do no harm."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from casework.errors import Unavailable
from casework.ports import Author, Lease, Message, Outbound
from store.condition import AWAY, FULL
from store.database import Database, connect
from store.leases import SqlLeases
from store.sql_store import SqlStore
from store.tables import deliveries
from store.turn_memory import SqlTurnMemory

NOON = datetime.now(UTC).replace(microsecond=0)
FULL_AT_LEASES = """
    create function redress.full_up() returns trigger language plpgsql as
        $$ begin raise exception 'no space left on device' using errcode = 'disk_full'; end $$;
    create trigger full_up before insert on redress.leases for each row execute function redress.full_up()
"""
CUT_OFF = "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and pid <> pg_backend_pid()"


@pytest.fixture
def store(engine: AsyncEngine, clean: None) -> SqlStore:
    return SqlStore(engine)


@pytest.fixture
async def reply(store: SqlStore) -> Message:
    conversation = await store.conversations.open_for("telegram", "7", NOON)
    await store.messages.say(conversation.id, Outbound("m1", Author.SYSTEM, "Hello"), NOON)
    (message,) = await store.messages.all(conversation.id)
    return message


async def test_what_was_being_sent_at_a_crash_is_marked_as_perhaps_repeated(store: SqlStore, reply: Message) -> None:
    for _ in ("before the crash", "after it"):
        async with store.leases.hold("telegram") as lease:
            await store.deliveries.begin(lease, reply, NOON)
    assert (await store.deliveries.arrivals([reply.id]))[reply.id].repeated


async def test_each_send_that_was_cut_off_is_counted(store: SqlStore, engine: AsyncEngine, reply: Message) -> None:
    for _ in range(3):
        async with store.leases.hold("telegram") as lease:
            await store.deliveries.begin(lease, reply, NOON)
    async with store.leases.hold("telegram") as lease:
        await store.deliveries.not_sent(lease, reply, perhaps=True)
    async with engine.connect() as connection:
        assert (await connection.execute(select(deliveries.c.repeated))).scalar_one() == 3


async def test_who_has_lost_the_lease_without_knowing_can_write_nothing(
    store: SqlStore, engine: AsyncEngine, reply: Message
) -> None:
    async def refused(lease: Lease) -> None:
        with pytest.raises(Unavailable):
            await store.deliveries.begin(lease, reply, NOON)
        with pytest.raises(Unavailable):
            await store.deliveries.sent(lease, reply, 1, "1", last=True, at=NOON)
        with pytest.raises(Unavailable):
            await store.deliveries.not_sent(lease, reply, perhaps=False)
        with pytest.raises(Unavailable):
            await store.deliveries.give_up(lease, reply, "blocked", NOON)

    async with store.leases.hold("telegram") as first:
        async with engine.connect() as connection:
            await connection.execute(text(CUT_OFF))
        async with store.leases.hold("telegram") as second:
            await refused(first)
            await store.deliveries.begin(second, reply, NOON)
            await store.deliveries.sent(second, reply, 1, "2", last=True, at=NOON)
    assert await store.deliveries.found(reply.conversation_id, "1") is None
    assert await store.deliveries.found(reply.conversation_id, "2") == reply.id


async def test_a_lease_that_the_database_has_no_room_for_is_heard_of_as_any_other_write_is(
    store: SqlStore, engine: AsyncEngine
) -> None:
    async with engine.begin() as connection:
        await connection.execute(text(FULL_AT_LEASES))
    try:
        with pytest.raises(Unavailable, match="no room"):
            async with store.leases.hold("telegram"):
                pass
    finally:
        async with engine.begin() as connection:
            await connection.execute(text("drop trigger full_up on redress.leases"))
            await connection.execute(text("drop function redress.full_up"))
    assert store.database.condition.trouble(20.0) == FULL


async def test_a_lease_that_nobody_gives_is_heard_of_when_it_lasts() -> None:
    database = Database(connect("postgresql+psycopg://nobody@127.0.0.1:9/nothing"))
    with pytest.raises(Unavailable):
        async with SqlLeases(database).hold("telegram"):
            pass
    assert database.condition.trouble(0.0) == AWAY


async def test_a_holder_whose_machine_vanishes_is_found_out_within_seconds(
    store: SqlStore, engine: AsyncEngine
) -> None:
    """Of its own accord PostgreSQL would ask after a silent connection only hours later."""
    asked = "select count(*) from pg_settings where name like 'tcp%' and source = 'session'"
    async with store.leases.hold("telegram") as lease:
        found = await lease._connection.execute(asked)
        assert await found.fetchone() == (4,)


async def test_the_bots_memory_tells_that_the_database_is_away_and_does_not_break() -> None:
    memory = SqlTurnMemory(Database(connect("postgresql+psycopg://nobody@127.0.0.1:9/nothing")))
    for asked in (memory.recall("c1"), memory.answered("m1"), memory.stored_messages("c1", frozenset({"m1"}))):
        with pytest.raises(Unavailable):
            await asked
