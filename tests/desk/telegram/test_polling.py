"""Who asks Telegram for updates gets on, however often the lease changes hands."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from desk.telegram import polling
from desk.telegram.api import ApiTrouble
from desk.telegram.polling import Poller


class Telegram:
    """One batch, and then silence."""

    def __init__(self) -> None:
        self.asked: list[int | None] = []
        self.asked_again = asyncio.Event()

    async def updates(self, offset: int | None, most: int) -> list[Any]:
        self.asked.append(offset)
        if len(self.asked) > 1:
            self.asked_again.set()
            await asyncio.Event().wait()
        return [{"update_id": 7}]


class Storing:
    """A database that takes its time."""

    def __init__(self) -> None:
        self.begun, self.may_end = asyncio.Event(), asyncio.Event()
        self.stored = 0

    async def __call__(self, batch: Sequence[object]) -> None:
        self.begun.set()
        await self.may_end.wait()
        self.stored += len(batch)


async def nobody_hears(trouble: ApiTrouble) -> None:
    """It goes wrong nowhere here."""


async def stopped(running: asyncio.Task[None]) -> None:
    running.cancel()
    await asyncio.wait([running])


async def test_what_is_being_stored_when_the_lease_goes_is_stored_and_not_asked_for_again() -> None:
    telegram, storing = Telegram(), Storing()
    poller = Poller(telegram, storing, nobody_hears)  # type: ignore[arg-type]
    first = asyncio.create_task(poller.run())
    await storing.begun.wait()
    await stopped(first)
    storing.may_end.set()
    second = asyncio.create_task(poller.run())
    await telegram.asked_again.wait()
    await stopped(second)
    assert storing.stored == 1
    assert telegram.asked == [None, 8]


async def test_a_process_that_ends_stores_no_further() -> None:
    before, telegram, storing = asyncio.all_tasks(), Telegram(), Storing()
    poller = Poller(telegram, storing, nobody_hears)  # type: ignore[arg-type]
    running = asyncio.create_task(poller.run())
    await storing.begun.wait()
    await stopped(running)
    await poller.close()
    assert asyncio.all_tasks() == before
    assert not storing.stored


async def test_after_a_long_silence_no_old_number_hides_new_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Telegram begins at another number after a week without updates, and drops all below the one asked for."""
    monkeypatch.setattr(polling, "_NUMBERS_LAST_S", 0.0)
    telegram, storing = Telegram(), Storing()
    storing.may_end.set()
    running = asyncio.create_task(Poller(telegram, storing, nobody_hears).run())  # type: ignore[arg-type]
    await telegram.asked_again.wait()
    await stopped(running)
    assert telegram.asked == [None, None]
