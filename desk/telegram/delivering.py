"""Brings our messages to Telegram: in order for each chat, and each part once as far as anybody can know."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

import structlog

from casework.errors import NotFound, PortError, Unavailable
from casework.ports import Attachments, Clock, Deliveries, Files, Lease, Outgoing
from desk.telegram.api import Api, ApiTrouble, Impossible, Moved, NotNow, PerhapsSent, place_of
from desk.telegram.composing import FilePart, Part, parts_of
from desk.telegram.pacing import Pace
from desk.telegram.waiting import WaitTeller

TELEGRAM = "telegram"
_AT_ONCE = 8
_TRIES = 3  # of a message that breaks us
_LONGEST_PAUSE_S = 30.0
_SEEN_TO_WITHIN_S = 1.0  # then the next one; what takes longer goes on
_AT_ONCE_AGAIN = 0.001  # read again where the message stands
log = structlog.get_logger("desk.telegram")


class Deliverer:
    """Each conversation's messages one after the other; what fails for a while is tried ever more slowly."""

    def __init__(
        self,
        api: Api,
        deliveries: Deliveries,
        attachments: Attachments,
        files: Files | None,
        pace: Pace,
        clock: Clock,
        complain: Callable[[ApiTrouble], Awaitable[None]],
        waits: WaitTeller | None = None,
        sweep_every: float = 5.0,
    ) -> None:
        self._api, self._deliveries, self._pace, self._clock = api, deliveries, pace, clock
        self._attachments, self._files = attachments, files
        self._complain, self._waits, self._sweep_every = complain, waits, sweep_every
        self._lease: Lease | None = None
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._running: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()

    def wake(self, conversation_id: str) -> None:
        """There may be something to deliver. Calling it twice does no harm, nor does it while the lease is away."""
        if conversation_id in self._running:
            self._again.add(conversation_id)
        elif self._lease is not None:
            self._running[conversation_id] = asyncio.create_task(self._work(conversation_id))

    async def run(self, lease: Lease) -> None:
        """Look for what no signal told of, as after a start; deliver for as long as this lasts."""
        self._lease = lease
        try:
            async with asyncio.TaskGroup() as jobs:
                jobs.create_task(self._sweep())
                if self._waits is not None:
                    jobs.create_task(self._waits.run(self._see_to))
        finally:
            self._lease = None
            tasks = list(self._running.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._running.clear()  # a task that was stopped before its first step could not leave by itself
            self._again.clear()

    async def _see_to(self, conversation_id: str) -> None:
        """Wake it, and let it have its turn before others."""
        self.wake(conversation_id)
        if task := self._running.get(conversation_id):
            await asyncio.wait([task], timeout=_SEEN_TO_WITHIN_S)

    def look_at_waits(self) -> None:
        """The queue may have moved."""
        if self._waits is not None:
            self._waits.look()

    @property
    def _held(self) -> Lease:
        """What is sent without the lease, another process may be sending too."""
        if self._lease is None:
            raise Unavailable("The lease is not held.")
        return self._lease

    async def _sweep(self) -> None:
        while True:
            with suppress(PortError):
                for conversation_id in await self._deliveries.waiting(TELEGRAM):
                    self.wake(conversation_id)
            await asyncio.sleep(self._sweep_every)

    async def _work(self, conversation_id: str) -> None:
        try:
            await self._deliver(conversation_id)
        except PortError as error:
            log.warning("delivery_waits", conversation=conversation_id, reason=str(error))
        except Exception as error:
            log.error("delivery_broke", conversation=conversation_id, where=place_of(error))
        finally:
            del self._running[conversation_id]
            again = conversation_id in self._again
            self._again.discard(conversation_id)
        if again:  # not where we are being stopped: the lease may be another process's by now
            self.wake(conversation_id)

    async def _deliver(self, conversation_id: str) -> None:
        while (out := await self._deliveries.next(TELEGRAM, conversation_id)) is not None:
            if pause := await self._message(out):
                await asyncio.sleep(pause)
        if self._waits is not None:
            await self._waits.keep(conversation_id)

    async def _message(self, out: Outgoing) -> float:
        """Send what is left of a message; returns how long to wait before another try, 0 when it is done with."""
        parts: list[Part | FilePart] = [*parts_of(out.message), *await self._files_of(out)]
        if out.parts_sent >= len(parts):  # such as of a file that is gone
            await self._deliveries.begin(self._held, out.message, self._clock())
            await self._deliveries.give_up(
                self._held, out.message, "There is nothing left of this to send.", self._clock()
            )
        for number in range(out.parts_sent, len(parts)):
            if pause := await self._one(out, parts, number):
                return pause
        return 0.0

    async def _files_of(self, out: Outgoing) -> list[FilePart]:
        """The files of a message come after its words."""
        if self._files is None or not out.message.meta.get("files"):
            return []
        found = (await self._attachments.of([out.message.id])).get(out.message.id, ())
        parts = []
        for file in found:
            with suppress(NotFound):  # deleted since
                parts.append(FilePart(file.kind, file.name, file.media_type, await self._files.get(file.key)))
        return parts

    async def _send(self, chat: str, part: Part | FilePart) -> str:
        if isinstance(part, FilePart):
            return await self._api.send_file(chat, part)
        return await self._api.send(chat, part)

    async def _one(self, out: Outgoing, parts: Sequence[Part | FilePart], number: int) -> float:
        await self._pace.turn(out.chat)
        async with self._slots:
            await self._deliveries.begin(self._held, out.message, self._clock())
            try:
                channel_id = await self._send(out.chat, parts[number])
            except ApiTrouble as trouble:
                return await self._failed(out, trouble)
            except Exception as error:
                log.error("send_broke", conversation=out.message.conversation_id, where=place_of(error))
                hopeless = out.attempts + 1 >= _TRIES
                return await self._failed(out, Impossible("This cannot be sent.") if hopeless else PerhapsSent())
            last, at = number + 1 == len(parts), self._clock()
            await self._deliveries.sent(self._held, out.message, number + 1, channel_id, last=last, at=at)
        return 0.0

    async def _failed(self, out: Outgoing, trouble: ApiTrouble) -> float:
        message = out.message
        log.warning("not_delivered", conversation=message.conversation_id, why=type(trouble).__name__)
        await self._complain(trouble)
        if isinstance(trouble, Impossible):
            await self._deliveries.give_up(self._held, message, str(trouble), self._clock())
            return _AT_ONCE_AGAIN
        await self._deliveries.not_sent(self._held, message, perhaps=isinstance(trouble, PerhapsSent))
        if isinstance(trouble, Moved):
            await self._deliveries.moved(TELEGRAM, out.chat, trouble.to)
            return _AT_ONCE_AGAIN
        if isinstance(trouble, NotNow):
            self._pace.hold(out.chat, trouble.after)
            return _AT_ONCE_AGAIN  # the pace does the waiting
        return min(_LONGEST_PAUSE_S, 0.5 * 2.0 ** min(out.attempts, 10))
