"""What the stories of the floor need of our own records. `store.floor` implements these ports.

Where a method is given a function, it calls it under the row's lock: of two desks that look at once, one does it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from casework.ports import Json, NewAlert, Outbound, Staff
from recovery.priority import Priority
from recovery.routing import Person
from recovery.sla import Event, SlaClock


class Presence(StrEnum):
    """What a member of staff says of themselves."""

    ONLINE = "online"  # may be offered conversations
    BUSY = "busy"  # there, but takes no more
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class AtWork:
    """A member of staff and how they stand. `presence` is AWAY once their browser is gone."""

    staff: Staff
    presence: Presence
    chosen: Presence | None  # what they chose; None: they never opened the desk
    in_hand: int
    last_given: datetime | None


class PresenceStore(Protocol):
    """Who is at the desk."""

    async def choose(self, user_id: str, presence: Presence, at: datetime) -> None:
        """What somebody says of themselves."""

    async def seen(self, user_id: str, at: datetime) -> None:
        """Their browser is there. Whoever comes for the first time is online."""

    async def chosen(self, user_id: str) -> Presence | None:
        """What somebody last said of themselves."""

    async def everybody(self, since: datetime) -> Sequence[AtWork]:
        """All staff who may sign in, by name; there is nobody whose browser was not seen since."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A handoff that nobody has, with all that its place in the queue rests on."""

    handoff_id: int
    conversation_id: str
    team: str
    tier: str | None
    tier_since: datetime
    priority: int
    packet: Json
    inputs: Json
    frustration: int
    queued_at: datetime
    score: int
    clocks: tuple[SlaClock, ...]
    offered: bool  # somebody is being asked
    asked: frozenset[str]  # whom need not be asked: those of this tier who were, and who passed it on


@dataclass(frozen=True, slots=True)
class InHand:
    """A handoff that a person has."""

    handoff_id: int
    conversation_id: str
    team: str
    tier: str | None
    tier_since: datetime
    priority: int
    agent_id: str
    agent_name: str
    claimed_at: datetime
    away_told_at: datetime | None  # when the customer last heard that their person is away
    clocks: tuple[SlaClock, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """Somebody is asked to take a conversation."""

    id: int
    handoff_id: int
    conversation_id: str
    user_id: str
    expires_at: datetime


class Answer(StrEnum):
    """What came of an offer."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class DayCount:
    """What has happened since a moment."""

    waiting: int
    longest_since: datetime | None  # the handoff that waits longest
    handed_over: int
    resolved: int
    missed: int
    met: int
    lapsed_offers: int
    callbacks: int  # open ones
    approvals: int  # open ones
    upset: int  # conversations that were, before our first apology or offer, and that wrote again since
    eased: int  # those of them that are calmer than they were


class QueueStore(Protocol):
    """The queue, its order, and the offers."""

    async def waiting(self, limit: int = 500) -> Sequence[Waiting]:
        """What waits, the most urgent first."""

    async def in_hand(self, limit: int = 500) -> Sequence[InHand]:
        """What people have."""

    async def place(self, handoff_id: int, tier: str, priority: Priority) -> None:
        """Where it stands in the queue, unless it waits no more."""

    async def moved(self) -> None:
        """Tell the pages that the order has changed."""

    async def raise_tier(self, handoff_id: int, since: datetime, became: str, alert: NewAlert, at: datetime) -> bool:
        """Ask this tier from now on; True for the one who did it. An alert that stands is not raised again."""

    async def offer(self, handoff_id: int, to: Person, at: datetime, expires_at: datetime) -> bool:
        """Ask somebody. False when it waits no more, either has an open offer, or their hands are full by now."""

    async def end_offers(self, now: datetime) -> int:
        """Lapse those whose time is over, and withdraw those whose conversation waits no more."""

    async def offer_to(self, user_id: str) -> Offer | None:
        """What somebody is being asked."""

    async def answer(self, offer_id: int, user_id: str, answer: Answer, at: datetime) -> bool:
        """True when the offer was open and this person's."""

    async def tell_away(self, entry: InHand, message: Outbound, at: datetime) -> bool:
        """Tell the customer that their agent is away, unless another desk has since this entry was read."""

    async def tell_waiting(self, conversation_id: str, message: Outbound, at: datetime) -> bool:
        """Tell a customer whom nobody has yet. False when somebody has by now, or this message was told before."""

    async def back(self, handoff_id: int) -> None:
        """Their agent is there again."""

    async def handled(self, since: datetime, limit: int = 30) -> Sequence[timedelta]:
        """How long people had the latest conversations in hand."""

    async def day(self, since: datetime) -> DayCount:
        """What waits now, and what happened since."""

    async def place_of(self, conversation_id: str, teams: frozenset[str] | None) -> int | None:
        """1 is next; only these teams' conversations count. None when it does not wait."""


@dataclass(frozen=True, slots=True)
class Clocked:
    """A handoff whose clocks have not seen the latest events."""

    handoff_id: int
    conversation_id: str
    team: str
    priority: int
    clocks: tuple[SlaClock, ...]
    events: tuple[tuple[datetime, Event], ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """A clock as it is stored: when it warns and breaches, or when it was found to be late."""

    clock: SlaClock
    warn_at: datetime | None
    due_at: datetime | None
    missed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Marked:
    """A clock that warned or was breached just now."""

    conversation_id: str
    kind: str
    missed: bool


class ClockStore(Protocol):
    """Service-level clocks."""

    async def advance(self, with_events: Callable[[Clocked], Sequence[Kept]], limit: int = 50) -> int:
        """Bring clocks up to date with what was said; how many handoffs had news."""

    async def mark(self, now: datetime, alert: Callable[[Marked], NewAlert | None], limit: int = 50) -> int:
        """Mark what is due, each warning and each breach once; what has unseen events is left for later."""
