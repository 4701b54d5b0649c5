"""Who answers, and what staff see and leave behind."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from casework.ports.talk import Json, Message, Outbound, Owner
from casework.ports.turn import Decision, EndedHow, NewAlert, NewHandoff, PassedOn, SurveyNews
from recovery.owners import Move, State, state_of

UNREAD = "The customer has just written: read it before you resolve this."


@dataclass(frozen=True, slots=True)
class OwnerChange:
    """One transition of ownership, applied only while `expected_version` still holds."""

    conversation_id: str
    expected_version: int
    move: Move
    was: State
    owner: Owner
    agent_id: str | None = None
    by: str | None = None  # who moves it; None: the desk
    note: str = ""  # what colleagues read about it
    team: str | None = None  # the handoff goes to this team, and waits anew
    tier: str | None = None  # who of that team is asked first
    claim: bool = False  # the open handoff is claimed by agent_id
    start: NewHandoff | None = None
    end: EndedHow | None = None
    root_cause: str | None = None
    outcome: str | None = None
    close: bool = False
    seen: int | None = None  # the seq up to which whoever moves it has read; None: all there is
    reset_recovery: bool = False
    say: tuple[Outbound, ...] = ()
    alerts: tuple[NewAlert, ...] = ()

    @property
    def became(self) -> State:
        """Where it leads. Whatever leaves a person or the queue was handed over once."""
        return state_of(self.owner, closed=self.close, handed_over=True)


@dataclass(frozen=True, slots=True)
class Transition:
    """One logged move."""

    move: Move
    was: State
    became: State
    by: str  # a name; empty for the bot, the desk and the customer
    agent: str  # who owns it from here; empty for nobody
    note: str
    at: datetime


class OwnershipStore(Protocol):
    """Compare-and-set of a conversation's owner, with its handoff and what the customer is told."""

    async def apply(self, change: OwnerChange, at: datetime) -> Sequence[PassedOn] | None:
        """What waited for the bot and is a person's now; None when somebody was first, and nothing was changed."""

    async def say_as_agent(self, conversation_id: str, user_id: str, message: Outbound, at: datetime) -> Message:
        """Store an agent's message. Raises Conflict unless this agent owns the conversation."""

    async def say_while(self, conversation_id: str, owner: Owner, message: Outbound, at: datetime) -> bool:
        """Say something as the system, once, while this is the owner. False when it is not."""

    async def transitions(self, conversation_id: str, limit: int = 100) -> Sequence[Transition]:
        """The latest moves, oldest first."""


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
    tier: str | None = None
    tier_since: datetime | None = None
    score: int = 0
    score_parts: list[Json] = field(default_factory=list)


class Handoffs(Protocol):
    """Read handoffs."""

    async def open_one(self, conversation_id: str) -> Handoff | None:
        """The handoff that has not ended."""

    async def of(self, conversation_id: str) -> Sequence[Handoff]:
        """All of a conversation's, oldest first."""

    async def queue(self, limit: int = 200) -> Sequence[Handoff]:
        """The unclaimed ones, the most urgent first."""

    async def queue_length(self) -> int:
        """How many wait."""


@dataclass(frozen=True, slots=True)
class Staff:
    """An agent or a supervisor."""

    id: str
    email: str
    name: str
    role: str  # agent, specialist, senior, supervisor
    disabled: bool = False
    teams: tuple[str, ...] = ()  # none: every team

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

    async def set_teams(self, user_id: str, teams: Sequence[str]) -> None:
        """Whose conversations this person is asked to take."""

    async def set_disabled(self, user_id: str, disabled: bool) -> None:
        """Also ends the person's sessions."""

    async def tried(self, key: str, at: datetime, since: datetime) -> int:
        """Note a try to sign in, and return how many there were since then, this one included."""

    async def forget_tries(self, key: str) -> None:
        """They succeeded."""

    async def start_session(self, key: str, user_id: str, expires_at: datetime) -> None:
        """Remember a session."""

    async def session_user(self, key: str, now: datetime) -> Staff | None:
        """Whose session this is, while it lasts and the person may sign in."""

    async def end_session(self, key: str) -> None:
        """Forget a session."""


@dataclass(frozen=True, slots=True)
class Rated:
    """A rating that the engine never heard, and all that comes of it. `version`: of the recovery it was read from."""

    conversation_id: str
    version: int
    state: Json
    message_id: str
    decision: Decision
    news: SurveyNews
    alerts: tuple[NewAlert, ...]
    told: Outbound


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey as it stands."""

    case_id: str
    conversation_id: str
    rating: int | None
    comment: str | None
    asked_at: datetime
    answered_at: datetime | None
    kind: str = "csat"


class Surveys(Protocol):
    """One survey for each case."""

    async def get(self, case_id: str) -> Survey | None:
        """The case's survey, if it was asked."""

    async def record(self, conversation_id: str, news: SurveyNews, at: datetime) -> None:
        """Asked, or answered: the first of each counts."""

    async def rate(self, rated: Rated, at: datetime) -> bool:
        """Write everything, or nothing: False when the recovery is at another version by now."""


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
    procedure: str = ""


class Alerts(Protocol):
    """What a person must know at once."""

    async def raise_(self, alert: NewAlert, conversation_id: str | None, at: datetime) -> None:
        """Store it and tell the pages."""

    async def raise_once(self, alert: NewAlert, at: datetime) -> None:
        """The same, unless one of its kind stands that nobody has acknowledged."""

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
class SavedReply:
    """What agents say often."""

    id: int
    title: str
    text: str


class SavedReplyBook(Protocol):
    """The list of saved replies."""

    async def all(self) -> Sequence[SavedReply]:
        """By title."""

    async def save(self, title: str, text: str, user_id: str, at: datetime, reply_id: int | None) -> None:
        """A new one, or another wording of one. Raises Conflict when the title is taken, NotFound."""

    async def remove(self, reply_id: int) -> None:
        """None there is no error."""
