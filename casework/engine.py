"""The port to the engine, and the patience with it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from casework.errors import Unavailable
from casework.ports import Json

WITHIN_S = 4.0  # the customer hears the truth within five seconds, so this ends before
PAUSES_S = (0.1, 0.3, 0.6, 1.0)  # between the tries of a first attempt


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
