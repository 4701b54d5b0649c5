"""What one person, or the bot, may still give one customer now: limits of the role, the year, and every budget."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from recovery.budgets import Balance, Budget, Draw, Period, Spent, balances
from recovery.playbook import Amount, Empowerment, Playbook, PolicyRule
from recovery.records import Compensation
from recovery.words import ChallengeType, Remedy, Role

A_YEAR = timedelta(days=365)
LADDER = (Role.BOT, Role.AGENT, Role.SPECIALIST, Role.SENIOR, Role.SUPERVISOR)  # by growing empowerment
OWN_MONEY = frozenset({Remedy.REFUND, Remedy.CHARGE_REVERSAL})


def is_goodwill(remedy: Remedy, rule: str, policy: Iterable[PolicyRule]) -> bool:
    """Whether the money of a grant is beyond what is owed: its rule says so.

    Of what no rule of this policy gave (a gift, a grant under an older version) the remedy tells: what gives the
    customer's own money back is none.
    """
    entitled = (e for r in policy if r.id == rule for e in r.entitlements if e.remedy is remedy)
    flags = [e.goodwill for e in entitled if e.amount != Amount()]
    return any(flags) if flags else remedy not in OWN_MONEY


def granted_in_the_year(compensations: Sequence[Compensation], now: datetime, policy: Sequence[PolicyRule]) -> int:
    """Pence of goodwill in the last 365 days. What was owed does not count."""
    lately = (c for c in compensations if c.pence and now - c.granted_at < A_YEAR)
    return sum(c.pence for c in lately if is_goodwill(c.remedy, c.rule, policy))


@dataclass(frozen=True, slots=True)
class Purse:
    """`given` is this customer's goodwill of the year; `balances` the budgets that pay for it.

    `policy` tells what is goodwill: only that is held to the year and the budgets.
    """

    limit: Empowerment
    given: int
    balances: tuple[Balance, ...] = ()
    policy: tuple[PolicyRule, ...] = ()

    @property
    def left_this_year(self) -> int:
        return max(0, self.limit.per_customer_a_year - self.given)

    def _is_goodwill(self, remedy: Remedy, rule: str) -> bool:
        return is_goodwill(remedy, rule, self.policy)

    def bar(self, remedy: Remedy, pence: int, rule: str = "") -> str:
        """What stands against a grant: remedy, approval, grant, year or a budget's id; empty when nothing does."""
        limit = self.limit
        if remedy not in limit.remedies:
            return "remedy"
        if remedy in limit.needs_approval:
            return "approval"
        if pence > limit.most(remedy):
            return "grant"
        if not pence or not self._is_goodwill(remedy, rule):
            return ""
        if pence > self.left_this_year:
            return "year"
        return next((b.budget.id for b in self.balances if pence > b.left), "")

    def allows(self, remedy: Remedy, pence: int, rule: str = "") -> bool:
        return not self.bar(remedy, pence, rule)

    def fitted(self, remedy: Remedy, pence: int, smallest: int, rule: str = "") -> int:
        """Goodwill cut down to what is left; nothing where that would be less than is worth offering."""
        if not pence or not self._is_goodwill(remedy, rule):
            return pence
        left = min(self.limit.most(remedy), self.left_this_year, *(b.left for b in self.balances))
        fitted = min(pence, left)
        return fitted if fitted >= smallest else 0

    def draws(self, remedy: Remedy, pence: int, rule: str = "") -> tuple[Draw, ...]:
        """What a grant takes from each budget."""
        if not pence or not self._is_goodwill(remedy, rule):
            return ()
        return tuple(Draw(b.key, b.budget.pence, pence) for b in self.balances)


def purse_of(
    role: Role, playbook: Playbook, challenge: ChallengeType, given: int, spent: Spent, now: datetime, who: str = ""
) -> Purse:
    """The purse of a role; `who` is the person, whose own day counts where the role has a limit per day."""
    budgets = budgets_of(playbook, role, who)
    return Purse(playbook.empowerment[role], given, balances(budgets, challenge, spent, now), playbook.policy)


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


def approver(remedy: Remedy, pence: int, given: int, role: Role, playbook: Playbook, rule: str = "") -> Role | None:
    """The lowest role above that may grant this, or None where nobody may."""
    above = (r for r in LADDER[LADDER.index(role) + 1 :] if r in playbook.empowerment)
    purses = ((r, Purse(playbook.empowerment[r], given, policy=playbook.policy)) for r in above)
    return next((r for r, purse in purses if purse.allows(remedy, pence, rule)), None)
