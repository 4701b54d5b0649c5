"""Customers who play the product's own scripted conversations, whatever breaks around them."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from redress.chaos.transcript import OTHERS, Line
from redress.simulation.script import Script, Turn

_PATIENCE_S = 12.0  # then they write again, answer or not
_TWICE = 0.15
_AT_ONCE = 0.25  # they do not wait for the answer
_THINKS_S = 3.0


@dataclass(frozen=True, slots=True)
class Visit:
    """A customer with an open line. `before`: they told their trouble there first, and come to this line with it."""

    script: Script
    line: Line
    before: Line | None = None


type Arrive = Callable[[Script, Random], Awaitable[Visit]]


@dataclass
class Crowd:
    """So many customers at any time: who is done is followed by another.

    `arrive` makes a script's customer anew, on the channel that luck decides, and opens their line.
    """

    scripts: Sequence[Script]
    arrive: Arrive
    lines: list[Line] = field(default_factory=list)
    came: int = 0
    sent: int = 0
    _closing: asyncio.Event = field(default_factory=asyncio.Event)

    async def stay(self, dice: Random) -> None:
        """One place in the crowd, until it closes."""
        while not self._closing.is_set():
            visit = await self.arrive(dice.choice(list(self.scripts)), dice)
            self.came += 1
            if visit.before is not None:
                await self._to_the_end(visit.script.turns[:1], visit.before, dice)
            await self._to_the_end(visit.script.turns, visit.line, dice)

    def close(self) -> None:
        """Everybody ends what they are saying, and nobody comes any more."""
        self._closing.set()

    async def _to_the_end(self, turns: Sequence[Turn], line: Line, dice: Random) -> None:
        self.lines.append(line)
        try:
            await self._play(turns, line, dice)
        finally:
            await line.leave()

    async def _play(self, turns: Sequence[Turn], line: Line, dice: Random) -> None:
        for turn in turns:
            if self._closing.is_set():
                return
            if not turn.wait:
                await self._turn(turn, line, dice)

    async def _turn(self, turn: Turn, line: Line, dice: Random) -> None:
        twice, hasty, thinks = dice.random() < _TWICE, dice.random() < _AT_ONCE, dice.uniform(0, _THINKS_S)
        text, payload = _words(turn, line)
        await line.send(text, payload, twice=twice)
        self.sent += 1
        if not hasty:
            await self._unless_closing(line.heard(OTHERS, _PATIENCE_S))
        await self._unless_closing(asyncio.sleep(thinks))

    async def _unless_closing(self, waiting: Coroutine[Any, Any, Any]) -> None:
        tasks = {asyncio.create_task(waiting), asyncio.create_task(self._closing.wait())}
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()


def _words(turn: Turn, line: Line) -> tuple[str, str | None]:
    """What is said; a button that is not there is said in words."""
    if not turn.click:
        return turn.say or "", None
    wanted = turn.click.casefold()
    for title, payload in line.buttons():
        if wanted in title.casefold() or wanted == payload.casefold():
            return title, payload
    return turn.click, None
