"""Business time: the hours in which the company is open, across holidays, time zones and clock changes.

Hours are written as local wall times and measured in real elapsed time, so a day on which the clocks change is an
hour shorter or longer where the change falls into its opening hours, and nothing drifts.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LOOK_AHEAD = timedelta(days=400)  # a calendar that has no opening within this time is never open
MIDNIGHT = time(0)


@dataclass(frozen=True, slots=True)
class Span:
    """Open from one wall time to another. An end of 00:00 is the end of the day."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Calendar:
    """When the company is open. `hours` by weekday, Monday is 0; `holiday` names a day on which it is closed."""

    zone: ZoneInfo
    hours: Mapping[int, tuple[Span, ...]]
    holiday: Callable[[date], str] = lambda day: ""

    def is_open(self, at: datetime) -> bool:
        return any(start <= at < end for start, end in self._openings(self._day(at), self._day(at)))

    def open_between(self, start: datetime, end: datetime) -> timedelta:
        """How much of the time between two moments was business time; nothing when the end is not after the start."""
        if end <= start:
            return timedelta()
        spans = self._openings(self._day(start), self._day(end))
        return sum((max(min(b, end) - max(a, start), timedelta()) for a, b in spans), timedelta())

    def after(self, start: datetime, business: timedelta) -> datetime | None:
        """The moment at which this much business time has passed; None when it never will."""
        left = business
        for a, b in self._openings(self._day(start), self._day(start + LOOK_AHEAD)):
            begin = max(a, start)
            if b <= begin:
                continue
            if left <= b - begin:
                return begin + left
            left -= b - begin
        return None

    def next_opening(self, at: datetime) -> datetime | None:
        """When it opens next; the moment itself while it is open, None when it never does."""
        return self.after(at, timedelta())

    def closed_for(self, at: datetime) -> str:
        """The holiday's name, when this is one."""
        return self.holiday(self._day(at))

    def _day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def _openings(self, first: date, last: date) -> Iterator[tuple[datetime, datetime]]:
        """The opening spans of these days in order, in UTC."""
        day = first
        while day <= last:
            if not self.holiday(day):
                for span in self.hours.get(day.weekday(), ()):
                    end_day = day + timedelta(days=1) if span.end == MIDNIGHT else day
                    start, end = self._utc(day, span.start), self._utc(end_day, span.end)
                    if start < end:
                        yield start, end
            day += timedelta(days=1)

    def _utc(self, day: date, at: time) -> datetime:
        """A wall time that the clock change leaves out counts as the moment of the change."""
        local = datetime.combine(day, at, tzinfo=self.zone)
        return local.astimezone(UTC)


def always_open(zone: ZoneInfo) -> Calendar:
    """Round the clock, every day."""
    return Calendar(zone, {day: (Span(MIDNIGHT, MIDNIGHT),) for day in range(7)})


def opening_of(now: datetime, calendar: Calendar) -> str:
    """When it opens next, in words; empty where it never does."""
    opening = calendar.next_opening(now)
    return opening_words(now, opening, calendar.zone) if opening else ""


def opening_words(now: datetime, opening: datetime, zone: ZoneInfo) -> str:
    """`today at 09:00`, `tomorrow at 09:00`, `on Monday at 09:00`, `on Monday 28 December at 09:00`."""
    local, day = opening.astimezone(zone), opening.astimezone(zone).date()
    ahead = (day - now.astimezone(zone).date()).days
    at = f"at {local:%H:%M}"
    if ahead < 2:
        return f"{'tomorrow' if ahead else 'today'} {at}"
    return f"on {local:%A} {at}" if ahead < 7 else f"on {local:%A} {local.day} {local:%B} {at}"
