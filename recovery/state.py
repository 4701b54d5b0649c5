"""The state of a recovery: what is known, done, offered, refused, agreed and booked. Plain values, kept as JSON."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from recovery.words import ChallengeType, RecoveryStep, Remedy, Severity, Stage, Trigger


@dataclass(frozen=True, slots=True)
class Option:
    """One alternative as it is offered: `pence` is 0 where no money is given."""

    remedy: Remedy
    pence: int
    label: str
    promise: str
    rule: str
    words: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return f"{self.remedy}:{self.pence}"


@dataclass(frozen=True, slots=True)
class Told:
    """A detail that the customer told, in their words, and the message that did."""

    detail: str
    words: str
    message_id: str


@dataclass(frozen=True, slots=True)
class StepDone:
    """A LATER step and the message that did it."""

    step: RecoveryStep
    message_id: str


OF_THE_ORDER = (RecoveryStep.LISTEN, RecoveryStep.APOLOGISE)  # they named the item and the date


class Progress(StrEnum):
    """How far one problem has come."""

    HEARD = "heard"
    OFFERED = "offered"
    AGREED = "agreed"
    BOOKED = "booked"
    ESCALATED = "escalated"
    FAILED = "failed"  # booked, and the remedy did not hold
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Problem:
    """One challenge under recovery. `heard_in` is the message that told of it."""

    challenge: ChallengeType
    heard_in: str
    case_id: str | None = None
    order_id: str | None = None
    severity: Severity = Severity.MINOR
    told_severity: Severity = Severity.MINOR  # what the customer's own words alone make of it
    progress: Progress = Progress.HEARD
    options: tuple[Option, ...] = ()
    refused: tuple[str, ...] = ()
    agreed: str | None = None
    steps: tuple[StepDone, ...] = ()
    refused_in: tuple[str, ...] = ()  # the messages that refused an offer
    told_at: int = 0  # the customer's turn that told of it, from 1
    numbers: tuple[str, ...] = ()  # order numbers told before it was known whose they are
    not_orders: tuple[str, ...] = ()  # orders that the customer said it is not
    told: tuple[Told, ...] = ()  # the details to listen for that were told
    photos: tuple[str, ...] = ()  # messages of this conversation that came with a photo
    signs: tuple[Trigger, ...] = ()  # what was said of it, in whichever message: it weighs the same
    part: int = 0  # from 1 where one message told of the same on several orders
    undone: int = 0  # how often a booking was taken back
    items: tuple[str, ...] = ()  # the things of its order that were named, where others of them are well
    part_missing: bool = False  # what is missing is a part of those things, not they themselves
    every_thing: bool = False  # the customer said that it is all of the order
    asked_thing: bool = False  # we asked which of its order's things it is
    told_in_time: bool = False  # said to be late, and we told that the records show it in time
    booked_as: int = 0  # its place among the conversation's bookings, from 1

    @property
    def key(self) -> tuple[ChallengeType, str, int]:
        """What this problem is known by in its conversation."""
        return self.challenge, self.heard_in, self.part

    @property
    def on_the_table(self) -> tuple[Option, ...]:
        return tuple(o for o in self.options if o.id not in self.refused)

    def option(self, option_id: str | None) -> Option | None:
        return next((o for o in self.options if o.id == option_id), None)

    @property
    def is_live(self) -> bool:
        return self.progress in (Progress.HEARD, Progress.OFFERED, Progress.AGREED)

    def of_another_order(self, order_id: str | None, severity: Severity) -> "Problem":
        """Itself with its order corrected: nothing that was said, judged or offered of the first one stays.

        `severity` is what a problem of its type begins with.
        """
        return replace(
            self,
            order_id=order_id,
            numbers=(),
            items=(),
            part_missing=False,
            every_thing=False,
            asked_thing=False,
            told_in_time=False,
            severity=max(severity, self.told_severity),
            steps=tuple(s for s in self.steps if s.step not in OF_THE_ORDER),
            options=(),
            refused=(),
            refused_in=(),
            agreed=None,
            progress=Progress.HEARD,
        )

    def did(self, step: RecoveryStep) -> bool:
        return any(s.step is step for s in self.steps)


@dataclass(frozen=True, slots=True)
class Mood:
    """A conversation's frustration: the running score (0 to 3) and the customer's turns at level 2 or more."""

    score: float = 0.0
    peak: int = 0
    turns_frustrated: int = 0
    levels: tuple[int, ...] = ()
    frustrated_in: tuple[str, ...] = ()
    answered: bool = False  # whether a first apology or offer has been made
    before: int = 0  # the highest level up to then
    after: int | None = None  # the level of the latest message since

    @property
    def level(self) -> int:
        return min(3, int(self.score + 0.5))


@dataclass(frozen=True, slots=True)
class Changing:
    """A change of mind about what is booked, asked back: `instead` is the option wanted in its place, if any."""

    case_id: str
    compensation_id: str
    instead: str = ""
    found: bool = False  # the problem turned out to be none


@dataclass(frozen=True, slots=True)
class Recovery:
    """All of a conversation's recovery. `said` are the wordings used, so that none is used twice."""

    stage: Stage = Stage.OPEN
    problems: tuple[Problem, ...] = ()
    mood: Mood = Mood()
    misunderstood_in: tuple[str, ...] = ()
    asked_to_verify: int = 0
    unverified_in: tuple[str, ...] = ()
    listed_orders: tuple[str, ...] = ()  # as last shown to choose from
    said: tuple[str, ...] = ()
    survey: str = ""  # the survey rule whose answer is waited for
    survey_asked_at: datetime | None = None  # until it is rated
    confirmed: tuple[str, ...] = ()  # cases whose remedy held, as the customer said
    pleased: bool | None = None  # by the last rating; None: not rated
    gift: str | None = None  # the loyalty offer whose answer is waited for, and its case
    gift_case: str | None = None
    told: tuple[str, ...] = ()  # the contingencies that this conversation has heard of
    survey_case: str | None = None
    check_back_case: str | None = None
    surveyed: tuple[str, ...] = ()
    turns: int = 0  # the customer's, in this conversation
    vulnerable_in: tuple[str, ...] = ()  # messages that told of a vulnerability
    photos: tuple[str, ...] = ()  # messages that came with a photo
    cooled_in: tuple[str, ...] = ()  # messages that gave up on an unsolved problem
    heard_at: datetime | None = None  # when the customer's latest message came
    came_on: tuple[date, ...] = ()  # the days on which they wrote while a problem was in hand, oldest first
    asked_what: bool = False  # the last thing we asked was what happened
    asked_about: str = ""  # the order that we last asked what is wrong with
    asked_which: bool = False  # the last thing we asked was which of the alternatives
    person_offered: bool = False  # the last thing we asked was whether a person should come
    changing: Changing | None = None
    to_put_right: str = ""  # what we last told of, asking whether to put it right, as a button would say it

    @property
    def current(self) -> Problem | None:
        """The live problem in hand: what waits for a yes or was taken back, else the gravest."""
        live = [p for p in self.problems if p.is_live]
        return max(live, key=_urgency, default=None)

    @property
    def bookings(self) -> tuple[Problem, ...]:
        """What stands booked, the latest first."""
        booked = [p for p in reversed(self.problems) if p.progress is Progress.BOOKED]
        return tuple(sorted(booked, key=lambda p: p.booked_as, reverse=True))

    @property
    def last_booked(self) -> Problem | None:
        return next(iter(self.bookings), None)

    @property
    def next_booking(self) -> int:
        """The place of the booking that is made now."""
        return 1 + max((p.booked_as for p in self.problems), default=0)

    def changed(self, problem: Problem, **change: object) -> "Recovery":
        """Itself with one problem changed."""
        return self.with_problem(problem, lambda p: replace(p, **change))  # type: ignore[arg-type]

    def with_problem(self, problem: Problem, change: Callable[[Problem], Problem]) -> "Recovery":
        """Itself with one problem put through `change`."""
        problems = tuple(change(p) if p.key == problem.key else p for p in self.problems)
        return replace(self, problems=problems)


def _urgency(problem: Problem) -> tuple[bool, bool, bool, Severity]:
    critical = problem.severity is Severity.CRITICAL
    return problem.progress is Progress.AGREED, critical, bool(problem.undone), problem.severity
