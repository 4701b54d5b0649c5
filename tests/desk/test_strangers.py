"""What somebody may send, and begin before we know who they are."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from casework.identity import Identity
from casework.ports import Budget, FileState, Link, Room
from desk.limits import sender
from desk.parts import TelegramSettings
from store.files import on_disk
from store.tables import attachments
from tests.desk.conftest import Customer, DeskUnderTest, EngineDouble, running_desk
from tests.desk.telegram.conftest import JPEG, bot, peer, peer_url
from tests.desk.telegram.peer_process import Peer
from tests.desk.telegram.test_files import photo, settled

__all__ = ["bot", "peer", "peer_url"]  # fixtures
ROOM = Room(strangers=Budget(3, 2 * len(JPEG)), customers=Budget(9, 4 * len(JPEG)))
A_MINUTE = 3


@pytest.fixture
async def small(
    migrated_url: str, clean: None, engine_double: EngineDouble, bot: TelegramSettings, tmp_path: Path
) -> AsyncIterator[DeskUnderTest]:
    """A desk with little room for strangers: of bytes for two photos."""
    parts = {"telegram": bot, "files": on_disk(tmp_path), "room": ROOM, "sessions_a_minute": A_MINUTE}
    async with running_desk(migrated_url, engine_double, **parts) as running:
        yield running


async def sends(who: Customer, key: str, content: bytes = JPEG) -> httpx.Response:
    form = {"data": {"id": key}, "files": {"file": ("x.jpg", content, "image/jpeg")}}
    return await who.http.post("/chat/attachments", headers=who.bearer, **form)  # type: ignore[arg-type]


def kept_in(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*"))


async def test_of_many_files_that_a_stranger_sends_at_once_as_many_are_kept_as_there_is_room_for(
    small: DeskUnderTest, tmp_path: Path
) -> None:
    stranger = await small.customer()
    answers = await asyncio.gather(*(sends(stranger, f"u{n}") for n in range(6)))
    assert sorted(answer.status_code for answer in answers) == [202, 202, 413, 413, 413, 413]
    told = next(answer.json()["detail"] for answer in answers if answer.status_code == 413)
    assert told.startswith("Before you have signed in we keep up to 3 files")
    assert kept_in(tmp_path) == 2
    assert (await stranger.send("in words then")).status_code == 202


async def test_small_files_of_a_stranger_are_counted_too(small: DeskUnderTest) -> None:
    stranger = await small.customer()
    answers = [(await sends(stranger, f"u{n}", JPEG[:50])).status_code for n in range(4)]
    assert answers == [202, 202, 202, 413]


async def test_who_has_signed_in_may_send_more_and_tomorrow_again(
    small: DeskUnderTest, engine: AsyncEngine, tmp_path: Path
) -> None:
    ada = await small.customer(small.tokens.sign_identity(Identity("4711", "Ada Moss")))
    answers = await asyncio.gather(*(sends(ada, f"u{n}") for n in range(6)))
    assert sorted(answer.status_code for answer in answers) == [202] * 4 + [413] * 2
    told = next(answer.json()["detail"] for answer in answers if answer.status_code == 413)
    assert told.startswith("In one day we keep up to 9 files")
    assert kept_in(tmp_path) == 4
    async with engine.begin() as connection:
        await connection.execute(update(attachments).values(at=attachments.c.at - timedelta(days=1)))
    assert (await sends(ada, "tomorrow")).status_code == 202


async def test_a_customers_files_on_telegram_have_the_same_room(small: DeskUnderTest, peer: Peer) -> None:
    await small.store.identities.link(Link("telegram", "7", "4711", "deep_link", datetime.now(UTC)))
    for _ in range(5):
        await peer.says(7, None, **await photo(peer))
    files = await settled(small, 5)
    assert [file.state for file in files] == [FileState.KEPT] * 4 + [FileState.REFUSED]
    assert files[4].why.startswith("In one day we keep")


async def test_on_telegram_too_a_strangers_files_are_kept_while_there_is_room(
    small: DeskUnderTest, peer: Peer
) -> None:
    for _ in range(3):
        await peer.says(7, None, **await photo(peer))
    files = await settled(small, 3)
    assert [file.state for file in files] == [FileState.KEPT, FileState.KEPT, FileState.REFUSED]
    assert files[2].why.startswith("Before you have signed in")


async def test_a_strangers_address_begins_so_many_chats_a_minute_and_a_customer_with_a_token_any(
    small: DeskUnderTest,
) -> None:
    async def begins(address: str, token: str | None = None, resume: str | None = None) -> httpx.Response:
        asked = {"token": token, "resume": resume}
        return await small.http.post("/chat/session", json=asked, headers={"X-Forwarded-For": address})

    answers = [await begins("81.2.69.142") for _ in range(A_MINUTE + 1)]
    assert [answer.status_code for answer in answers] == [201] * A_MINUTE + [429]
    assert "Many chats were opened from here" in answers[-1].json()["detail"]
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert (await begins("81.2.69.143")).status_code == 201
    assert (await begins("81.2.69.142", resume=answers[0].json()["session"])).status_code == 201  # it goes on
    ada = small.tokens.sign_identity(Identity("4711", "Ada Moss"))
    assert (await begins("81.2.69.142", ada)).status_code == 201


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("81.2.69.142", "81.2.69.142"),
        ("::ffff:81.2.69.142", "81.2.69.142"),
        ("2a02:8100:1:2:aaaa::1", "2a02:8100:1:2::/64"),
        ("127.0.0.1", ""),
        ("10.0.0.1", ""),
        ("no address", ""),
    ],
)
def test_a_household_counts_as_one_and_a_proxy_of_ours_as_nobody(host: str, name: str) -> None:
    assert sender(host) == name
