"""What the stories need of our own records. `store` implements these ports; no SQL is known above it.

Every method may raise `Unavailable`. Every change that a page or a chat must see is signalled in its own transaction.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

Clock = Callable[[], datetime]
Json = dict[str, Any]


class Owner(StrEnum):
    """Who answers a conversation."""

    BOT = "bot"
    QUEUE = "queue"
    AGENT = "agent"


class Author(StrEnum):
    """Who wrote a message."""

    CUSTOMER = "customer"
    BOT = "bot"
    AGENT = "agent"
    SYSTEM = "system"


class Status(StrEnum):
    """Where a message stands: the first three come in, the last three go out."""

    RECEIVED = "received"  # the bot is going to answer it
    ANSWERED = "answered"
    HELD = "held"  # it is a person's to answer
    READY = "ready"
    DELIVERED = "delivered"
    WITHHELD = "withheld"  # a person took over while it was being written


class EndedHow(StrEnum):
    """How a handoff ended."""

    RETURNED = "returned"
    RESOLVED = "resolved"
    TAKEN_OVER = "taken_over"


@dataclass(frozen=True, slots=True)
class Button:
    """What a customer can press instead of writing."""

    title: str
    payload: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation as it stands. `customer_id` is there only once verified."""

    id: str
    channel: str
    channel_user: str
    customer_id: str | None
    customer_name: str
    owner: Owner
    agent_id: str | None
    agent_name: str | None
    owner_version: int
    opened_at: datetime
    last_message_at: datetime
    closed_at: datetime | None = None
    outcome: str | None = None
    frustration: int = 0
    challenges: tuple[str, ...] = ()
    handed_over: bool = False
    last_seq: int = 0


@dataclass(frozen=True, slots=True)
class Message:
    """One stored message. `seq` orders a conversation without gaps."""

    id: str
    conversation_id: str
    seq: int
    author: Author
    author_name: str
    text: str
    status: Status
    at: datetime
    buttons: tuple[Button, ...] = ()
    payload: str | None = None
    channel_message_id: str | None = None
    in_reply_to: str | None = None
    attempts: int = 0
    meta: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Inbound:
    """A customer's message as a channel brings it."""

    id: str
    conversation_id: str
    channel_message_id: str
    text: str
    payload: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Received:
    """What a channel is told once the message is stored. `repeated`: it was stored before."""

    id: str
    seq: int
    at: datetime
    status: Status
    repeated: bool


@dataclass(frozen=True, slots=True)
class Outbound:
    """A message to the customer. The same id is never stored twice."""

    id: str
    author: Author
    text: str
    author_name: str = ""
    buttons: tuple[Button, ...] = ()
    in_reply_to: str | None = None
    meta: Json = field(default_factory=dict)
    status: Status = Status.READY


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
    """A handoff to write: `rationale` holds sentences, each with its evidence."""

    message_id: str
    rules: tuple[str, ...]
    playbook_version: str
    team: str
    priority: int
    priority_reasons: list[str]
    inputs: Json
    rationale: list[Json]
    packet: Json


@dataclass(frozen=True, slots=True)
class SurveyNews:
    """A survey asked, or its answer."""

    case_id: str
    rating: int | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class NewAlert:
    """What a person must know at once."""

    kind: str
    text: str


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


class OpenTurn(Protocol):
    """One turn of one conversation, which no other process can take meanwhile."""

    message: Message
    conversation: Conversation
    stage: str

    async def look_again(self) -> Now:
        """Lock the conversation, and read who owns it now and what the action decided."""

    async def finish(self, record: TurnRecord, at: datetime) -> None:
        """Write everything, or nothing."""


class TurnStore(Protocol):
    """Turns, one at a time per conversation across processes."""

    def next_turn(self, conversation_id: str) -> AbstractAsyncContextManager[OpenTurn | None]:
        """The oldest message to answer; None when there is none or another process is at it."""

    async def waiting(self, limit: int = 200) -> Sequence[str]:
        """Conversations with a message to answer, the longest waiting first."""


