"""Live signals: one listening connection for the process, spread to whoever watches in it."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from casework.ports import Signal, Signals

EVERYTHING = ""


class Watch:
    """What changed since the last look. Equal signals are one, so a slow reader costs no memory."""

    def __init__(self) -> None:
        self._changed: dict[tuple[str, str], Signal] = {}
        self._wake = asyncio.Event()

    def tell(self, signal: Signal) -> None:
        key = (signal.kind, signal.conversation_id)
        self._changed.pop(key, None)
        self._changed[key] = signal
        self._wake.set()

    async def next(self, within: float) -> list[Signal]:
        """The changes in order; empty when there was none within this many seconds."""
        try:
            async with asyncio.timeout(within):
                await self._wake.wait()
        except TimeoutError:
            return []
        self._wake.clear()
        changed, self._changed = list(self._changed.values()), {}
        return changed


class Live:
    """The hub of one process."""

    def __init__(self, signals: Signals) -> None:
        self.signals = signals
        self._watches: dict[str, set[Watch]] = defaultdict(set)
        self._listeners: list[Callable[[Signal], None]] = []

    @contextmanager
    def watch(self, conversation_id: str = EVERYTHING) -> Iterator[Watch]:
        """Watch one conversation (with the queue), or everything."""
        watch = Watch()
        self._watches[conversation_id].add(watch)
        try:
            yield watch
        finally:
            self._watches[conversation_id].discard(watch)
            if not self._watches[conversation_id]:
                del self._watches[conversation_id]

    def on_signal(self, listener: Callable[[Signal], None]) -> None:
        """Call this at every signal."""
        self._listeners.append(listener)

    @property
    def watching(self) -> int:
        return sum(len(watches) for watches in self._watches.values())

    async def run(self) -> None:
        """Spread signals for as long as the process lives."""
        async for signal in self.signals.listen():
            for listener in self._listeners:
                listener(signal)
            for watch in self._concerned(signal):
                watch.tell(signal)

    def _concerned(self, signal: Signal) -> list[Watch]:
        if signal.conversation_id:
            names = {signal.conversation_id, EVERYTHING}
            return [w for name in names for w in self._watches.get(name, ())]
        if signal.kind == "alert":
            return list(self._watches.get(EVERYTHING, ()))
        return [w for watches in self._watches.values() for w in watches]
