"""One turn of the bot: fetch what is known, decide the next step, carry it out once, record it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Any, Protocol

from casework import carrying_out, recording
from casework.crm import Crm
from casework.errors import Conflict
from casework.ports import Surroundings
from casework.wording import Wording
from recovery.around import Around
from recovery.decision import Decision, HandOver
from recovery.evidence import Evidence, Sentence
from recovery.heard import Heard
from recovery.next_step import next_step
from recovery.playbook import Playbook
from recovery.purse import budget_keys
from recovery.records import History
from recovery.situation import Situation, Topic
from recovery.state import Recovery
from recovery.words import Role
from recovery.zoned import in_zone

TRIES = 3  # each lost race means that somebody else succeeded

type Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Remembered:
    """A conversation's recovery state and the version it was read at."""

    state: Recovery
    version: int


class TurnMemory(Protocol):
    """The port to what is remembered between turns."""

    async def answered(self, message_id: str) -> dict[str, Any] | None:
        """What this very message came to, when it was taken before."""

    async def recall(self, conversation_id: str) -> Remembered:
        """The recovery state; a fresh one at version 0 for a new conversation."""

    async def keep(
        self,
        conversation_id: str,
        remembered: Remembered,
        message_id: str,
        outcome: dict[str, Any],
        at: datetime,
    ) -> None:
        """Store state and outcome in one transaction. Raises Conflict when somebody was first."""

    async def stored_messages(self, conversation_id: str, ids: frozenset[str]) -> frozenset[str]:
        """Which of these messages are stored in this conversation."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a customer, on its way through the bot. `customer_id` only once verified."""

    conversation_id: str
    topic: Topic
    heard: Heard
    customer_id: str | None
    channel: str


@dataclass(frozen=True, slots=True)
class Bot:
    """What a turn needs from outside."""

    crm: Crm
    memory: TurnMemory
    wording: Wording
    playbook: Callable[[], Playbook]
    clock: Clock
    surroundings: Surroundings
    mails_codes: bool = False  # the desk mails one-time codes to strangers

    async def take(self, turn: Turn) -> dict[str, Any]:
        """Take one turn; the same message again gets what it got the first time. Raises PortError."""
        for _ in range(TRIES - 1):
            try:
                return await self._take(turn)
            except Conflict:
                continue  # somebody else was first: read again and decide again
        return await self._take(turn)

    async def _take(self, turn: Turn) -> dict[str, Any]:
        if done := await self.memory.answered(turn.heard.message_id):
            return done
        remembered = await self.memory.recall(turn.conversation_id)
        history = await self.crm.history(turn.customer_id) if turn.customer_id else None
        playbook = self.playbook()
        zone = playbook.staffing.calendar.zone
        now = self.clock().astimezone(zone)
        around = await self._around(turn, playbook, now)
        heard, history, around = in_zone((turn.heard, history, around), zone)
        decision = next_step(Situation(turn.topic, heard, remembered.state, history, playbook, now, around))
        if reasons := reasons_of(decision):
            await self._check_cited(turn, reasons, history)
        desk = carrying_out.Tools(self.crm, self.surroundings, playbook, now)
        carried = await carrying_out.carry_out(desk, turn, decision, remembered.state, history)
        recorded, state = recording.record(self.wording, carried, turn, decision, playbook, now)
        outcome = recorded.as_json()
        kept = replace(remembered, state=state)
        await self.memory.keep(turn.conversation_id, kept, turn.heard.message_id, outcome, now)
        return outcome

    async def _around(self, turn: Turn, playbook: Playbook, now: datetime) -> Around:
        keys = budget_keys(playbook, Role.BOT, now)
        around = await self.surroundings.around(turn.customer_id, keys, turn.heard.message_id, now)
        return replace(around, mails_codes=self.mails_codes)

    async def _check_cited(self, turn: Turn, reasons: tuple[Sentence, ...], history: History | None) -> None:
        """A rationale may cite only what is stored: the CRM's records just read, and this conversation's messages."""
        cited = frozenset(e for sentence in reasons for e in sentence.evidence)
        ids = frozenset(e.id for e in cited if e.kind == "message")
        stored = await self.memory.stored_messages(turn.conversation_id, ids)
        messages = frozenset(e for e in cited if e.kind == "message" and e.id in stored)
        known: frozenset[Evidence] = messages | (history.evidence if history else frozenset())
        recording.refuse_unknown(cited, known)


def reasons_of(decision: Decision) -> tuple[Sentence, ...]:
    """Every sentence that is stored as a reason: the decision's own, and those of a handoff in it."""
    rationales = (e.rationale.sentences for e in decision.effects if isinstance(e, HandOver))
    return tuple(dict.fromkeys((*decision.reasons, *chain.from_iterable(rationales))))
