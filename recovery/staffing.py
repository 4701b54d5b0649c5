"""Who is there, when, and how fast they answer: the playbook's teams, calendar, targets and pages, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from recovery.business_time import Calendar, always_open
from recovery.priority import Weights
from recovery.sla import Targets
from recovery.words import Role


@dataclass(frozen=True, slots=True)
class Team:
    """A team: what customers call it, the tier that is asked first, and whether it works round the clock."""

    id: str
    name: str
    tier: Role = Role.AGENT
    always: bool = False


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a page goes to, and how: email, telegram or webhook."""

    name: str
    channel: str
    to: str


@dataclass(frozen=True, slots=True)
class Paging:
    """Whom the names of a procedure stand for, beside the staff themselves."""

    recipients: Mapping[str, tuple[Recipient, ...]] = field(default_factory=dict)  # by team or role
    staff_by_email: bool = True
    repeat: timedelta = timedelta(minutes=5)  # of a procedure that is not in the playbook any more


@dataclass(frozen=True, slots=True)
class Staffing:
    """All of it. Thresholds and targets are by priority, 1 to 5."""

    teams: Mapping[str, Team]
    capacity: Mapping[Role, int]
    accept_within: timedelta
    gone_after: timedelta
    unclaimed: Mapping[int, timedelta]
    idle: Mapping[int, timedelta]
    weights: Weights
    calendar: Calendar
    targets: Mapping[int, Targets]
    paging: Paging

    def team(self, team_id: str) -> Team:
        """A team of the playbook; one that an older playbook named is known by its name."""
        return self.teams.get(team_id) or Team(team_id, team_id.replace("_", " "))

    def calendar_of(self, team_id: str) -> Calendar:
        return always_open(self.calendar.zone) if self.team(team_id).always else self.calendar

    def unclaimed_of(self, priority: int) -> timedelta:
        """How long a handoff may wait before more is done about it."""
        return self.unclaimed[min(max(priority, 1), 5)]

    def idle_of(self, priority: int) -> timedelta:
        """How long a customer may wait for the answer of whoever has the conversation."""
        return self.idle[min(max(priority, 1), 5)]

    def targets_of(self, priority: int) -> Targets:
        return self.targets[min(max(priority, 1), 5)]


_HOUR = timedelta(hours=1)
PLAIN = Staffing(  # what holds where no playbook says more: everybody is one team, and it is always open
    teams={"care": Team("care", "customer care")},
    capacity={Role.AGENT: 3, Role.SPECIALIST: 3, Role.SENIOR: 2, Role.SUPERVISOR: 2},
    accept_within=timedelta(seconds=45),
    gone_after=timedelta(seconds=90),
    unclaimed={p: p * timedelta(minutes=5) for p in range(1, 6)},
    idle={p: p * timedelta(minutes=5) for p in range(1, 6)},
    weights=Weights((50, 40, 25, 10, 0), (0, 8, 20, 35), (0, 4, 10, 18), (0, 3, 6), 15, 1, 30, 10, 20),
    calendar=always_open(ZoneInfo("UTC")),
    targets={p: Targets(p * timedelta(minutes=10), p * timedelta(minutes=10), p * 4 * _HOUR) for p in range(1, 6)},
    paging=Paging(),
)
