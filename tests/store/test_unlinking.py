"""A chat that is unlinked: nothing of its customer's goes to it any more, and nothing of it waits for anybody."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from casework.ports import Author, Inbound, Outbound, Status
from store.sql_store import SqlStore

NOON = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def store(engine: AsyncEngine, clean: None) -> SqlStore:
    return SqlStore(engine)


async def test_what_waited_for_the_bot_and_what_was_on_its_way_stay_in_the_record(store: SqlStore) -> None:
    chat = await store.conversations.open_for("telegram", "7", NOON)
    await store.messages.receive(Inbound("m1", chat.id, "1", "my account was hacked", None, NOON))
    await store.messages.say(chat.id, Outbound("m2", Author.BOT, "Your order 10482 is on its way."), NOON)
    assert list(await store.turns.waiting()) == [chat.id]
    await store.conversations.unverify(chat.id, NOON)
    assert list(await store.turns.waiting()) == []
    assert list(await store.deliveries.waiting("telegram")) == []
    assert [m.status for m in await store.messages.all(chat.id)] == [Status.HELD, Status.WITHHELD]
