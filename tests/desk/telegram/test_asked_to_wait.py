"""Telegram asks to wait with what is no message: nothing is asked of it again before."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from desk.parts import TelegramSettings
from desk.telegram import channel
from desk.telegram.api import Api, ApiTrouble
from desk.telegram.polling import Poller
from store.files import on_disk
from tests.desk.conftest import DeskUnderTest, EngineDouble, running_desk
from tests.desk.telegram.peer_process import Peer
from tests.desk.telegram.test_files import photo

WAIT: dict[str, Any] = {"status": 429, "description": "Too Many Requests", "parameters": {"retry_after": 1}}
ALMOST = 0.9


async def after_first(peer: Peer, method: str) -> float:
    """When a method was first called, once it was."""
    await peer.call(method)
    return time.monotonic()


async def test_no_file_is_asked_for_before_telegram_wants_to_give_one(chat_desk: DeskUnderTest, peer: Peer) -> None:
    await peer.fault("getFile", **WAIT)
    await peer.says(7, None, **await photo(peer))
    begun = await after_first(peer, "getFile")
    chat_desk.app.state.desk.telegram.fetcher.wake()
    await peer.says(7, None, **await photo(peer))  # which wakes whoever fetches
    await peer.call("getFile")
    assert time.monotonic() - begun > ALMOST


async def test_the_menu_of_commands_is_offered_later(chat_desk: DeskUnderTest, peer: Peer) -> None:
    await peer.call("setMyCommands")
    await peer.fault("setMyCommands", **WAIT)
    telegram = chat_desk.app.state.desk.telegram
    telegram._prepared = False
    await telegram._prepare()
    begun = await after_first(peer, "setMyCommands")
    await peer.call("setMyCommands")
    assert time.monotonic() - begun > ALMOST


@pytest.mark.parametrize("method", ["getMe", "setWebhook"])
async def test_a_bot_that_begins_waits_as_long_as_it_is_told(
    migrated_url: str,
    clean: None,
    engine_double: EngineDouble,
    peer: Peer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
) -> None:
    monkeypatch.setattr(channel, "_LONGEST_PAUSE_S", 0.0)
    webhook = "https://redress.example" if method == "setWebhook" else ""
    bot = TelegramSettings(peer.token, peer.url, webhook)
    await peer.fault(method, **WAIT)
    async with running_desk(migrated_url, engine_double, telegram=bot, files=on_disk(tmp_path)):
        begun = await after_first(peer, method)
        await peer.call(method)
        assert time.monotonic() - begun > ALMOST


async def test_a_lease_that_comes_back_shortens_no_wait_for_updates(peer: Peer) -> None:
    refused, stored = asyncio.Event(), asyncio.Event()

    async def hear(trouble: ApiTrouble) -> None:
        refused.set()

    async def store(batch: Sequence[object]) -> None:
        stored.set()

    api = Api(peer.token, peer.url)
    await api.open()
    poller = Poller(api, store, hear)
    await peer.fault("getUpdates", **WAIT)
    await peer.says(7, "hello")
    first = asyncio.create_task(poller.run())
    await asyncio.wait_for(refused.wait(), 5)
    begun = time.monotonic()
    first.cancel()
    await asyncio.wait([first])
    second = asyncio.create_task(poller.run())
    await asyncio.wait_for(stored.wait(), 5)
    assert time.monotonic() - begun > ALMOST
    second.cancel()
    await asyncio.wait([second])
    await poller.close()
    await api.updates(poller._offset, 1, wait_s=0)  # confirmed, or it would be other tests' too
    await api.close()
