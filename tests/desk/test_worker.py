"""The worker's own doings around a turn: what is shown meanwhile, and that nothing goes on once it is stopped."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from casework.ports import Signal
from casework.turns import Took
from desk import worker as worker_module
from desk.metrics import Metrics
from desk.worker import TurnWorker


class SlowSignals:
    """Signals that are being sent until they may end."""

    def __init__(self) -> None:
        self.begun, self.may_end, self.sent = asyncio.Event(), asyncio.Event(), list[Any]()

    async def send(self, signal: Signal) -> None:
        self.begun.set()
        await self.may_end.wait()
        self.sent.append(signal.data["on"])


async def nothing_waits() -> Sequence[str]:
    return ()


async def test_an_answer_that_comes_while_typing_is_being_told_ends_the_typing() -> None:
    signals = SlowSignals()

    async def take(conversation_id: str) -> Took:
        await signals.begun.wait()  # the answer is there while “somebody types” is on its way
        asyncio.get_running_loop().call_soon(signals.may_end.set)
        return Took.ANSWERED

    worker = TurnWorker(take, nothing_waits, signals, Metrics(), typing_after=0.0)  # type: ignore[arg-type]
    before = asyncio.all_tasks()
    worker.wake("c1")
    (turn,) = asyncio.all_tasks() - before
    await turn
    assert signals.sent == [True, False]


async def test_typing_is_told_again_while_it_lasts_so_that_it_may_run_out_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worker_module, "_RENEWED_EVERY_S", 0.001)
    signals = SlowSignals()
    signals.may_end.set()

    async def take(conversation_id: str) -> Took:
        while len(signals.sent) < 3:  # noqa: ASYNC110 - until it was told so often
            await asyncio.sleep(0)
        return Took.ANSWERED

    worker = TurnWorker(take, nothing_waits, signals, Metrics(), typing_after=0.0)  # type: ignore[arg-type]
    before = asyncio.all_tasks()
    worker.wake("c1")
    (turn,) = asyncio.all_tasks() - before
    async with asyncio.timeout(8):
        await turn
    assert signals.sent[-1] is False
    assert all(signals.sent[:-1])


async def test_a_worker_that_is_stopped_begins_no_further_turn() -> None:
    begun, asked = asyncio.Event(), []

    async def take(conversation_id: str) -> Took:
        asked.append(conversation_id)
        begun.set()
        await asyncio.Event().wait()
        return Took.ANSWERED

    before = asyncio.all_tasks()
    worker = TurnWorker(take, nothing_waits, SlowSignals(), Metrics())  # type: ignore[arg-type]
    running = asyncio.create_task(worker.run())
    worker.wake("c1")
    await begun.wait()
    worker.wake("c1")  # another message came meanwhile
    running.cancel()
    await asyncio.wait([running])
    assert asyncio.all_tasks() == before
    assert asked == ["c1"]
