"""How fast Telegram may be sent to: in all and in each chat, and slower when it says so."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

OVERALL_A_SECOND, CHAT_A_SECOND = 25.0, 1.0  # Telegram allows about 30 in all, and one in a chat beside short bursts
_BURST = 4.0
_MOST_CHATS = 10_000


@dataclass(slots=True)
class Bucket:
    """So many at once, refilled at a steady rate."""

    rate: float
    most: float
    left: float
    since: float

    def wait_s(self, now: float) -> float:
        """0 when one may go now."""
        self.left = min(self.most, self.left + max(0.0, now - self.since) * self.rate)
        self.since = max(self.since, now)
        return 0.0 if self.left >= 1.0 else (1.0 - self.left) / self.rate + max(0.0, self.since - now)

    def hold(self, until: float) -> None:
        """Nothing goes before this moment, and then one."""
        self.left, self.since = 0.0, max(self.since, until - 1.0 / self.rate)


class Pace:
    """Whose turn it is to be sent."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._all = Bucket(OVERALL_A_SECOND, OVERALL_A_SECOND, OVERALL_A_SECOND, now())
        self._chats: OrderedDict[str, Bucket] = OrderedDict()
        self._held: dict[str, float] = {}
        self._all_held = float("-inf")

    def wait_s(self, chat: str) -> float:
        """How long this chat has to wait; 0 takes its turn."""
        now, bucket = self._now(), self._bucket(chat)
        wait = max(self._all.wait_s(now), bucket.wait_s(now), self.held_s(chat))
        if wait == 0.0:
            self._all.left -= 1.0
            bucket.left -= 1.0
        return wait

    async def turn(self, chat: str) -> None:
        """Wait for this chat's turn."""
        wait = self.wait_s(chat)
        while wait:
            await asyncio.sleep(wait)
            wait = self.wait_s(chat)

    async def free(self, chat: str) -> None:
        """Wait only for what Telegram asked this chat to wait, and take no turn."""
        held = self.held_s(chat)
        while held:
            await asyncio.sleep(held)
            held = self.held_s(chat)

    def held_s(self, chat: str) -> float:
        """How long Telegram still wants this chat, or everybody, to wait."""
        return max(0.0, max(self._held.get(chat, self._all_held), self._all_held) - self._now())

    def hold(self, chat: str, seconds: float) -> None:
        """Telegram asked this chat to wait. When it asks two at once, it means everybody."""
        now = self._now()
        until = max(now + seconds, self._held.get(chat, now))
        self._held = {other: end for other, end in self._held.items() if end > now}
        if any(other != chat for other in self._held):
            self._all.hold(until)
            self._all_held = max(self._all_held, until)
        self._held[chat] = until
        self._bucket(chat).hold(until)

    def _bucket(self, chat: str) -> Bucket:
        bucket = self._chats.get(chat)
        if bucket is None:
            bucket = self._chats[chat] = Bucket(CHAT_A_SECOND, _BURST, _BURST, self._now())
        self._chats.move_to_end(chat)
        if len(self._chats) > _MOST_CHATS:
            self._chats.popitem(last=False)
        return bucket
