"""Who delivers is who holds the lease: once it may be lost, nothing more is sent from here."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from desk.telegram.delivering import Deliverer
from desk.telegram.pacing import Pace


class NeverAnswers:
    """Deliveries of which the next is looked for, and looked for."""

    def __init__(self) -> None:
        self.asked, self.begun = 0, asyncio.Event()

    async def waiting(self, channel: str) -> Sequence[str]:
        return ()

    async def next(self, channel: str, conversation_id: str) -> Any:
        self.asked += 1
        self.begun.set()
        await asyncio.Event().wait()


class Held:
    """The lease, as good as any."""

    name, turn = "telegram", 1

    async def check(self) -> None: ...


async def test_a_deliverer_that_is_stopped_looks_for_nothing_more() -> None:
    before, deliveries, none = asyncio.all_tasks(), NeverAnswers(), None
    deliverer = Deliverer(none, deliveries, none, none, Pace(), lambda: datetime.now(UTC), none)  # type: ignore[arg-type]
    running = asyncio.create_task(deliverer.run(Held()))
    await asyncio.sleep(0)
    deliverer.wake("c1")
    await deliveries.begun.wait()
    deliverer.wake("c1")  # something else is to be sent there, too
    running.cancel()
    await asyncio.wait([running])
    assert asyncio.all_tasks() == before
    assert deliveries.asked == 1


@pytest.mark.parametrize("steps", range(6))
async def test_a_signal_at_whatever_moment_the_lease_goes_mutes_no_conversation(steps: int) -> None:
    """In one of them its task is stopped before it begins."""
    deliveries, none = NeverAnswers(), None
    deliverer = Deliverer(none, deliveries, none, none, Pace(), lambda: datetime.now(UTC), none)  # type: ignore[arg-type]
    running = asyncio.create_task(deliverer.run(Held()))
    await asyncio.sleep(0)
    running.cancel()
    for _ in range(steps):
        await asyncio.sleep(0)
    deliverer.wake("c1")
    await asyncio.wait([running])
    deliveries.begun.clear()
    again = asyncio.create_task(deliverer.run(Held()))
    await asyncio.sleep(0)
    deliverer.wake("c1")
    async with asyncio.timeout(5):
        await deliveries.begun.wait()
    again.cancel()
    await asyncio.wait([again])
