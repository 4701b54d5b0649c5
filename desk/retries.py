"""When a conversation whose turn failed is tried again: ever more slowly, and at once when an outage ends."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field

from casework.errors import PortError

_LONGEST_PAUSE_S = 5.0
_PING_WITHIN_S = 1.5

Ping = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class Retries:
    """Failures of each conversation, and whether what all of them need is away.

    No further try is spent on whoever was told of an outage until a look shows that it is over; then nobody serves
    out a pause. A conversation that fails although the engine answers is slowed down by itself.
    """

    ping: Ping | None = None  # returns when the engine can answer, and raises Unavailable
    seconds: Callable[[], float] = time.monotonic
    _failures: dict[str, int] = field(default_factory=dict)
    _not_before: dict[str, float] = field(default_factory=dict)
    _told: set[str] = field(default_factory=set)
    _freed: set[str] = field(default_factory=set)
    _away: bool = False

    def may(self, conversation_id: str) -> bool:
        """Whether it may be tried now."""
        if self._away and conversation_id in self._told:
            return False
        return self._not_before.get(conversation_id, 0.0) <= self.seconds()

    def probes(self, conversation_id: str) -> bool:
        """Whether a try only asks if the engine is back. Who waited for the end of an outage has their turn."""
        return conversation_id in self._failures and conversation_id not in self._freed

    def of(self, conversation_id: str) -> int:
        """How often it has failed in a row."""
        return self._failures.get(conversation_id, 0)

    def failed(self, conversation_id: str, *, told: bool) -> None:
        """`told`: the customer knows; what failed before that could be written is tried on."""
        self._freed.discard(conversation_id)
        if told:
            self._told.add(conversation_id)
        failures = self._failures[conversation_id] = self.of(conversation_id) + 1
        self._not_before[conversation_id] = self.seconds() + min(_LONGEST_PAUSE_S, 0.5 * 2**failures)

    def went_well(self, conversation_id: str) -> None:
        self._forget(conversation_id)
        self._back()

    def out(self) -> None:
        """What every turn needs did not answer."""
        self._away = True

    async def look(self, waiting: Collection[str]) -> None:
        """Ask whether the engine answers, for as long as somebody waits whose turn has failed."""
        for conversation_id in self._failures.keys() - waiting:  # a person or another process was first
            self._forget(conversation_id)
        if not self._failures or self.ping is None:
            self._back()
            return
        try:
            async with asyncio.timeout(_PING_WITHIN_S):
                await self.ping()
        except (PortError, TimeoutError):
            self.out()
        else:
            self._back()

    def _forget(self, conversation_id: str) -> None:
        self._failures.pop(conversation_id, None)
        self._not_before.pop(conversation_id, None)
        self._told.discard(conversation_id)
        self._freed.discard(conversation_id)

    def _back(self) -> None:
        if self._away:
            self._away = False
            self._not_before.clear()
            self._freed.update(self._failures)
