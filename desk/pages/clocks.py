"""Service-level clocks as the staff's pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from recovery.business_time import Calendar
from recovery.sla import ClockKind, SlaClock, Standing, tightest

NAMES = {
    ClockKind.FIRST_REPLY: "first reply",
    ClockKind.NEXT_REPLY: "next reply",
    ClockKind.RESOLUTION: "resolution",
}


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One clock: its name, how it stands, and when it is or was due."""

    name: str
    standing: Standing
    due_at: datetime | None
    left: timedelta
    target: timedelta


def line_of_clock(clock: SlaClock, now: datetime, calendar: Calendar) -> ClockLine:
    return ClockLine(
        NAMES[clock.kind],
        clock.standing(now, calendar),
        clock.due_at(calendar),
        clock.left(now, calendar),
        clock.target,
    )


def pressing(clocks: Iterable[SlaClock], now: datetime, calendar: Calendar) -> ClockLine | None:
    """The clock that has the least time left."""
    found = tightest(clocks, now, calendar)
    return line_of_clock(found, now, calendar) if found else None


def latest(clocks: Iterable[SlaClock], now: datetime, calendar: Calendar) -> list[ClockLine]:
    """The latest clock of each kind, in the order in which they matter."""
    by_kind = {c.kind: c for c in sorted(clocks, key=lambda c: c.number)}
    return [line_of_clock(by_kind[kind], now, calendar) for kind in ClockKind if kind in by_kind]
