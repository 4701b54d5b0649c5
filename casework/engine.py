"""The port to the engine, and the patience with it."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from casework.errors import Unavailable
from casework.ports import Json

WITHIN_S = 3.5  # a turn may take so long; the customer hears the truth within five seconds
TOLD_BY_S = 4.25  # so old a message may be when its customer is told, once somebody's question has failed
BRIEFLY_S = 0.75  # many times what an answer takes, also on a busy machine
PAUSES_S = (0.1, 0.3, 0.6, 1.0)  # between the tries of a first attempt
CERTAIN = 3  # customers whom it failed one after another, with no answer to anybody in between
FRESH_S = 1.0  # for so long a failure says that the next question would fail, too


@dataclass(frozen=True, slots=True)
class Question:
    """One customer message for the engine; `payload`: the text is a pressed button's."""

    conversation: str
    message_id: str
    text: str
    stage: str
    payload: bool
    metadata: Json


@dataclass(frozen=True, slots=True)
class Answer:
    """What the engine understood and says. The same message id always gets the same answer."""

    nlu: Json
    messages: Sequence[Json]
    actions: Sequence[str] = field(default_factory=tuple)
    repeated: bool = False


class Engine(Protocol):
    """Turns words into evidence and dialogue steps."""

    async def turn(self, question: Question) -> Answer:
        """Raises Unavailable (worth a retry) and Refused (this question will never be answered)."""

    async def ping(self) -> None:
        """Return when the engine can answer. Raises Unavailable."""


@dataclass(slots=True)
class Patience:
    """How long the engine is waited for, so that all who write during an outage hear the truth in time.

    One failure proves no outage: a machine may be busy. Then whoever has waited for their turn already is given
    less, and any answer to anybody ends it. Once several have failed in a row, whoever writes next is told at once;
    those who were told ask whether it is back.
    """

    seconds: Callable[[], float] = time.monotonic
    _failed: int = 0  # first attempts since it last answered
    _last: float = 0.0

    def for_attempt(self, number: int, age_s: float) -> tuple[Sequence[float], float] | None:
        """Pauses between tries, and seconds in all, for a message of an age. None: asking is of no use just now.

        Later attempts (from 1 on) look once whether it is back.
        """
        if number:
            return (), WITHIN_S
        if self._failed >= CERTAIN and self.seconds() - self._last < FRESH_S:
            return None
        left = max(BRIEFLY_S, TOLD_BY_S - age_s) if self._failed else WITHIN_S
        return PAUSES_S, min(WITHIN_S, left)

    def answered(self) -> None:
        self._failed = 0

    def failed(self, number: int) -> None:
        """It did not answer an attempt. A message that fails again and again is one customer's."""
        self._failed += not number
        self._last = self.seconds()


async def ask(
    engine: Engine, question: Question, pauses: Sequence[float] = PAUSES_S, within: float = WITHIN_S
) -> Answer:
    """Ask, and ask again after a short pause when the engine stumbles. Raises Unavailable and Refused."""
    try:
        async with asyncio.timeout(within):
            for pause in pauses:
                try:
                    return await engine.turn(question)
                except Unavailable:
                    await asyncio.sleep(pause)
            return await engine.turn(question)
    except TimeoutError as late:
        raise Unavailable("The engine did not answer in time.") from late
