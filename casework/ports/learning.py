"""What people teach the NLU: messages to label, corrections, and counts of what was heard."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from casework.ports.talk import Json
from casework.read_records import Page


class ReviewStatus(StrEnum):
    """Where a text stands in review."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    SKIPPED = "skipped"


class Wrong(StrEnum):
    """What an agent says the bot got wrong."""

    CHALLENGE = "challenge"
    FRUSTRATION = "frustration"
    ESCALATED = "escalated"  # should not have
    NOT_ESCALATED = "not_escalated"  # should have, earlier


@dataclass(frozen=True, slots=True)
class SaidBefore:
    """One line of what was said just before a message. `name`: an agent's, as the customer saw it."""

    who: str
    text: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class HeardMessage:
    """A customer's message as it was stored and heard, with the person still in it."""

    id: str
    conversation_id: str
    seq: int
    text: str
    at: datetime
    model: str
    result: Json
    customer_name: str


@dataclass(frozen=True, slots=True)
class NewItem:
    """A text for review: the person is out of it already."""

    key: str
    text: str
    before: Sequence[Json]
    heard: Json
    model: str
    why: tuple[str, ...]
    challenges: tuple[str, ...]
    by_person: bool
    conversation_id: str
    message_id: str


@dataclass(frozen=True, slots=True)
class NewCorrection:
    """What an agent said about one message. `right`: the right challenge type or level."""

    conversation_id: str
    message_id: str
    user_id: str
    what: Wrong
    right: str | None
    words: str


@dataclass(frozen=True, slots=True)
class CorrectionRead:
    """A correction as supervisors read it."""

    id: int
    conversation_id: str
    message_id: str
    by: str
    what: str
    right: str | None
    words: str
    at: datetime
    item_id: int | None = None


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """A text for review as it stands."""

    id: int
    text: str
    before: Sequence[Json]
    heard: Json
    model: str
    why: tuple[str, ...]
    challenges: tuple[str, ...]
    by_person: bool
    times: int
    status: ReviewStatus
    version: int
    labels: Json | None
    at: datetime
    decided_by: str
    decided_at: datetime | None
    conversations: tuple[str, ...] = ()
    corrections: tuple[CorrectionRead, ...] = ()

    @property
    def place(self) -> str:
        """Where it stands in the list, for the next page."""
        return f"{int(self.by_person)}-{self.id}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which texts. Empty fields ask for nothing."""

    status: ReviewStatus = ReviewStatus.OPEN
    why: str = ""
    challenge: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """A supervisor's decision on one text, made of the version that they saw."""

    item_id: int
    version: int
    status: ReviewStatus
    labels: Json | None
    user_id: str


@dataclass(frozen=True, slots=True)
class Daily:
    """How often something was heard on one day, by one model."""

    day: date
    kind: str
    name: str
    model: str


@dataclass(frozen=True, slots=True)
class MonthHeard:
    """Counts of one span of days. `kinds`: kind -> name -> times. `models`: messages by model."""

    kinds: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    models: Mapping[str, int] = field(default_factory=dict)


class Batch(Protocol):
    """Heard messages in one transaction: what is done with them is done whole or not at all."""

    @property
    def messages(self) -> Sequence[HeardMessage]: ...

    async def before(self, message: HeardMessage, limit: int) -> Sequence[SaidBefore]:
        """What was said just before it, oldest first."""

    async def doubtful(self, most: int) -> int:
        """How many doubtful texts are open, counted up to `most`."""

    async def collect(self, item: NewItem, at: datetime) -> bool:
        """Keep a text for review; one that is there counts once more. True when it is new."""

    async def correct(self, correction: NewCorrection, at: datetime) -> None:
        """Keep what an agent said."""

    async def count(self, counts: Mapping[Daily, int]) -> None:
        """Add to the daily counts."""


class Reviews(Protocol):
    """Texts for review, corrections and daily counts."""

    def unnoted(self, limit: int) -> AbstractAsyncContextManager[Batch]:
        """Messages that were neither counted nor looked at yet; they are once the block ends.

        One process at a time: another one gets an empty batch.
        """

    def one(self, message_id: str) -> AbstractAsyncContextManager[Batch]:
        """One heard message. Raises NotFound."""

    async def list(self, wanted: Wanted, after: str | None, limit: int = 30) -> Page[ReviewItem]:
        """Those that a person sent first, then the newest. Raises ValueError for an `after` that is none of ours."""

    async def get(self, item_id: int) -> ReviewItem:
        """With where it came from and what agents said. Raises NotFound."""

    async def after(self, item: ReviewItem, wanted: Wanted) -> int | None:
        """The next one in the same list."""

    async def count(self, wanted: Wanted, most: int = 1000) -> int:
        """How many, counted up to `most`."""

    async def decide(self, decided: Decided, at: datetime) -> bool:
        """False when somebody was first."""

    async def accepted(self) -> Sequence[ReviewItem]:
        """All that were accepted, in order."""

    async def drop_stale(self, before: datetime) -> int:
        """Doubtful texts that nobody looked at for so long."""

    async def forget(self, customer_id: str) -> None:
        """Remove what came from a customer's conversations and from nobody else's."""

    async def corrections(self, before: int | None, limit: int = 50) -> Page[CorrectionRead]:
        """The newest first."""

    async def corrections_since(self, since: datetime) -> Mapping[str, int]:
        """How many of each kind."""

    async def heard(self, since: date, until: date) -> MonthHeard:
        """Counts of the days from `since` to the day before `until`."""
