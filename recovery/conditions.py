"""Conditions of the playbook: facts by name, compared with what a rule asks. Shared by every kind of rule."""

from collections.abc import Mapping
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether all conditions held, and those that did not."""

    holds: bool
    missed: tuple[Condition, ...]

    @property
    def nearly(self) -> bool:
        """Only one condition stood in the way."""
        return not self.holds and len(self.missed) == 1


def judge(conditions: tuple[Condition, ...], facts: Facts) -> Verdict:
    """Judge a rule's conditions, all of which must hold."""
    missed = tuple(c for c in conditions if not c.holds(facts))
    return Verdict(not missed, missed)
