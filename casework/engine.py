"""The port to the engine, and the patience with it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from casework.errors import Unavailable
from casework.ports import Json

WITHIN_S = 3.5  # the customer hears the truth within five seconds, so this ends before
PAUSES_S = (0.1, 0.3, 0.6, 1.0)  # between the tries of a first attempt
HURRIED_S = 0.25


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
    """How long the engine is waited for. Once it has failed, and until it answers, nobody new waits long.

    So all who write during an outage hear the truth in time, and not only as many as are served at once.
    """

    _troubled: bool = False

    def for_attempt(self, number: int) -> tuple[Sequence[float], float]:
        """Pauses between tries, and seconds in all. Later attempts (from 1 on) look once whether it is back."""
        if number:
            return (), WITHIN_S
        return ((), HURRIED_S) if self._troubled else (PAUSES_S, WITHIN_S)

    def answered(self) -> None:
        self._troubled = False

    def failed(self) -> bool:
        """Whether it is the first failure of an outage."""
        before, self._troubled = self._troubled, True
        return not before


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