class Conversations(Protocol):
    """Find, open, verify."""

    async def get(self, conversation_id: str) -> Conversation:
        """Raises NotFound."""

    async def open_for(
        self, channel: str, channel_user: str, at: datetime, customer_id: str | None = None, name: str = ""
    ) -> Conversation:
        """The one open conversation of this user of this channel, made when there is none."""

    async def verify(self, conversation_id: str, customer_id: str, name: str, channel_user: str) -> Conversation:
        """Make it this customer's, unless it is another's. Raises NotFound, Conflict.

        It keeps its own channel user when another open conversation has the customer's.
        """

    async def latest_like(self, conversation_id: str) -> Conversation:
        """The latest conversation of the same user of the same channel. Raises NotFound."""

    async def position(self, conversation_id: str) -> int | None:
        """Its place in the queue (1 is next), by priority, then time; None when it does not wait."""


class Messages(Protocol):
    """A conversation's messages."""

    async def receive(self, inbound: Inbound) -> Received:
        """Store once per channel message id. A closed conversation is open again. Raises NotFound, Conflict."""

    async def offered(self, conversation_id: str, payload: str) -> bool:
        """Whether a bot's message of this conversation offered this payload."""

    async def visible(self, conversation_id: str, after: int, limit: int = 500) -> Sequence[Message]:
        """What the customer may see with a higher seq, in order."""

    async def all(self, conversation_id: str) -> Sequence[Message]:
        """Everything, withheld replies included, in order."""

    async def delivered(self, conversation_id: str, up_to: int, at: datetime) -> None:
        """Mark what the channel was given."""

    async def undelivered(self, channel: str, limit: int = 100) -> Sequence[Message]:
        """Messages of a channel that are ready and not delivered, in order."""


@dataclass(frozen=True, slots=True)
class OwnerChange:
    """One transition of ownership, applied only while `expected_version` still holds."""

    conversation_id: str
    expected_version: int
    owner: Owner
    agent_id: str | None = None
    claim: bool = False  # the open handoff is claimed by agent_id
    start: NewHandoff | None = None
    end: EndedHow | None = None
    root_cause: str | None = None
    outcome: str | None = None
    close: bool = False
    reset_recovery: bool = False
    say: tuple[Outbound, ...] = ()
    alerts: tuple[NewAlert, ...] = ()


class OwnershipStore(Protocol):
    """Compare-and-set of a conversation's owner, with its handoff and what the customer is told."""

    async def apply(self, change: OwnerChange, at: datetime) -> bool:
        """True when it was applied; False when somebody was first."""

    async def say_as_agent(self, conversation_id: str, user_id: str, message: Outbound, at: datetime) -> Message:
        """Store an agent's message. Raises Conflict unless this agent owns the conversation."""


@dataclass(frozen=True, slots=True)
class Handoff:
    """A handoff as it stands."""

    id: int
    conversation_id: str
    message_id: str
    rules: tuple[str, ...]
    playbook_version: str
    team: str
    priority: int
    priority_reasons: list[str]
    inputs: Json
    rationale: list[Json]
    packet: Json
    queued_at: datetime
    claimed_by: str | None = None
    claimed_at: datetime | None = None
    first_reply_at: datetime | None = None
    ended_at: datetime | None = None
    ended_how: str | None = None
    root_cause: str | None = None


class Handoffs(Protocol):
    """Read handoffs."""

    async def open_one(self, conversation_id: str) -> Handoff | None:
        """The handoff that has not ended."""

    async def of(self, conversation_id: str) -> Sequence[Handoff]:
        """All of a conversation's, oldest first."""

    async def queue(self, limit: int = 200) -> Sequence[Handoff]:
        """The unclaimed ones, by priority, then time."""

    async def queue_length(self) -> int:
        """How many wait."""


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


class FollowUpStore(Protocol):
    """Says a due follow-up once."""

    async def said(self, message_id: str) -> bool:
        """Whether it is in its conversation already."""

    async def say(self, follow_up: FollowUpMessage, at: datetime) -> bool:
        """True once it is stored; False when it must wait. A closed conversation is open again."""


@dataclass(frozen=True, slots=True)
class Staff:
    """An agent or a supervisor."""

    id: str
    email: str
    name: str
    role: str  # agent, senior, supervisor
    disabled: bool = False

    @property
    def first_name(self) -> str:
        return self.name.split()[0] if self.name.strip() else self.name


