"""Play a scripted customer through the web chat, and say what did not hold."""

import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from recovery.words import FollowUpKind
from redress.records import Records
from redress.simulation import checks
from redress.simulation.script import ReplyExpected, Script, Turn, TurnExpected, Wait
from redress.webchat import ChatMessage

_NOTHING_WITHIN_S = 1.0
_COMES_WITHIN_S = 60.0

type BringForward = Callable[[str, FollowUpKind], Awaitable[int]]


@dataclass
class Played:
    """How a script went. `misses` are sentences; none means that all held."""

    name: str
    conversation: str = ""
    turns: int = 0
    seconds: float = 0.0
    misses: list[str] = field(default_factory=list)


class _Lost(Exception):
    """The script cannot go on. The text says why."""


class Chat(Protocol):
    """A customer's side of a chat, whatever the channel."""

    conversation: str
    messages: list[ChatMessage]
    owner: str

    async def send(self, text: str, payload: str | None = None) -> int: ...

    async def until(self, holds: Callable[[Any], bool], within: float) -> bool: ...

    async def catch_up(self) -> None: ...

    def answers_to(self, seq: int) -> list[ChatMessage]: ...


@dataclass
class Player:
    """Plays scripts. `within`: how long a reply may take."""

    records: Records
    within: float = 10.0
    bring_forward: BringForward | None = None

    async def play(self, script: Script, opening: AbstractAsyncContextManager[Chat]) -> Played:
        """Play one script in the chat that is opened for it."""
        played = Played(script.name)
        started = time.monotonic()
        async with opening as chat:
            try:
                for turn in script.turns:
                    played.turns += 1
                    misses = await self._turn(chat, turn)
                    played.misses += [f"turn {played.turns} ({_title(turn)}): {miss}" for miss in misses]
                played.conversation = chat.conversation
                await self._end(script, played)
            except _Lost as lost:
                played.conversation = chat.conversation
                played.misses.append(f"turn {played.turns} ({_title(script.turns[played.turns - 1])}): {lost}")
        played.seconds = time.monotonic() - started
        return played

    async def _turn(self, chat: Chat, turn: Turn) -> list[str]:
        if turn.later:
            return await self._later(chat, turn.later, turn.expect)
        if turn.wait:
            return await self._wait(chat, turn.wait) + await self._misses(
                chat, chat.messages[-1].seq - 1, turn.expect
            )
        if turn.click:
            title, payload = _button(chat, turn.click)
            seq = await chat.send(title, payload)
        else:
            seq = await chat.send(turn.say or "")
        await self._reply(chat, seq, turn.expect)
        return await self._misses(chat, seq, turn.expect)

    async def _reply(self, chat: Chat, seq: int, expected: TurnExpected) -> None:
        """Wait for the reply, unless a person owns the conversation and none is expected."""
        wanted = chat.owner == "bot" or isinstance(expected.reply, ReplyExpected)
        none_wanted = expected.reply == "none"
        if wanted or none_wanted:
            within = _NOTHING_WITHIN_S if none_wanted else self.within
            came = await chat.until(lambda c: bool(c.answers_to(seq)), within)
            if not (came or none_wanted):
                raise _Lost(f"expected a reply within {within:g} s; none came")
        await chat.catch_up()

    async def _later(self, chat: Chat, kind: FollowUpKind, expected: TurnExpected) -> list[str]:
        """The day of a follow-up comes, and with it the question."""
        seq = chat.messages[-1].seq if chat.messages else 0
        if self.bring_forward is None or not await self.bring_forward(chat.conversation, kind):
            raise _Lost(f"expected a {kind} to be scheduled; there is none")
        if expected.reply != "none" and not await chat.until(lambda c: bool(c.answers_to(seq)), _COMES_WITHIN_S):
            raise _Lost(f"expected the {kind} within {_COMES_WITHIN_S:g} s; it did not come")
        return await self._misses(chat, seq, expected)

    async def _wait(self, chat: Chat, wait: Wait) -> list[str]:
        after = max((m.seq for m in chat.messages if m.author == "customer"), default=0)

        def has_come(chat: Chat) -> bool:
            if wait.owner:
                return chat.owner == wait.owner
            expected = ReplyExpected(contains=(wait.message or "",))
            return any(not list(checks.reply_misses(expected, [m])) for m in chat.messages if m.seq > after)

        if await chat.until(has_come, wait.within):
            return []
        what = f"the owner {wait.owner}" if wait.owner else f"a message with “{wait.message}”"
        return [f"expected {what} within {wait.within:g} s; it did not come"]

    async def _misses(self, chat: Chat, seq: int, expected: TurnExpected) -> list[str]:
        replies = chat.answers_to(seq)
        misses: list[str] = []
        if expected.reply == "none":
            misses += [f"expected no reply; it was “{reply.text}”" for reply in replies]
        elif expected.reply:
            misses += checks.reply_misses(expected.reply, replies)
        misses += checks.button_misses(expected.buttons, replies)
        if expected.owner and not await chat.until(lambda c: c.owner == expected.owner, self.within):
            misses.append(f"expected the owner {expected.owner}; it is {chat.owner}")
        if expected.nlu:
            stored = await self.records.reading.messages(chat.conversation, after=seq - 1, before=seq + 1)
            misses += checks.nlu_misses(expected.nlu, stored[0].nlu if stored else None)
        return misses

    async def _end(self, script: Script, played: Played) -> None:
        record = await self.records.conversation(played.conversation)
        played.misses += [f"database: {miss}" for miss in checks.database_misses(script.database, record)]


def _title(turn: Turn) -> str:
    named = {"say": turn.say, "click": turn.click, "later": turn.later}
    what = next((f"{how} “{words}”" for how, words in named.items() if words), "wait")
    return what if len(what) <= 60 else f"{what[:58]}…”"


def _button(chat: Chat, wanted: str) -> tuple[str, str]:
    """The button that a customer sees: of the latest message that has any, by payload, title or a part of it.

    One further up is pressed by its payload.
    """
    latest: ChatMessage | None = next((m for m in reversed(chat.messages) if m.buttons), None)
    buttons = latest.buttons if latest else ()
    for fits in (
        lambda title, payload: wanted == payload,
        lambda title, payload: wanted.casefold() == title.casefold(),
        lambda title, payload: wanted.casefold() in title.casefold(),
    ):
        for title, payload in buttons:
            if fits(title, payload):
                return title, payload
    further_up = (button for message in reversed(chat.messages) for button in message.buttons)
    if found := next(((title, payload) for title, payload in further_up if payload == wanted), None):
        return found
    raise _Lost(f"expected a button “{wanted}”; there were {', '.join(title for title, _ in buttons) or 'none'}")
