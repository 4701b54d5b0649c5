"""Service-level clocks: first reply, next reply and resolution, on business time. Pure: events in, clocks out.

A clock knows how much business time it has used, and since when it runs. So its due time follows from what is stored,
whenever it is looked at, and a restart or a slow desk changes nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from recovery.business_time import Calendar
from recovery.holding import only_asks_to_wait

ZERO = timedelta()


class ClockKind(StrEnum):
    """What a clock measures."""

    FIRST_REPLY = "first_reply"  # from the handoff to a person's first word
    NEXT_REPLY = "next_reply"  # from a later message of the customer to a person's answer
    RESOLUTION = "resolution"  # from the handoff to its end, without the time in which the customer is awaited


class Event(StrEnum):
    """What moves clocks."""

    QUEUED = "queued"
    CUSTOMER_WROTE = "customer_wrote"
    PERSON_WROTE = "person_wrote"
    PERSON_HELD = "person_held"  # a person asked to wait, and answered nothing yet
    ENDED = "ended"


def event_of(text: str, *, by_customer: bool, with_files: bool = False) -> Event:
    """What a message does to the clocks. A file is an answer, whatever stands beside it."""
    if by_customer:
        return Event.CUSTOMER_WROTE
    return Event.PERSON_HELD if only_asks_to_wait(text) and not with_files else Event.PERSON_WROTE


class Standing(StrEnum):
    """How a clock stands."""

    RUNNING = "running"
    WARNED = "warned"  # still in time, but not for long
    PAUSED = "paused"  # the customer is awaited
    BREACHED = "breached"  # late, and still going
    MET = "met"
    MISSED = "missed"  # done, but late: it stays a miss


@dataclass(frozen=True, slots=True)
class Targets:
    """How long each may take for one priority, in business time, and at which share of it a warning is due."""

    first_reply: timedelta
    next_reply: timedelta
    resolution: timedelta
    warn_at_percent: int = 75

    def of(self, kind: ClockKind) -> timedelta:
        return {
            ClockKind.FIRST_REPLY: self.first_reply,
            ClockKind.NEXT_REPLY: self.next_reply,
            ClockKind.RESOLUTION: self.resolution,
        }[kind]


@dataclass(frozen=True, slots=True)
class SlaClock:
    """One clock. `running_since` None: it is paused or stopped."""

    kind: ClockKind
    number: int  # of this kind within the handoff, from 1
    target: timedelta
    warn_after: timedelta
    started_at: datetime
    spent: timedelta = ZERO
    running_since: datetime | None = None
    stopped_at: datetime | None = None

    def used(self, now: datetime, calendar: Calendar) -> timedelta:
        """The business time used so far."""
        return self.spent + (calendar.open_between(self.running_since, now) if self.running_since else ZERO)

    def due_at(self, calendar: Calendar) -> datetime | None:
        """When it is breached if nothing happens; None while it is paused or stopped."""
        return self._reaches(self.target, calendar)

    def warn_at(self, calendar: Calendar) -> datetime | None:
        """When it is time to warn."""
        return self._reaches(self.warn_after, calendar)

    def _reaches(self, goal: timedelta, calendar: Calendar) -> datetime | None:
        if self.running_since is None:
            return None
        return calendar.after(self.running_since, max(goal - self.spent, ZERO))

    def standing(self, now: datetime, calendar: Calendar) -> Standing:
        used = self.used(now, calendar)
        if self.stopped_at is not None:
            return Standing.MISSED if used > self.target else Standing.MET
        if used > self.target:
            return Standing.BREACHED
        if self.running_since is None:
            return Standing.PAUSED
        return Standing.WARNED if used >= self.warn_after else Standing.RUNNING

    def left(self, now: datetime, calendar: Calendar) -> timedelta:
        """The business time left; negative once it is late."""
        return self.target - self.used(now, calendar)

    def paused(self, at: datetime, calendar: Calendar) -> "SlaClock":
        return replace(self, spent=self.used(at, calendar), running_since=None)

    def resumed(self, at: datetime) -> "SlaClock":
        return self if self.running_since or self.stopped_at else replace(self, running_since=at)

    def stopped(self, at: datetime, calendar: Calendar) -> "SlaClock":
        return self if self.stopped_at else replace(self.paused(at, calendar), stopped_at=at)


type Clocks = tuple[SlaClock, ...]


def after_event(clocks: Clocks, event: Event, at: datetime, targets: Targets, calendar: Calendar) -> Clocks:
    """The clocks of one handoff once something has happened."""
    match event:
        case Event.QUEUED:
            return clocks or tuple(
                _started(kind, 1, at, targets) for kind in (ClockKind.FIRST_REPLY, ClockKind.RESOLUTION)
            )
        case Event.PERSON_WROTE:
            return tuple(_answered(c, at, calendar) for c in clocks)
        case Event.PERSON_HELD:
            return _held(clocks, at, targets, calendar)
        case Event.CUSTOMER_WROTE:
            return _asked(clocks, at, targets)
        case Event.ENDED:
            return tuple(c.stopped(at, calendar) for c in clocks)


def after_events(
    clocks: Clocks, events: Iterable[tuple[datetime, Event]], targets: Targets, calendar: Calendar
) -> Clocks:
    """The same for several, in their order."""
    for at, event in events:
        clocks = after_event(clocks, event, at, targets, calendar)
    return clocks


def tightest(clocks: Iterable[SlaClock], now: datetime, calendar: Calendar) -> SlaClock | None:
    """The open clock that has the least time left; a paused one does not press."""
    running = [c for c in clocks if c.running_since is not None]
    return min(running, key=lambda c: c.left(now, calendar), default=None)


def _started(kind: ClockKind, number: int, at: datetime, targets: Targets) -> SlaClock:
    target = targets.of(kind)
    return SlaClock(kind, number, target, target * targets.warn_at_percent / 100, at, running_since=at)


def _answered(clock: SlaClock, at: datetime, calendar: Calendar) -> SlaClock:
    """A reply ends the wait for it. The resolution waits for the customer from here."""
    if clock.kind is ClockKind.RESOLUTION:
        return clock if clock.stopped_at else clock.paused(at, calendar)
    return clock.stopped(at, calendar)


def _held(clocks: Clocks, at: datetime, targets: Targets, calendar: Calendar) -> Clocks:
    """Somebody is there, which was the first reply; the answer is due as if the customer had asked for it now."""
    first = [c for c in clocks if c.kind is ClockKind.FIRST_REPLY and c.stopped_at is None]
    if not first:
        return clocks
    greeted = tuple(c.stopped(at, calendar) if c in first else c for c in clocks)
    return _asked(greeted, at, targets)


def _asked(clocks: Clocks, at: datetime, targets: Targets) -> Clocks:
    """The customer writes: the resolution runs on, and an answer is due unless one is due already."""
    if not clocks or all(c.stopped_at for c in clocks):
        return clocks
    going = tuple(c.resumed(at) if c.kind is ClockKind.RESOLUTION else c for c in clocks)
    replies = [c for c in clocks if c.kind is not ClockKind.RESOLUTION]
    if any(c.stopped_at is None for c in replies):
        return going
    number = 1 + sum(c.kind is ClockKind.NEXT_REPLY for c in clocks)
    return (*going, _started(ClockKind.NEXT_REPLY, number, at, targets))


def standings(clocks: Iterable[SlaClock], now: datetime, calendar: Calendar) -> Mapping[ClockKind, Standing]:
    """How the latest clock of each kind stands."""
    return {c.kind: c.standing(now, calendar) for c in sorted(clocks, key=lambda c: c.number)}
