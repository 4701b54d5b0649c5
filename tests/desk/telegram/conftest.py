"""A desk with a Telegram bot, against a Telegram that telegram-test-api plays."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from desk.parts import TelegramSettings
from store.files import on_disk
from tests.desk.conftest import DeskUnderTest, EngineDouble, running_desk
from tests.desk.telegram.peer_process import Peer, customers, running

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"0" * 200  # what a photo begins with
LARGEST = 250_000
_bots = itertools.count(1000)


@pytest.fixture(scope="session")
def peer_url() -> Iterator[str]:
    with running() as url:
        yield url


@pytest.fixture
async def peer(peer_url: str) -> AsyncIterator[Peer]:
    """A bot of its own for each test, so that no test reads another's chats."""
    async with customers(peer_url, f"{next(_bots)}:token-for-tests") as one:
        yield one


@pytest.fixture
def bot(peer: Peer) -> TelegramSettings:
    return TelegramSettings(peer.token, peer.url)


@pytest.fixture
async def chat_desk(
    migrated_url: str, clean: None, engine_double: EngineDouble, bot: TelegramSettings, tmp_path: Path
) -> AsyncIterator[DeskUnderTest]:
    """A desk whose Telegram channel is on, and which keeps files."""
    parts = {"telegram": bot, "files": on_disk(tmp_path / "files"), "largest_file": LARGEST}
    async with running_desk(migrated_url, engine_double, **parts) as running_one:
        yield running_one


async def until[T](desk: DeskUnderTest, look: Callable[[], Awaitable[T]], within: float = 8.0) -> T:
    """What a look finds, looked for again at each thing that happens in the desk."""
    with desk.app.state.desk.live.watch() as watch:
        async with asyncio.timeout(within):
            while not (found := await look()):
                await watch.next(0.5)
    return found


def buttons(sent: dict[str, Any]) -> list[dict[str, Any]]:
    """The buttons under one of the bot's messages."""
    return [button for row in (sent.get("reply_markup") or {}).get("inline_keyboard", []) for button in row]
