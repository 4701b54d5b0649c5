"""What the staff's pages read of our own records, as values. Stored JSON stays JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from recovery.sla import SlaClock
from recovery.surveys import SurveyKind

type Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """An open handoff: somebody waits for a person, or talks to one."""

    conversation_id: str
    channel: str
    customer_name: str
    owner: str
    agent_id: str | None
    agent_name: str
    challenges: tuple[str, ...]
    frustration: int
    team: str
    priority: int
    priority_reasons: tuple[str, ...]
    rules: tuple[str, ...]
    rationale: tuple[Json, ...]
    queued_at: datetime
    claimed_at: datetime | None
    last_author: str
    last_text: str
    last_at: datetime | None
    unanswered_since: datetime | None  # the customer's first message that no person has answered
    tier: str = ""  # who is asked: agent, specialist, senior, supervisor
    score: int = 0
    score_parts: tuple[Json, ...] = ()  # {"name", "points", "why"}
    clocks: tuple[SlaClock, ...] = ()  # the open ones

    @property
    def why(self) -> str:
        """The rationale's first sentence."""
        return str(self.rationale[0]["text"]) if self.rationale else ""


@dataclass(frozen=True, slots=True)
class ConversationRead:
    """A conversation as lists and headers show it."""

    id: str
    channel: str
    customer_id: str | None
    customer_name: str
    owner: str
    agent_id: str | None
    agent_name: str
    outcome: str | None
    frustration: int
    challenges: tuple[str, ...]
    handed_over: bool
    opened_at: datetime
    last_message_at: datetime
    closed_at: datetime | None
    felt_before: int | None = None  # frustration before the first apology or offer
    felt_after: int | None = None  # and in the latest message since


@dataclass(frozen=True, slots=True)
class FoundConversation:
    """One line of a search, with a message that holds the words, or the customer's first."""

    conversation: ConversationRead
    excerpt: str
    messages: int


@dataclass(frozen=True, slots=True)
class MessageRead:
    """A message with what the NLU made of it."""

    id: str
    seq: int
    author: str
    author_name: str
    text: str
    buttons: tuple[Json, ...]
    payload: str | None
    status: str
    meta: Json
    at: datetime
    done_at: datetime | None
    nlu: Json | None


@dataclass(frozen=True, slots=True)
class DecisionRead:
    """A decision with its rules, inputs and reasons."""

    id: int
    message_id: str
    case_id: str | None
    step: str
    rules: tuple[str, ...]
    playbook_version: str
    inputs: Json
    reasons: tuple[Json, ...]
    at: datetime

    @property
    def nearly(self) -> tuple[Json, ...]:
        """The rules that one fact kept from firing: rule, fact, what was asked and what was found."""
        return tuple(m for m in self.inputs.get("nearly_fired", ()) if isinstance(m, Mapping))


@dataclass(frozen=True, slots=True)
class StepRead:
    """A LATER step and the message that did it."""

    case_id: str
    step: str
    message_id: str


@dataclass(frozen=True, slots=True)
class HandoffRead:
    """A handoff with its packet and its timing."""

    id: int
    message_id: str
    rules: tuple[str, ...]
    playbook_version: str
    team: str
    priority: int
    priority_reasons: tuple[str, ...]
    inputs: Json
    rationale: tuple[Json, ...]
    packet: Json
    queued_at: datetime
    claimed_by: str | None
    claimed_name: str
    claimed_at: datetime | None
    first_reply_at: datetime | None
    ended_at: datetime | None
    ended_how: str | None
    root_cause: str | None
    score: int = 0
    score_parts: tuple[Json, ...] = ()


@dataclass(frozen=True, slots=True)
class DutyDone:
    """A tick on a procedure's checklist."""

    handoff_id: int
    procedure: str
    duty: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NoteRead:
    """An internal note."""

    id: int
    by: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SurveyRead:
    """A survey as asked and answered."""

    case_id: str
    rating: int | None
    comment: str | None
    asked_at: datetime
    answered_at: datetime | None
    kind: str = "csat"

    @property
    def best(self) -> int:
        """The top of its scale."""
        return SurveyKind(self.kind).scale[-1]


@dataclass(frozen=True, slots=True)
class AlertRead:
    """What a person must know at once."""

    id: int
    kind: str
    conversation_id: str | None
    text: str
    at: datetime
    acknowledged_by: str
    acknowledged_at: datetime | None


@dataclass(frozen=True, slots=True)
class LookRead:
    """Who looked at what."""

    id: int
    user_id: str
    by: str
    role: str
    what: str
    subject_id: str
    customer_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Page[T]:
    """Some rows, and where the next ones start (None at the end)."""

    rows: Sequence[T]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """What a supervisor looks for. Empty fields ask for nothing. `since` and `until` bound the last message."""

    words: str = ""
    since: datetime | None = None
    until: datetime | None = None
    channel: str = ""
    challenge: str = ""
    frustration: int | None = None
    owner: str = ""
    agent_id: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """The numbers of a span of time, each with what it was counted from."""

    conversations: int
    handed_over: int
    satisfied: int
    rated: int
    median_wait: timedelta | None
    claimed: int

    @property
    def contained(self) -> int:
        """Never handed over. By definition the rest, so that no conversation counts as both."""
        return self.conversations - self.handed_over


@dataclass(frozen=True, slots=True)
class Standing:
    """What waits now."""

    waiting: int
    open_alerts: int
