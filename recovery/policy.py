"""What the recovery policy owes or allows, and what a role may grant. Decisions explain themselves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from recovery.assessment import Assessment
from recovery.budgets import Spent
from recovery.conditions import Facts, NearMiss, judge
from recovery.playbook import Amount, Entitlement, Playbook, PolicyRule
from recovery.price import within_price
from recovery.purse import Purse, granted_in_the_year, is_goodwill, purse_of
from recovery.records import Case, Compensation, Order
from recovery.state import Option, Problem, Progress
from recovery.words import Remedy, Role


@dataclass(frozen=True, slots=True)
class Ruling:
    """What may be offered, what is due but takes somebody above, and why.

    `nearly` are the rules that one fact kept out; `facts` are those that the rules saw, `version` the playbook's.
    """

    options: tuple[Option, ...]
    above_limit: tuple[Option, ...]
    rules: tuple[str, ...]
    nearly: tuple[NearMiss, ...]
    version: str = ""
    facts: Facts = field(default_factory=dict)


def amount_in_pence(amount: Amount, facts: Facts, percent_more: int = 0) -> int:
    """The money of one entitlement for these facts, within its bounds and never above its cap."""
    whole, late = int(facts.get("order_pence", 0)), int(facts.get("days_late", 0))
    order = whole if amount.whole_order else int(facts.get("item_pence", whole))
    pence = amount.fixed + order * amount.percent_of_order // 100 + amount.per_day_late * late
    pence = max(pence, amount.at_least)
    pence = pence * (100 + percent_more) // 100
    return pence if amount.at_most is None else min(pence, amount.at_most)


def promised(problems: Iterable[Problem], compensations: Sequence[Compensation], policy: Sequence[PolicyRule]) -> int:
    """Pence of goodwill that this conversation has booked and the history does not show yet."""
    known = {c.case_id for c in compensations}
    booked = [p for p in problems if p.progress is Progress.BOOKED and p.case_id not in known]
    options = [o for p in booked if (o := p.option(p.agreed)) is not None]
    return sum(o.pence for o in options if o.pence and is_goodwill(o.remedy, o.rule, policy))


@dataclass(frozen=True, slots=True)
class _Table:
    """What one ruling is made with."""

    playbook: Playbook
    facts: Facts
    purse: Purse
    more: int  # per cent on top of goodwill money

    def options(self, entitlement: Entitlement, rule: PolicyRule) -> tuple[Option | None, Option | None]:
        """An alternative as it may be granted, and as it would be if somebody above granted it."""
        remedy, amount = entitlement.remedy, entitlement.amount
        due = amount_in_pence(amount, self.facts, self.more if entitlement.goodwill else 0)
        if due == 0 and amount != Amount():
            return None, None  # a share of nothing is nothing to offer
        fitted = self.purse.fitted(remedy, due, self.playbook.smallest_goodwill, rule.id)
        within = self.purse.allows(remedy, fitted, rule.id) and (fitted > 0 or due == 0)
        above = due != fitted or not within
        return (
            self._option(entitlement, rule, fitted) if within else None,
            self._option(entitlement, rule, due) if above else None,
        )

    def _option(self, entitlement: Entitlement, rule: PolicyRule, pence: int) -> Option:
        money = self.playbook.money(pence)
        label, promise = entitlement.label.format(amount=money), entitlement.promise.format(amount=money)
        return Option(entitlement.remedy, pence, label, promise, rule.id, entitlement.words)


def _firing(assessment: Assessment, playbook: Playbook) -> tuple[list[PolicyRule], list[NearMiss]]:
    firing, nearly = [], []
    for rule in playbook.policy:
        if assessment.problem.challenge not in rule.challenges:
            continue
        verdict = judge(rule.when, assessment.facts)
        if verdict.holds:
            firing.append(rule)
        elif miss := verdict.near_miss(rule.id, assessment.facts):
            nearly.append(miss)
    return firing, nearly


def _goodwill(facts: Facts, playbook: Playbook) -> tuple[int, list[str], list[NearMiss]]:
    """Per cent on top: the highest that holds, with the rules that do and those that nearly did."""
    verdicts = [(g, judge(g.when, facts)) for g in playbook.goodwill]
    more = max((g.percent_more for g, v in verdicts if v.holds), default=0)
    close = (v.near_miss(g.id, facts) for g, v in verdicts if len(g.when) > 1 or g.when[0].is_close(facts))
    return more, [g.id for g, v in verdicts if v.holds], [m for m in close if m]


def _tried(failed: Sequence[Case], compensations: Sequence[Compensation]) -> frozenset[Remedy]:
    """Remedies that have failed this customer on this problem: never offered again."""
    ids = {c.id for c in failed}
    return frozenset(c.remedy for c in compensations if c.case_id in ids)


def _alternatives(
    table: _Table, entitled: Iterable[tuple[PolicyRule, Entitlement]], order: Order | None, back: int
) -> tuple[tuple[Option, ...], tuple[Option, ...]]:
    """Of each remedy the first that may be granted, and what is due beyond it, within the order's price."""
    within: dict[Remedy, Option] = {}
    above: dict[str, Option] = {}
    for rule, entitlement in entitled:
        option, due = table.options(entitlement, rule)
        asked = due or option
        if asked and not within_price(entitlement.remedy, asked.pence, order, back):
            continue
        if option is not None:
            within.setdefault(option.remedy, option)
        if due is not None:
            above.setdefault(due.id, due)
    beyond = tuple(o for o in above.values() if o.remedy not in within or o.pence > within[o.remedy].pence)
    return tuple(within.values()), beyond


def rule_on(
    assessment: Assessment,
    compensations: Sequence[Compensation],
    role: Role,
    playbook: Playbook,
    now: datetime,
    already_promised: int = 0,
    *,
    spent: Spent | None = None,
    who: str = "",
    back: int = 0,
) -> Ruling:
    """The ranked alternatives within a role's limits: of each remedy the first that may be granted.

    Goodwill is cut down to what is left of the limits and budgets; what is due beyond them is told apart.
    `back`: the pence of the order's price that went back for other problems of it.
    """
    facts, challenge = assessment.facts, assessment.problem.challenge
    firing, nearly = _firing(assessment, playbook)
    more, raised, nearly_raised = _goodwill(facts, playbook)
    given = granted_in_the_year(compensations, now, playbook.policy) + already_promised
    purse = purse_of(role, playbook, challenge, given, spent or {}, now, who)
    # With a reason to look twice, the bot gives what is owed; goodwill is for a person to decide.
    held = [h.id for h in playbook.held_back if judge(h.when, facts).holds] if role is Role.BOT else []
    table, tried = _Table(playbook, facts, purse, more), _tried(assessment.failed_recoveries, compensations)
    entitled = [(r, e) for r in firing for e in r.entitlements if e.remedy not in tried and not (held and e.goodwill)]
    within, above = _alternatives(table, entitled, assessment.order, back)
    seen = {**facts, "given_this_year": given, **{f"left of {b.budget.id}": b.left for b in purse.balances}}
    rules = (*(r.id for r in firing), *raised, *held)
    return Ruling(within, above, rules, (*nearly, *nearly_raised), playbook.version, seen)
