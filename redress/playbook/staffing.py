"""teams.yml, calendar.yml, sla.yml and paging.yml as pydantic models, and the values that they stand for."""

from collections.abc import Callable
from datetime import date, time, timedelta
from functools import cache
from itertools import pairwise
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from recovery import staffing as values
from recovery.business_time import MIDNIGHT, Calendar, Span
from recovery.priority import Weights
from recovery.sla import Targets
from recovery.words import Role
from redress.playbook.strict import Strict

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
PRIORITIES = (1, 2, 3, 4, 5)

type Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
type Tier = Literal["agent", "specialist", "senior", "supervisor"]
type Minutes = Annotated[int, Field(ge=1)]
type Points = Annotated[int, Field(ge=0, le=1000)]


def _rising(points: tuple[int, ...]) -> tuple[int, ...]:
    if list(points) != sorted(points):
        raise ValueError("the points fall though the scale rises, put them in order")
    return points


def _falling(points: tuple[int, ...]) -> tuple[int, ...]:
    if list(points) != sorted(points, reverse=True):
        raise ValueError("the first is the most urgent, so its points must be the highest")
    return points


def _growing(minutes: tuple[int, ...]) -> tuple[int, ...]:
    if list(minutes) != sorted(minutes):
        raise ValueError("what is more urgent may not wait longer, put them in order")
    return minutes


type ByPriority = Annotated[tuple[Minutes, Minutes, Minutes, Minutes, Minutes], AfterValidator(_growing)]


class TeamEntry(Strict):
    """One team."""

    name: Text = Field(description="As customers read it: “the … team”.")
    tier: Tier = Field(default="agent", description="Who is asked first.")
    always: bool = Field(default=False, description="Works round the clock.")

    def value(self, team_id: str) -> values.Team:
        return values.Team(team_id, self.name, Role(self.tier), self.always)


class OrderEntry(Strict):
    """Points for each reason that moves a conversation up the queue."""

    rule: Annotated[tuple[Points, Points, Points, Points, Points], AfterValidator(_falling)]
    severity: Annotated[tuple[Points, Points, Points, Points], AfterValidator(_rising)]
    frustration: Annotated[tuple[Points, Points, Points, Points], AfterValidator(_rising)]
    tier: Annotated[tuple[Points, Points, Points], AfterValidator(_rising)]
    vulnerable: Points
    a_minute_waiting: Points
    most_for_waiting: Points
    sla_warned: Points
    sla_breached: Points

    @model_validator(mode="after")
    def _late_counts_more(self) -> "OrderEntry":
        if self.sla_breached < self.sla_warned:
            raise ValueError("sla_breached is less than sla_warned, raise it")
        return self

    def value(self) -> Weights:
        return Weights(**self.model_dump())


class CapacityEntry(Strict):
    """How many conversations one person of each tier may have in hand."""

    agent: Annotated[int, Field(ge=1, le=50)]
    specialist: Annotated[int, Field(ge=1, le=50)]
    senior: Annotated[int, Field(ge=1, le=50)]
    supervisor: Annotated[int, Field(ge=1, le=50)]


class TeamsFile(Strict):
    """teams.yml"""

    teams: dict[Annotated[str, Field(pattern=r"^[a-z_]+$")], TeamEntry] = Field(min_length=1)
    capacity: CapacityEntry
    accept_within_seconds: int = Field(ge=5, le=600)
    gone_after_seconds: int = Field(ge=45, le=3600)
    unclaimed_minutes: ByPriority
    idle_minutes: ByPriority
    order: OrderEntry


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"{name!r} is no time zone, write one such as Europe/London")
    return name


def _span(written: str) -> str:
    _read_span(written)
    return written


def _read_span(written: str) -> Span:
    """`08:00-20:00` as a span. ValueError says what is wrong."""
    start, _, end = written.partition("-")
    try:
        span = Span(time.fromisoformat(start), MIDNIGHT if end == "24:00" else time.fromisoformat(end))
    except ValueError:
        raise ValueError(f"{written!r} is no span of time, write it as 08:00-20:00") from None
    if span.end != MIDNIGHT and span.end <= span.start:
        raise ValueError(f"{written!r} ends before it starts, correct one of the times")
    return span


class HolidaysEntry(Strict):
    """Whose public holidays are kept."""

    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    subdivision: str | None = None

    @model_validator(mode="after")
    def _is_known(self) -> "HolidaysEntry":
        from holidays import list_supported_countries  # reads a list of 250 countries, and only here

        known = list_supported_countries()
        if self.country not in known:
            raise ValueError(f"the public holidays of {self.country!r} are not known, list them under `closed`")
        if self.subdivision is not None and self.subdivision not in known[self.country]:
            raise ValueError(f"{self.country} has no subdivision {self.subdivision!r}, leave it out or correct it")
        return self


class ClosedEntry(Strict):
    """One more closed day."""

    day: date
    reason: Text


