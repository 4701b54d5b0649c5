"""What the recovery policy owes or allows, and what a role may grant. Decisions explain themselves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from recovery.assessment import Assessment
from recovery.conditions import Facts, judge
from recovery.playbook import Amount, Entitlement, Playbook, PolicyRule
from recovery.records import Case, Compensation
from recovery.state import Option, Problem, Progress
from recovery.words import Remedy, Role

A_YEAR = timedelta(days=365)
OWN_MONEY = frozenset({Remedy.REFUND, Remedy.CHARGE_REVERSAL})
# What gives the customer's own money back is no goodwill; all other money is, also beside a new delivery or with a
# refund that is only pushed through: that refund's own sum is no part of the grant.
GOODWILL_MONEY = frozenset(Remedy) - OWN_MONEY


@dataclass(frozen=True, slots=True)
class Ruling:
    """What may be offered, what is owed but too much for this role, and why."""

    options: tuple[Option, ...]
    above_limit: tuple[Option, ...]
    rules: tuple[str, ...]
    nearly: tuple[str, ...]  # rules that one condition kept from firing


def amount_in_pence(amount: Amount, facts: Facts, percent_more: int = 0) -> int:
    """The money of one entitlement for these facts, within its bounds and never above its cap."""
    order, late = int(facts.get("order_pence", 0)), int(facts.get("days_late", 0))
    pence = amount.fixed + order * amount.percent_of_order // 100 + amount.per_day_late * late
    pence = max(pence, amount.at_least)
    pence = pence * (100 + percent_more) // 100
    return pence if amount.at_most is None else min(pence, amount.at_most)


def granted_in_the_year(compensations: Sequence[Compensation], now: datetime) -> int:
    """Pence of goodwill in the last 365 days. Refunds give back the customer's own money and do not count."""
    return sum(c.pence for c in compensations if c.remedy in GOODWILL_MONEY and now - c.granted_at < A_YEAR)


def promised(problems: Iterable[Problem], compensations: Sequence[Compensation]) -> int:
    """Pence of goodwill that this conversation has booked and the history does not show yet."""
    known = {c.case_id for c in compensations}
    booked = [p for p in problems if p.progress is Progress.BOOKED and p.case_id not in known]
    options = [o for p in booked if (o := p.option(p.agreed)) is not None]
    return sum(o.pence for o in options if o.remedy in GOODWILL_MONEY)


def may_grant(role: Role, remedy: Remedy, pence: int, given_this_year: int, playbook: Playbook) -> bool:
    """Whether a role may grant this without a person above."""
    limit = playbook.empowerment[role]
    if remedy not in limit.remedies or pence > limit.per_grant:
        return False
    return not pence or remedy not in GOODWILL_MONEY or given_this_year + pence <= limit.per_customer_a_year


def _option(entitlement: Entitlement, rule: PolicyRule, facts: Facts, more: int, playbook: Playbook) -> Option:
    percent = more if entitlement.remedy in GOODWILL_MONEY else 0
    pence = amount_in_pence(entitlement.amount, facts, percent)
    money = playbook.money(pence)
    return Option(
        entitlement.remedy,
        pence,
        entitlement.label.format(amount=money),
        entitlement.promise.format(amount=money),
        rule.id,
        entitlement.words,
    )


def _firing(assessment: Assessment, playbook: Playbook) -> tuple[list[PolicyRule], list[str]]:
    firing, nearly = [], []
    for rule in playbook.policy:
        if assessment.problem.challenge not in rule.challenges:
            continue
        verdict = judge(rule.when, assessment.facts)
        if verdict.holds:
            firing.append(rule)
        elif verdict.nearly:
            nearly.append(f"{rule.id} ({verdict.missed[0].fact})")
    return firing, nearly


def _tried(failed: Sequence[Case], compensations: Sequence[Compensation]) -> frozenset[Remedy]:
    """Remedies that have failed this customer on this problem: never offered again."""
    ids = {c.id for c in failed}
    return frozenset(c.remedy for c in compensations if c.case_id in ids)


def rule_on(
    assessment: Assessment,
    compensations: Sequence[Compensation],
    role: Role,
    playbook: Playbook,
    now: datetime,
    already_promised: int = 0,
) -> Ruling:
    """The ranked alternatives within a role's limits: of each remedy the first that may be granted."""
    firing, nearly = _firing(assessment, playbook)
    goodwill = [g for g in playbook.goodwill if judge(g.when, assessment.facts).holds]
    more = max((g.percent_more for g in goodwill), default=0)
    tried = _tried(assessment.failed_recoveries, compensations)
    given = granted_in_the_year(compensations, now) + already_promised
    within: dict[Remedy, Option] = {}
    above: dict[str, Option] = {}
    for rule in firing:
        for entitlement in rule.entitlements:
            if entitlement.remedy in tried:
                continue
            option = _option(entitlement, rule, assessment.facts, more, playbook)
            if option.pence == 0 and entitlement.amount != Amount():
                continue  # a share of nothing is nothing to offer
            allowed = may_grant(role, option.remedy, option.pence, given, playbook)
            if allowed:
                within.setdefault(option.remedy, option)
            else:
                above.setdefault(option.id, option)
    rules = (*(r.id for r in firing), *(g.id for g in goodwill))
    return Ruling(tuple(within.values()), tuple(above.values()), rules, tuple(nearly))
