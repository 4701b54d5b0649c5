"""The turn worker: woken at once by each message, several conversations at a time, each in order."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

import structlog

from casework.errors import PortError, Unavailable
from casework.ports import Signal, Signals, Status
from casework.turns import Took
from desk.metrics import Metrics
from desk.retries import Ping, Retries

Take = Callable[[str], Awaitable[Took]]
GiveUp = Callable[[str], Awaitable[None]]
_RENEWED_EVERY_S = 3.0  # typing: less than half of what it lasts where it is shown
_BROKEN = 3  # failures of one conversation that another try will not mend
_PROBES = 4  # conversations at once that ask whether the engine is back
log = structlog.get_logger("desk.worker")


class TurnWorker:
    """Runs turns. A message missed by every signal is found by the sweep."""

    def __init__(
        self,
        take: Take,
        waiting: Callable[[], Awaitable[Sequence[str]]],
        signals: Signals,
        metrics: Metrics,
        at_once: int = 8,
        sweep_every: float = 1.0,
        typing_after: float = 0.1,  # nobody needs to see an answer being typed that is there already
        give_up: GiveUp | None = None,  # what breaks us again and again is a person's
        ping: Ping | None = None,  # whether the engine answers
    ) -> None:
        self._give_up, self._retries = give_up, Retries(ping)
        self._take, self._waiting, self._signals, self._metrics = take, waiting, signals, metrics
        self._sweep_every, self.typing_after = sweep_every, typing_after
        self._slots = asyncio.Semaphore(at_once)
        self._probes = asyncio.Semaphore(_PROBES)
        self._running: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()

    def wake(self, conversation_id: str) -> None:
        """There is something to answer. Calling it twice does no harm."""
        if conversation_id in self._running:
            self._again.add(conversation_id)
            return
        if self._retries.may(conversation_id):
            self._running[conversation_id] = asyncio.create_task(self._work(conversation_id))

    def hear(self, signal: Signal) -> None:
        """Another process stored a message: whoever gets the lock answers it."""
        if signal.kind == "message" and signal.data.get("s") == Status.RECEIVED and not signal.own:
            self.wake(signal.conversation_id)

    async def run(self) -> None:
        """Sweep for as long as the process lives."""
        try:
            while True:
                await self._sweep()
                await asyncio.sleep(self._sweep_every)
        finally:
            await self._stop()

    async def _sweep(self) -> None:
        try:
            waiting = await self._waiting()
        except PortError as error:
            log.warning("sweep_failed", reason=str(error))
            return self._retries.out()
        await self._retries.look(waiting)
        for conversation_id in waiting:
            self.wake(conversation_id)
        return None

    async def _stop(self) -> None:
        """A turn cut off here is taken again by whoever starts next."""
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._running.clear()  # a task that was stopped before its first step could not leave by itself

    async def _work(self, conversation_id: str) -> None:
        try:
            # Who was told of an outage already keeps nobody from hearing of it.
            async with self._probes if self._retries.probes(conversation_id) else self._slots:
                while await self._turn(conversation_id) is Took.MORE:
                    pass
        finally:
            del self._running[conversation_id]
            again = conversation_id in self._again
            self._again.discard(conversation_id)
        if again:  # not where we are being stopped: nothing may begin then
            self.wake(conversation_id)

    async def _turn(self, conversation_id: str) -> Took:
        started = time.perf_counter()
        over = asyncio.Event()
        typing = self._typing_soon(conversation_id, over)
        told = False
        try:
            took = await self._take(conversation_id)
            told = took is Took.ENGINE_DOWN
        except Unavailable as error:
            log.warning("turn_failed", conversation=conversation_id, reason=str(error))
            took = Took.ENGINE_DOWN
        except Exception:
            log.exception("turn_broke", conversation=conversation_id)
            took = Took.ENGINE_DOWN
            await self._broke(conversation_id)
        finally:
            await self._end_typing(conversation_id, typing, over)
        self._count(conversation_id, took, time.perf_counter() - started, told=told)
        return took

    async def _broke(self, conversation_id: str) -> None:
        """It is tried on, ever more slowly; but the customer is told, and a person has it."""
        if self._give_up is None or self._retries.of(conversation_id) + 1 != _BROKEN:
            return
        try:
            await self._give_up(conversation_id)
        except Exception:
            log.exception("giving_up_broke", conversation=conversation_id)

    def _count(self, conversation_id: str, took: Took, seconds: float, *, told: bool) -> None:
        if took is Took.NOTHING:
            return
        self._metrics.turn(took, seconds)
        if took is Took.ENGINE_DOWN:
            self._retries.failed(conversation_id, told=told)
        else:
            self._retries.went_well(conversation_id)

    def _typing_soon(self, conversation_id: str, over: asyncio.Event) -> asyncio.Task[bool] | None:
        """An attempt after a failure shows no typing: the customer was told that nobody types."""
        if self._retries.of(conversation_id):
            return None
        return asyncio.create_task(self._type(conversation_id, over))

    async def _type(self, conversation_id: str, over: asyncio.Event) -> bool:
        """Told again while it lasts, for it runs out by itself where we die. Whether it was told at all."""
        pause, told = self.typing_after, False
        while not await _comes(over, pause):
            await self._send_typing(conversation_id, on=True)
            pause, told = _RENEWED_EVERY_S, True
        return told

    async def _end_typing(self, conversation_id: str, typing: asyncio.Task[bool] | None, over: asyncio.Event) -> None:
        """What is being told in this very moment is told first: else its end would come before it."""
        over.set()
        if typing is not None and await typing:
            await self._send_typing(conversation_id, on=False)

    async def _send_typing(self, conversation_id: str, *, on: bool) -> None:
        with suppress(PortError):
            await self._signals.send(Signal("typing", conversation_id, {"who": "bot", "on": on}))


async def _comes(event: asyncio.Event, within: float) -> bool:
    """Whether it comes in so many seconds."""
    try:
        async with asyncio.timeout(within):
            await event.wait()
    except TimeoutError:
        return False
    return True
