"""Asks Telegram for updates. Each batch is stored before the next is asked for, which confirms it."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog

from desk.telegram.api import Api, ApiTrouble, NotNow
from desk.telegram.updates import id_of

_BATCH = 20  # of what is stored and not confirmed, that many come again after a crash
_LONGEST_PAUSE_S = 5.0
_NUMBERS_LAST_S = 86_400.0  # after a week without updates Telegram numbers them anew
log = structlog.get_logger("desk.telegram")


@dataclass
class Poller:
    """Runs while the lease is ours. A batch that is being stored when it goes is stored to its end all the same.

    So each holder gets on, however often the lease changes hands; who stores a message again changes nothing.
    """

    api: Api
    store: Callable[[Sequence[object]], Awaitable[None]]
    complain: Callable[[ApiTrouble], Awaitable[None]]
    _offset: int | None = None
    _brought_at: float = 0.0
    _storing: asyncio.Task[None] | None = None
    _rests_until: float = 0.0

    async def run(self) -> None:
        failures = 0
        while True:
            await self._stored()
            await asyncio.sleep(self._rests_until - time.monotonic())  # also where the lease went and came back
            try:
                batch = await self._next()
                failures = 0
            except ApiTrouble as trouble:
                failures += 1
                await self.complain(trouble)
                log.warning("updates_wait", why=type(trouble).__name__)
                pause = min(_LONGEST_PAUSE_S, 0.5 * 2**failures)
                self._rests_until = time.monotonic() + (trouble.after if isinstance(trouble, NotNow) else pause)
                continue
            if batch:
                self._storing = asyncio.create_task(self._store(batch))

    async def close(self) -> None:
        """What is not stored by now comes again."""
        if self._storing is not None:
            self._storing.cancel()
            await asyncio.wait([self._storing])

    async def _next(self) -> Sequence[object]:
        clock = asyncio.get_running_loop().time
        batch = await self.api.updates(self._offset if clock() - self._brought_at < _NUMBERS_LAST_S else None, _BATCH)
        if batch:
            self._brought_at = clock()
        return batch

    async def _store(self, batch: Sequence[object]) -> None:
        await self.store(batch)
        self._offset = max((number for raw in batch if (number := id_of(raw)) is not None), default=0) + 1

    async def _stored(self) -> None:
        """To be stopped while waiting here stops nothing of it."""
        if self._storing is not None:
            await asyncio.wait([self._storing])
            done, self._storing = self._storing, None
            done.result()
