"""A chat in Telegram shows nothing but messages, so one of them is the line that says how the wait stands.

It is no message of the conversation: like the head of the web chat it is changed as the queue moves, makes no sound,
and goes when the wait ends.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

import structlog

from casework.delivery import OwnerSeen
from casework.errors import PortError
from casework.ports import Clock, Owner, Phrases, WaitLine, WaitLines
from desk.telegram.api import Api, ApiTrouble, Impossible, NotNow
from desk.telegram.composing import Part
from desk.telegram.pacing import Pace

_LEAST_S = 2.0  # between two looks: a place that changes again at once is told once
MOVES = frozenset({"owner", "queue", "presence", "lost"})  # signals after which a wait may stand otherwise
log = structlog.get_logger("desk.telegram")


@dataclass
class WaitTeller:
    """Keeps the line of each chat true. What fails for a while is put right at a later look."""

    api: Api
    lines: WaitLines
    owner_of: Callable[[str], Awaitable[OwnerSeen]]
    phrases: Phrases
    pace: Pace
    clock: Clock
    channel: str
    every_s: float = 15.0
    least_s: float = _LEAST_S
    _moved: asyncio.Event = field(default_factory=asyncio.Event)

    def look(self) -> None:
        """Somebody came, left or was taken: places may have changed."""
        self._moved.set()

    async def run(self, see_to: Callable[[str], Awaitable[None]]) -> None:
        """Look after whoever waits when the queue moves, and now and then, for an expected wait changes by itself.

        One after the other: in an outage half the customers wait, and what they write must not wait for their places.
        """
        while True:
            self._moved.clear()
            with suppress(PortError):
                for conversation_id in await self.lines.waiting(self.channel):
                    await see_to(conversation_id)
            await asyncio.sleep(self.least_s)
            with suppress(TimeoutError):
                async with asyncio.timeout(self.every_s):
                    await self._moved.wait()

    async def keep(self, conversation_id: str) -> None:
        """Say, change or take back the line of one conversation, whose messages have all been sent."""
        line = await self.lines.of(self.channel, conversation_id)
        if line is None:
            return
        now = await self.owner_of(conversation_id)
        try:
            if now.owner is Owner.QUEUE:
                await self._tell(line, self._words(now))
            else:
                await self._take_back(line, now)
        except ApiTrouble as trouble:
            log.info("wait_untold", conversation=conversation_id, why=type(trouble).__name__)
            if isinstance(trouble, NotNow):
                self.pace.hold(line.chat, trouble.after)

    def _words(self, now: OwnerSeen) -> str:
        """When it opens, and that nobody is there, the handoff's own answer has told."""
        if now.position is None:
            return ""
        known = now.minutes is not None and now.anybody
        wait = f"about {now.minutes} minutes" if known else ""
        return self.phrases.plain("utter_queue_position", position=str(now.position), wait=wait)

    async def _tell(self, line: WaitLine, words: str) -> None:
        if not words or words == line.text:
            return
        await self.pace.turn(line.chat)
        try:
            if line.channel_id:
                await self.api.change(line.chat, line.channel_id, Part(words))
            else:
                line = line.sent_as(await self.api.send(line.chat, Part(words), quiet=True))
        except Impossible:
            log.info("wait_cannot_be_told", conversation=line.conversation_id)  # blocked, or they deleted the line
        await self.lines.keep(line.conversation_id, line.channel_id, words, self.clock())

    async def _take_back(self, line: WaitLine, now: OwnerSeen) -> None:
        """Telegram deletes nothing older than two days: such a line says what is true now."""
        if line.channel_id:
            try:
                await self.api.delete(line.chat, line.channel_id)
            except Impossible:
                await self._replace(line, now)
        await self.lines.drop(line.conversation_id)

    async def _replace(self, line: WaitLine, now: OwnerSeen) -> None:
        if now.owner is Owner.AGENT:
            words = self.phrases.plain("utter_agent_joined", agent=now.name or "")
        else:
            words = self.phrases.plain("utter_returned_to_bot")
        try:
            await self.api.change(line.chat, line.channel_id, Part(words))
        except Impossible:
            log.info("wait_line_gone", conversation=line.conversation_id)
