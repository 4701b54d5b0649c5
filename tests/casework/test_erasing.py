"""What is erased stays nowhere, also what comes in while it is erased."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from casework.erasing import Erased, Erasing
from casework.errors import NotFound
from casework.keeping import Keeping
from casework.ports import FileState, Inbound, NewAttachment
from store.database import Database
from store.erasing import SqlErasure
from store.files import ObjectFiles, on_disk
from store.sql_store import SqlStore
from store.tables import review_items, review_sources

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"


async def in_no_crm(connection: AsyncConnection, customer_id: str, ids: Sequence[str]) -> None:
    """What the CRM holds is its own tests' matter."""


@pytest.fixture
def store(engine: AsyncEngine, clean: None) -> SqlStore:
    return SqlStore(engine)


@pytest.fixture
def files(tmp_path: Path) -> ObjectFiles:
    return on_disk(tmp_path)


@pytest.fixture
def erasure(engine: AsyncEngine) -> SqlErasure:
    return SqlErasure(Database(engine), in_no_crm)


@dataclass
class Uploading:
    """Somebody uploads one more file just before the records go."""

    store: SqlErasure
    files: ObjectFiles

    async def conversations_of(self, customer_id: str) -> Sequence[str]:
        return await self.store.conversations_of(customer_id)

    async def erase(self, customer_id: str, conversation_ids: Sequence[str]) -> None:
        await self.files.put(f"{conversation_ids[0]}/late", JPEG)
        await self.store.erase(customer_id, conversation_ids)


async def says(store: SqlStore, customer_id: str, *files: NewAttachment) -> tuple[str, str]:
    """A customer's conversation with one message."""
    opened = await store.conversations.open_for("web", f"customer:{customer_id}", AT, customer_id, "Ada")
    message = Inbound(f"m-{customer_id}", opened.id, "k", "a person please", None, AT, attachments=files)
    await store.messages.receive(message)
    return opened.id, message.id


async def test_a_file_that_is_uploaded_while_its_conversation_is_erased_goes_too(
    store: SqlStore, files: ObjectFiles, erasure: SqlErasure
) -> None:
    conversation, _ = await says(store, "4711")
    assert await Erasing(Uploading(erasure, files), files).erase("4711") == Erased(conversations=1, files=1)
    with pytest.raises(NotFound):
        await files.get(f"{conversation}/late")


async def test_a_file_that_is_fetched_while_its_conversation_is_erased_is_not_kept(
    store: SqlStore, files: ObjectFiles, erasure: SqlErasure
) -> None:
    _, message = await says(store, "4711", NewAttachment("f1", "photo", "", "", 9, {"file_id": "x"}))
    (wanted,) = (await store.attachments.of([message]))[message]
    assert wanted.state is FileState.WANTED
    await Erasing(erasure, files).erase("4711")
    await Keeping(store.attachments, files).fetched(wanted, JPEG)
    with pytest.raises(NotFound):
        await files.get(wanted.key)


async def test_what_was_said_before_a_text_for_review_goes_though_another_customer_said_the_text_too(
    store: SqlStore, files: ObjectFiles, erasure: SqlErasure, engine: AsyncEngine
) -> None:
    said = [await says(store, customer) for customer in ("4711", "4712")]
    item = {"text_key": "k", "text": "a person please", "before": [{"who": "customer", "text": "my dog ate it"}]}
    item |= {"heard": {}, "model": "m", "why": ["flagged"], "challenges": [], "by_person": True, "at": AT}
    async with engine.begin() as connection:
        kept = (await connection.execute(insert(review_items).values(item).returning(review_items.c.id))).scalar_one()
        sources = [{"item_id": kept, "conversation_id": c, "message_id": m} for c, m in said]
        await connection.execute(insert(review_sources), sources)
    await Erasing(erasure, files).erase("4711")
    async with engine.begin() as connection:
        left = (await connection.execute(select(review_items.c.text, review_items.c.before))).all()
    assert left == [("a person please", [])]
