"""Whom to ask next, and how long it is likely to take. Pure: people and waiting conversations in, a choice out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from statistics import median

from recovery.words import Role

TIERS = (Role.AGENT, Role.SPECIALIST, Role.SENIOR, Role.SUPERVISOR)  # upwards
FEWEST = 5  # handlings before an estimate is worth telling
ROUNDED_TO = 5  # minutes


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff at work. No team means every team."""

    id: str
    role: Role
    teams: frozenset[str]
    online: bool
    in_hand: int
    capacity: int
    last_given: datetime | None = None

    @property
    def free(self) -> bool:
        return self.online and self.in_hand < self.capacity


def high_enough(role: Role, tier: Role) -> bool:
    """Whether somebody of this role may take what a tier is asked for."""
    return TIERS.index(role) >= TIERS.index(tier)


def serves(person: Person, team: str, tier: Role) -> bool:
    """Whether this is one of the person's teams, and the person stands high enough."""
    return high_enough(person.role, tier) and (not person.teams or team in person.teams)


def best_for(team: str, tier: Role, people: Sequence[Person], asked: Collection[str] = ()) -> Person | None:
    """The best free person of the right team who was not asked yet.

    Nearest to the tier first, so that seniors stay free; then who has the team as theirs, has the least to do for
    what they can, and has waited longest for work.
    """
    fitting = [p for p in people if p.free and p.id not in asked and serves(p, team, tier)]
    return min(fitting, key=lambda p: _order(p, team), default=None)


def _order(person: Person, team: str) -> tuple[int, bool, float, float, str]:
    since = person.last_given.timestamp() if person.last_given else 0.0
    return TIERS.index(person.role), team not in person.teams, person.in_hand / person.capacity, since, person.id


def next_tier(tier: Role) -> Role:
    """One step up; the highest stays."""
    return TIERS[min(TIERS.index(tier) + 1, len(TIERS) - 1)]


def expected_wait(position: int, handled: Sequence[timedelta], at_work: int) -> timedelta | None:
    """How long the customer at this place is likely to wait; None when there is no basis for saying so.

    `handled`: how long people had the latest conversations in hand. `at_work`: how many conversations can be in hand
    at once. Each place in the queue takes one handling of one of those.
    """
    if len(handled) < FEWEST or at_work < 1 or position < 1:
        return None
    minutes = position * median(h.total_seconds() for h in handled) / at_work / 60
    return timedelta(minutes=max(1, ceil(minutes / ROUNDED_TO)) * ROUNDED_TO)
