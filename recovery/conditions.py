"""Conditions of the playbook: facts by name, compared with what a rule asks. Shared by every kind of rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from recovery.words import FrustrationLevel, Severity

type Value = bool | int | str
type Facts = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Condition:
    """One fact and what it must be. Exactly one of the tests is set."""

    fact: str
    is_in: tuple[Value, ...] = ()
    at_least: int | None = None
    at_most: int | None = None

    def holds(self, facts: Facts) -> bool:
        """Whether the facts satisfy it; a fact that is not known satisfies nothing."""
        if self.fact not in facts:
            return False
        value = facts[self.fact]
        if self.is_in:
            return value in self.is_in
        number = int(value) if not isinstance(value, str) else None
        if number is None:
            return False
        return (self.at_least is None or number >= self.at_least) and (self.at_most is None or number <= self.at_most)

    @property
    def asked(self) -> str:
        """What it asks, in words: `at least 3`, `carrier or partner`, `yes`."""
        if self.is_in:
            return " or ".join(_told(self.fact, v) for v in self.is_in)
        bounds = (("at least", self.at_least), ("at most", self.at_most))
        return " and ".join(f"{what} {_told(self.fact, bound)}" for what, bound in bounds if bound is not None)

    def is_close(self, facts: Facts) -> bool:
        """Whether a number is only one step away from what is asked, and has left nothing at all."""
        value = facts.get(self.fact)
        if isinstance(value, bool | str) or value is None or value <= 0:
            return False
        return value + 1 == self.at_least or value - 1 == self.at_most


_LEVELS: Mapping[str, type[IntEnum]] = {
    "severity": Severity,
    "frustration": FrustrationLevel,
    "worst_frustration": FrustrationLevel,
}


def _told(fact: str, value: Value) -> str:
    """A value as people read it: a level by its name, a flag as yes or no."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if fact in _LEVELS and isinstance(value, int) and value in list(_LEVELS[fact]):
        return _LEVELS[fact](value).name.lower()
    return str(value)


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A rule that a single fact kept from firing: what it asked, and what was found."""

    rule: str
    fact: str
    asked: str
    found: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.fact} is {self.found}, and the rule asks for {self.asked}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether all conditions held, and those that did not."""

    holds: bool
    missed: tuple[Condition, ...]

    @property
    def nearly(self) -> bool:
        """Only one condition stood in the way."""
        return not self.holds and len(self.missed) == 1

    def near_miss(self, rule: str, facts: Facts) -> NearMiss | None:
        """The one fact that kept the rule from firing, if it was one."""
        if not self.nearly:
            return None
        condition = self.missed[0]
        found = _told(condition.fact, facts[condition.fact]) if condition.fact in facts else "not known"
        return NearMiss(rule, condition.fact, condition.asked, found)


def judge(conditions: tuple[Condition, ...], facts: Facts) -> Verdict:
    """Judge a rule's conditions, all of which must hold."""
    missed = tuple(c for c in conditions if not c.holds(facts))
    return Verdict(not missed, missed)
