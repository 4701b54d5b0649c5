"""A desk with a Telegram bot, against a Telegram that telegram-test-api plays."""

import itertools
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from desk.parts import TelegramSettings
from tests.desk.conftest import DeskUnderTest, EngineDouble, running_desk
from tests.desk.telegram.peer_process import Peer, customers, running

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
    migrated_url: str, clean: None, engine_double: EngineDouble, bot: TelegramSettings
) -> AsyncIterator[DeskUnderTest]:
    """A desk whose Telegram channel is on."""
    async with running_desk(migrated_url, engine_double, telegram=bot) as running_one:
        yield running_one


def buttons(sent: dict[str, Any]) -> list[dict[str, Any]]:
    """The buttons under one of the bot's messages."""
    return [button for row in (sent.get("reply_markup") or {}).get("inline_keyboard", []) for button in row]
