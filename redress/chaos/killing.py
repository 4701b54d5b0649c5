"""Who is killed, and how one sees that they are back."""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from redress.chaos.plan import Plan, kills


@dataclass(frozen=True, slots=True)
class Victim:
    """A process that somebody starts again. `back` returns once it serves."""

    name: str
    process: Callable[[], int]
    back: Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Kill:
    """One death, and how long it took until the process served again."""

    victim: str
    recovery_s: float


@dataclass
class Killer:
    """Kills one after the other, each by SIGKILL and only while it serves."""

    plan: Plan
    victims: dict[str, Victim]
    say: Callable[[str], None]
    kills: list[Kill] = field(default_factory=list)
    last_at: float = 0.0
    _recovering: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    async def run(self) -> None:
        """Kill for as long as the plan says."""
        started = time.monotonic()
        for pause, name in kills(self.plan, sorted(self.victims)):
            await asyncio.sleep(pause)
            if busy := self._recovering.get(name):
                await busy
            at = time.monotonic() - started
            if at > self.plan.seconds:
                return
            self._kill(self.victims[name], at)

    async def all_back(self) -> None:
        """Everybody serves again."""
        await asyncio.gather(*self._recovering.values())

    def _kill(self, victim: Victim, at: float) -> None:
        os.kill(victim.process(), signal.SIGKILL)
        self.last_at = time.monotonic()
        self.say(f"{at:6.1f} s  killed {victim.name}")
        self._recovering[victim.name] = asyncio.create_task(self._watch(victim))

    async def _watch(self, victim: Victim) -> None:
        since = time.monotonic()
        await victim.back()
        self.kills.append(Kill(victim.name, time.monotonic() - since))