class Users(Protocol):
    """The staff and their sessions. A session's key is a hash: a leaked table opens nothing."""

    async def add(self, staff: Staff, password_hash: str, at: datetime) -> None:
        """Raises Conflict when the e-mail address is taken."""

    async def get(self, user_id: str) -> Staff:
        """Raises NotFound."""

    async def by_email(self, email: str) -> tuple[Staff, str] | None:
        """The person and the password's hash."""

    async def list(self) -> Sequence[Staff]:
        """Everybody, by name."""

    async def set_password(self, user_id: str, password_hash: str) -> None:
        """Also ends the person's sessions."""

    async def set_disabled(self, user_id: str, disabled: bool) -> None:
        """Also ends the person's sessions."""

    async def start_session(self, key: str, user_id: str, expires_at: datetime) -> None:
        """Remember a session."""

    async def session_user(self, key: str, now: datetime) -> Staff | None:
        """Whose session this is, while it lasts and the person may sign in."""

    async def end_session(self, key: str) -> None:
        """Forget a session."""


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey as it stands."""

    case_id: str
    conversation_id: str
    rating: int | None
    comment: str | None
    asked_at: datetime
    answered_at: datetime | None


class Surveys(Protocol):
    """One survey for each case."""

    async def get(self, case_id: str) -> Survey | None:
        """The case's survey, if it was asked."""

    async def record(self, conversation_id: str, news: SurveyNews, at: datetime) -> None:
        """Asked, or answered: the first of each counts."""


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert as it stands."""

    id: int
    kind: str
    conversation_id: str | None
    text: str
    at: datetime
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None


class Alerts(Protocol):
    """What a person must know at once."""

    async def raise_(self, alert: NewAlert, conversation_id: str | None, at: datetime) -> None:
        """Store it and tell the pages."""

    async def open_ones(self, limit: int = 100) -> Sequence[Alert]:
        """Not acknowledged yet, newest first."""

    async def acknowledge(self, alert_id: int, user_id: str, at: datetime) -> bool:
        """True for the one who did it."""


@dataclass(frozen=True, slots=True)
class Note:
    """An internal note: the customer never sees it."""

    id: int
    conversation_id: str
    user_id: str
    user_name: str
    text: str
    at: datetime


class Notes(Protocol):
    """Internal notes."""

    async def add(self, conversation_id: str, user_id: str, text: str, at: datetime) -> Note:
        """Raises NotFound."""

    async def of(self, conversation_id: str) -> Sequence[Note]:
        """Oldest first."""


class Looks(Protocol):
    """The log of looks at transcripts and records."""

    async def log(self, user_id: str, what: str, subject_id: str, at: datetime) -> None:
        """Remember that this person looked."""


@dataclass(frozen=True, slots=True)
class Signal:
    """Something changed. `kind`: message, owner, typing, queue, alert; or lost, when signals may have been missed."""

    kind: str
    conversation_id: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    own: bool = False  # this very process caused it


class Signals(Protocol):
    """Signals across processes."""

    def listen(self) -> AsyncIterator[Signal]:
        """All signals from now on; comes back alone after a lost connection, with a `lost` signal."""

    async def send(self, signal: Signal) -> None:
        """Tell every process, this one included."""


class Phrases(Protocol):
    """Every word the bot or the system says lives in data/responses."""

    def plain(self, response: str, **facts: str) -> str:
        """The text of a response with its facts filled in."""


class Records(Protocol):
    """All of our own records. The wiring passes `store.sql_store.SqlStore`."""

    @property
    def alerts(self) -> Alerts: ...
    @property
    def conversations(self) -> Conversations: ...
    @property
    def follow_ups(self) -> FollowUpStore: ...
    @property
    def handoffs(self) -> Handoffs: ...
    @property
    def looks(self) -> Looks: ...
    @property
    def messages(self) -> Messages: ...
    @property
    def notes(self) -> Notes: ...
    @property
    def ownership(self) -> OwnershipStore: ...
    @property
    def recoveries(self) -> Recoveries: ...
    @property
    def signals(self) -> Signals: ...
    @property
    def surveys(self) -> Surveys: ...
    @property
    def turns(self) -> TurnStore: ...
    @property
    def users(self) -> Users: ...