class CalendarFile(Strict):
    """calendar.yml"""

    zone: Annotated[str, AfterValidator(_zone)]
    holidays: HolidaysEntry | None = None
    closed: tuple[ClosedEntry, ...] = ()
    hours: dict[
        Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
        tuple[Annotated[str, AfterValidator(_span)], ...],
    ]

    @model_validator(mode="after")
    def _makes_sense(self) -> "CalendarFile":
        if not any(self.hours.values()):
            raise ValueError("there are no hours at all, so nobody would ever come: add some")
        for day, spans in self.hours.items():
            read = [_read_span(s) for s in spans]
            for before, after in pairwise(read):
                if before.end == MIDNIGHT or after.start < before.end:
                    raise ValueError(f"the spans of {day} overlap or are not in order, correct them")
        return self

    def value(self) -> Calendar:
        hours = {DAYS.index(day): tuple(_read_span(s) for s in spans) for day, spans in self.hours.items()}
        return Calendar(ZoneInfo(self.zone), hours, self._holiday())

    def _holiday(self) -> Callable[[date], str]:
        own = {entry.day: entry.reason for entry in self.closed}
        public = _public(self.holidays.country, self.holidays.subdivision) if self.holidays else None

        @cache
        def name(day: date) -> str:
            return own.get(day) or (str(public.get(day) or "") if public is not None else "")

        return name


def _public(country: str, subdivision: str | None) -> dict[date, str]:
    """The public holidays, worked out year by year as they are asked for."""
    from holidays import country_holidays

    return country_holidays(country, subdiv=subdivision)


class TargetEntry(Strict):
    """How long each may take, in minutes of opening time."""

    first_reply: Minutes
    next_reply: Minutes
    resolution: Minutes


class SlaFile(Strict):
    """sla.yml"""

    sla: dict[Literal[1, 2, 3, 4, 5], TargetEntry]
    warn_at_percent: int = Field(default=75, ge=10, le=99)

    @model_validator(mode="after")
    def _each_priority(self) -> "SlaFile":
        if missing := [str(p) for p in PRIORITIES if p not in self.sla]:
            raise ValueError(f"priority {', '.join(missing)} has no targets, add them")
        for name in TargetEntry.model_fields:
            _growing(tuple(getattr(self.sla[p], name) for p in (1, 2, 3, 4, 5)))
        return self

    def value(self) -> dict[int, Targets]:
        return {p: self._targets(entry) for p, entry in self.sla.items()}

    def _targets(self, entry: TargetEntry) -> Targets:
        first, following, resolution = (
            timedelta(minutes=m) for m in (entry.first_reply, entry.next_reply, entry.resolution)
        )
        return Targets(first, following, resolution, self.warn_at_percent)


class RecipientEntry(Strict):
    """Whom a page goes to."""

    name: Text
    channel: Literal["email", "telegram", "webhook"]
    to: Text = Field(description="An address, a group's id, or a URL.")

    @model_validator(mode="after")
    def _fits_the_channel(self) -> "RecipientEntry":
        if self.channel == "email" and "@" not in self.to:
            raise ValueError(f"{self.to!r} is no e-mail address, correct it")
        if self.channel == "telegram" and not self.to.lstrip("-").isdigit():
            raise ValueError(f"{self.to!r} is no group's id, write the number that Telegram gives it")
        if self.channel == "webhook" and not self.to.startswith(("https://", "http://127.0.0.1")):
            raise ValueError(f"{self.to!r} must start with https://")
        return self

    def value(self) -> values.Recipient:
        return values.Recipient(self.name, self.channel, self.to)


class PagingEntry(Strict):
    """Whom a page goes to, by the team or role that a procedure names."""

    staff_by_email: bool = Field(default=True, description="The staff of that team or role, at their own addresses.")
    recipients: dict[str, tuple[RecipientEntry, ...]] = Field(default_factory=dict)


class PagingFile(Strict):
    """paging.yml"""

    paging: PagingEntry

    def value(self) -> values.Paging:
        named = {name: tuple(r.value() for r in each) for name, each in self.paging.recipients.items()}
        return values.Paging(named, self.paging.staff_by_email)


def staffing(teams: TeamsFile, calendar: CalendarFile, sla: SlaFile, paging: PagingFile) -> values.Staffing:
    """The values that the four files stand for."""
    return values.Staffing(
        teams={i: t.value(i) for i, t in teams.teams.items()},
        capacity={Role(name): most for name, most in teams.capacity.model_dump().items()},
        accept_within=timedelta(seconds=teams.accept_within_seconds),
        gone_after=timedelta(seconds=teams.gone_after_seconds),
        unclaimed=_by_priority(teams.unclaimed_minutes),
        idle=_by_priority(teams.idle_minutes),
        weights=teams.order.value(),
        calendar=calendar.value(),
        targets=sla.value(),
        paging=paging.value(),
    )


def _by_priority(minutes: tuple[int, ...]) -> dict[int, timedelta]:
    return {p: timedelta(minutes=m) for p, m in zip(PRIORITIES, minutes, strict=True)}
