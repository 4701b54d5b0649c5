"""What one process does at a time: whoever was cut off from the database may not know, and can do no harm."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from casework.errors import Unavailable
from casework.ports import Author, Lease, Message, Outbound
from store.sql_store import SqlStore
from store.tables import deliveries

NOON = datetime.now(UTC).replace(microsecond=0)
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
