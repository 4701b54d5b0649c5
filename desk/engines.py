"""Several engines: each conversation has its own, and another one answers while that one does not."""

import asyncio
import hashlib
import time
from collections.abc import Callable, Mapping

from casework.engine import Answer, Engine, Question
from casework.errors import Unavailable
from desk.engine_http import NoAnswer

_PATIENCE_S = 1.5  # with one engine, when there is another to ask within the customer's five seconds
_REST_S = 5.0  # who did not answer is asked last for so long


class Engines:
    """Implements casework.engine.Engine. Any engine may answer any message: what was answered is in the database."""

    def __init__(
        self,
        engines: Mapping[str, Engine],
        patience_s: float = _PATIENCE_S,
        rest_s: float = _REST_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engines, self._patience_s, self._rest_s, self._clock = engines, patience_s, rest_s, clock
        self._rests_until: dict[str, float] = {}

    async def turn(self, question: Question) -> Answer:
        """An engine that is wrong or busy has answered; only of one that is silent the next is asked."""
        for name in self.order(question.conversation):
            try:
                async with asyncio.timeout(self._patience_s):
                    return await self._engines[name].turn(question)
            except (NoAnswer, TimeoutError):
                self._rests_until[name] = self._clock() + self._rest_s
        raise Unavailable("None of the engines answers.")

    async def ping(self) -> None:
        """Return when one of them can answer."""
        answers = await asyncio.gather(*(engine.ping() for engine in self._engines.values()), return_exceptions=True)
        if all(isinstance(answer, BaseException) for answer in answers):
            raise Unavailable("None of the engines answers.")

    def order(self, conversation: str) -> list[str]:
        """The conversation's own engine first; those that rest last. One engine more moves few conversations."""
        now = self._clock()
        return sorted(
            self._engines, key=lambda name: (self._rests_until.get(name, 0.0) > now, _weight(name, conversation))
        )


def _weight(name: str, conversation: str) -> bytes:
    return hashlib.sha256(f"{name}\n{conversation}".encode()).digest()
