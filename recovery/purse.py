"""What one person, or the bot, may still give one customer now: limits of the role, the year, and every budget."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from recovery.budgets import Balance, Budget, Draw, Period, Spent, balances
from recovery.playbook import Empowerment, Playbook
from recovery.records import Compensation
from recovery.words import ChallengeType, Remedy, Role

A_YEAR = timedelta(days=365)
LADDER = (Role.BOT, Role.AGENT, Role.SPECIALIST, Role.SENIOR, Role.SUPERVISOR)  # by growing empowerment
OWN_MONEY = frozenset({Remedy.REFUND, Remedy.CHARGE_REVERSAL})
# What gives the customer's own money back is no goodwill; all other money is, also beside a new delivery or with a
# refund that is only pushed through: that refund's own sum is no part of the grant.
GOODWILL_MONEY = frozenset(Remedy) - OWN_MONEY


def granted_in_the_year(compensations: Sequence[Compensation], now: datetime) -> int:
    """Pence of goodwill in the last 365 days. Refunds give back the customer's own money and do not count."""
    return sum(c.pence for c in compensations if c.remedy in GOODWILL_MONEY and now - c.granted_at < A_YEAR)


@dataclass(frozen=True, slots=True)
class Purse:
    """`given` is this customer's goodwill of the year; `balances` the budgets that pay for it."""

    limit: Empowerment
    given: int
    balances: tuple[Balance, ...] = ()

    @property
    def left_this_year(self) -> int:
        return max(0, self.limit.per_customer_a_year - self.given)

    def bar(self, remedy: Remedy, pence: int) -> str:
        """What stands against a grant: remedy, approval, grant, year or a budget's id; empty when nothing does."""
        limit = self.limit
        if remedy not in limit.remedies:
            return "remedy"
        if remedy in limit.needs_approval:
            return "approval"
        if pence > limit.most(remedy):
            return "grant"
        if not pence or remedy not in GOODWILL_MONEY:
            return ""
        if pence > self.left_this_year:
            return "year"
        return next((b.budget.id for b in self.balances if pence > b.left), "")

    def allows(self, remedy: Remedy, pence: int) -> bool:
        return not self.bar(remedy, pence)

    def fitted(self, remedy: Remedy, pence: int, smallest: int) -> int:
        """Goodwill cut down to what is left; nothing where that would be less than is worth offering."""
        if remedy not in GOODWILL_MONEY or not pence:
            return pence
        left = min(self.limit.most(remedy), self.left_this_year, *(b.left for b in self.balances))
        fitted = min(pence, left)
        return fitted if fitted >= smallest else 0

    def draws(self, remedy: Remedy, pence: int) -> tuple[Draw, ...]:
        """What a grant takes from each budget."""
        if not pence or remedy not in GOODWILL_MONEY:
            return ()
        return tuple(Draw(b.key, b.budget.pence, pence) for b in self.balances)


def purse_of(
    role: Role, playbook: Playbook, challenge: ChallengeType, given: int, spent: Spent, now: datetime, who: str = ""
) -> Purse:
    """The purse of a role; `who` is the person, whose own day counts where the role has a limit per day."""
    budgets = budgets_of(playbook, role, who)
    return Purse(playbook.empowerment[role], given, balances(budgets, challenge, spent, now))


def budgets_of(playbook: Playbook, role: Role, who: str = "") -> tuple[Budget, ...]:
    """Those that a role gives from: the company's, and the person's own day."""
    most = playbook.empowerment[role].per_day
    if most is None:
        return playbook.budgets
    own = f"{role}:{who}" if who else str(role)
    return (*playbook.budgets, Budget(own, f"day's money as {role}", Period.DAY, most))


def budget_keys(playbook: Playbook, role: Role, now: datetime, who: str = "") -> tuple[str, ...]:
    """Under which the running periods of all budgets are booked that this role gives from."""
    return tuple(b.key(now) for b in budgets_of(playbook, role, who))


def approver(remedy: Remedy, pence: int, given: int, role: Role, playbook: Playbook) -> Role | None:
    """The lowest role above that may grant this, or None where nobody may."""
    above = (r for r in LADDER[LADDER.index(role) + 1 :] if r in playbook.empowerment)
    return next((r for r in above if Purse(playbook.empowerment[r], given).allows(remedy, pence)), None)
