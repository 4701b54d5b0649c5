"""One turn: what is read for it, and all that it writes."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from casework.ports.talk import Conversation, Json, Message, Outbound, Owner, Status


class EndedHow(StrEnum):
    """How a handoff ended."""

    RETURNED = "returned"
    RESOLVED = "resolved"
    LEFT = "left"  # somebody else is at the customer's chat


@dataclass(frozen=True, slots=True)
class Decision:
    """What an action decided, with its rules and reasons."""

    step: str
    case_id: str | None
    rules: tuple[str, ...]
    playbook_version: str
    inputs: Json
    reasons: list[Json]


@dataclass(frozen=True, slots=True)
class StepTaken:
    """A LATER step of a case and the message that did it."""

    case_id: str
    step: str
    message_id: str


@dataclass(frozen=True, slots=True)
class NewHandoff:
    """A handoff to write: `rationale` holds sentences, each with its evidence.

    `offers_call`: what the customer is told with it offers to call them.
    """

    message_id: str
    rules: tuple[str, ...]
    playbook_version: str
    team: str
    priority: int
    priority_reasons: list[str]
    inputs: Json
    rationale: list[Json]
    packet: Json
    offers_call: bool = False


@dataclass(frozen=True, slots=True)
class SurveyNews:
    """A survey asked, or its answer."""

    case_id: str
    rating: int | None = None
    comment: str | None = None
    kind: str = "csat"  # csat, ces, nps: each has its own scale


@dataclass(frozen=True, slots=True)
class NewAlert:
    """What a person must know at once."""

    kind: str
    text: str
    procedure: str = ""  # a critical alert names the playbook's procedure: who is paged, and until when
    outage: bool = False  # its procedure begins once, until it is acknowledged and the bot has answered since


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """All that one turn changes, written in one transaction. None leaves a thing as it is."""

    status: Status  # of the customer's message
    replies: tuple[Outbound, ...] = ()
    nlu: Json | None = None
    decision: Decision | None = None
    steps: tuple[StepTaken, ...] = ()
    handoff: NewHandoff | None = None
    survey: SurveyNews | None = None
    alerts: tuple[NewAlert, ...] = ()
    frustration: int | None = None
    eased: tuple[int, int | None] | None = None  # frustration before the first apology or offer, and since
    challenges: tuple[str, ...] | None = None
    outcome: str | None = None
    owner: Owner | None = None
    end_handoff: EndedHow | None = None
    rest: Status | None = None  # what becomes of the customer's other messages that wait for an answer


@dataclass(frozen=True, slots=True)
class Now:
    """What a turn finds when it looks again under the conversation's lock."""

    owner: Owner
    status: Status
    handoff_rules: tuple[str, ...] | None
    outcome: Json | None
    more: bool = False  # other messages wait behind this one


@dataclass(frozen=True, slots=True)
class PassedOn:
    """A message that waited for the bot when a person got the conversation: the engine never reads it."""

    message_id: str
    text: str


class OpenTurn(Protocol):
    """One turn of one conversation, which no other process can take meanwhile."""

    message: Message
    conversation: Conversation
    stage: str

    async def look_again(self) -> Now:
        """Lock the conversation, and read who owns it now and what the action decided."""

    async def finish(self, record: TurnRecord, at: datetime) -> Sequence[PassedOn]:
        """Write everything, or nothing. What waited for the bot and is a person's now."""


class TurnStore(Protocol):
    """Turns, one at a time per conversation across processes."""

    def next_turn(self, conversation_id: str) -> AbstractAsyncContextManager[OpenTurn | None]:
        """The oldest message to answer; None when there is none or another process is at it."""

    async def waiting(self, limit: int = 200) -> Sequence[str]:
        """Conversations with a message to answer, the longest waiting first."""


@dataclass(frozen=True, slots=True)
class KeptRecovery:
    """A conversation's recovery state. Version 0: nothing is kept yet."""

    version: int
    state: Json


class Recoveries(Protocol):
    """The state of recoveries as the desk needs it. What a turn remembers is casework.turn.TurnMemory."""

    async def load(self, conversation_id: str) -> KeptRecovery:
        """The state, empty at version 0 when none is kept."""

    async def reset_after_return(self, conversation_id: str, at: datetime) -> None:
        """Make old context unable to hand over again, once a person gives a conversation back."""


@dataclass(frozen=True, slots=True)
class FollowUpMessage:
    """A follow-up ready to be said: only while the bot owns it, and the recovery is at `version`."""

    conversation_id: str
    message: Outbound
    version: int
    state: Json
    survey: SurveyNews | None = None
    decision: Decision | None = None


class FollowUpStore(Protocol):
    """Says a due follow-up once."""

    async def said(self, message_id: str) -> bool:
        """Whether it is in its conversation already."""

    async def say(self, follow_up: FollowUpMessage, at: datetime) -> bool:
        """True once it is stored; False when it must wait. A closed conversation is open again."""
