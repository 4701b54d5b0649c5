"""Budgets: how much goodwill may go out in a period, and what of it is left. Periods begin at midnight UTC."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from recovery.words import ChallengeType


class Period(StrEnum):
    """How long a budget lasts before it is full again."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"

    def running(self, now: datetime) -> str:
        """The name of the period that runs now: `2026-11-22`, `2026-W47`, `2026-11`, `2026`."""
        if self is Period.WEEK:
            year, week, _ = now.isocalendar()
            return f"{year}-W{week:02}"
        return now.strftime({Period.DAY: "%Y-%m-%d", Period.MONTH: "%Y-%m", Period.YEAR: "%Y"}[self])


@dataclass(frozen=True, slots=True)
class Budget:
    """Goodwill for all customers together, in pence. No challenges named: for all of them."""

    id: str
    title: str
    period: Period
    pence: int
    challenges: tuple[ChallengeType, ...] = ()

    def covers(self, challenge: ChallengeType) -> bool:
        return not self.challenges or challenge in self.challenges

    def key(self, now: datetime) -> str:
        """Under which its running period is booked."""
        return f"{self.id}@{self.period.running(now)}"


@dataclass(frozen=True, slots=True)
class Balance:
    """A budget and what of its running period is spent."""

    budget: Budget
    key: str
    spent: int

    @property
    def left(self) -> int:
        return max(0, self.budget.pence - self.spent)


type Spent = Mapping[str, int]  # by key, in pence


@dataclass(frozen=True, slots=True)
class Draw:
    """Money to take from one budget. It is refused when more than `limit` would be spent."""

    key: str
    limit: int
    pence: int


def balances(
    budgets: tuple[Budget, ...], challenge: ChallengeType, spent: Spent, now: datetime
) -> tuple[Balance, ...]:
    """The budgets that pay for a challenge, with what is spent of each."""
    mine = ((b, b.key(now)) for b in budgets if b.covers(challenge))
    return tuple(Balance(b, key, spent.get(key, 0)) for b, key in mine)
