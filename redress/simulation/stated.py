"""What a script of the conformance suite must state, and which words of the playbook it was written from.

A leading comment cites them: `# Playbook: late.small, priority_delivery, late_delivery/three days late or more`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from recovery.playbook import Entitlement, Playbook
from recovery.records import Order
from recovery.words import Severity
from redress.simulation.script import (
    CaseExpected,
    CompensationExpected,
    DatabaseExpected,
    FollowUpExpected,
    HandoffExpected,
    Script,
)

_CITES = re.compile(r"^# Playbook: (.+)$")
_OF_A_CASE = ("severity", "status", "compensation", "steps", "follow_up")


def unstated(script: Script) -> Iterator[str]:
    """What is left out of the final state. What there is none of is stated too."""
    database = script.database
    for name in ("owner", "cases", "handoff", "alerts"):
        if getattr(database, name) is None:
            yield f"it does not state {name}"
    for case in cases_of(database):
        yield from (f"{case.challenge}: it does not state {n}" for n in _OF_A_CASE if getattr(case, n) is None)
        if case.steps == ():
            yield f"{case.challenge}: it names no steps; write none where there are none"
    handoff = database.handoff
    if isinstance(handoff, HandoffExpected):
        if not handoff.rationale:
            yield "the handoff has no rationale with its evidence"
        yield from (f"the handoff does not state {name}" for name in ("leads", "team") if not getattr(handoff, name))


def cited_in(text: str) -> tuple[str, ...]:
    """What the comment at the top of a script cites."""
    leading = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        leading.append(line)
    found = (match[1] for line in leading if (match := _CITES.match(line)))
    return tuple(word.strip() for words in found for word in words.split(","))


def miscited(script: Script, cited: Sequence[str], playbook: Playbook) -> Iterator[str]:
    """Where a script's expectation does not follow from what it cites."""
    if not cited:
        yield "its leading comment cites no words of the playbook"
    yield from (
        f"it cites {word}, which the playbook does not have" for word in cited if word not in _known(playbook)
    )
    named = dict.fromkeys(rules_of(script))
    yield from (f"it expects {rule} and does not cite it" for rule in named if rule not in cited)
    kinds = Counter(case.challenge for case in cases_of(script.database))
    for case in cases_of(script.database):
        yield from _severity(case, cited, playbook, several=kinds[case.challenge] > 1)
        for given in given_for(case):
            yield from _given(case, given, cited, playbook)


def _severity(case: CaseExpected, cited: Sequence[str], playbook: Playbook, *, several: bool) -> Iterator[str]:
    """It is the worst that is cited; of several cases of one challenge type each may rest on a part of it."""
    rule = playbook.challenges[case.challenge]
    raised = [each.to for each in rule.raises if f"{case.challenge}/{each.id}" in cited]
    follow: list[Severity] = [rule.severity, *raised] if several else [max([rule.severity, *raised])]
    if case.severity is not None and case.severity not in follow:
        words = " or ".join(sorted({each.word for each in follow}))
        yield f"{case.challenge}: by what it cites the severity is {words}, and it expects {case.severity.word}"


def _given(
    case: CaseExpected, given: CompensationExpected, cited: Sequence[str], playbook: Playbook
) -> Iterator[str]:
    remedy = given.remedy
    if remedy is None or remedy not in playbook.follow_ups:
        return
    if remedy not in cited:
        yield f"it expects a {remedy} and does not cite it"
    rule = next((each for each in playbook.policy if each.id == given.rule), None)
    if rule is not None and remedy not in {each.remedy for each in rule.entitlements}:
        yield f"it expects a {remedy} by {rule.id}, which has none"
    due = playbook.follow_ups[remedy].after_minutes
    if isinstance(case.follow_up, FollowUpExpected) and case.follow_up.after_minutes != due:
        yield f"by follow_ups a {remedy} is asked about after {due} minutes, not {case.follow_up.after_minutes}"


def misjudged(
    script: Script, cited: Sequence[str], playbook: Playbook, orders: Mapping[str, Order], today: date
) -> Iterator[str]:
    """Sums of money that are not what the cited rules give for these orders."""
    nearly_spent = script.company is not None or script.but.past  # what is left of a purse counts
    for case in cases_of(script.database):
        for given in given_for(case):
            alternative = _alternative(given, playbook)
            if alternative is None or given.pence is None:
                continue
            order = orders.get(case.order or "")
            sums = [_due(alternative, cited, playbook, order, price, today) for price in _prices(order)]
            if given.pence not in sums and not (nearly_spent and given.pence < max(sums)):
                due = " or ".join(map(str, sums))
                yield f"by what it cites {given.rule} gives {due} pence, and it expects {given.pence}"


def _alternative(given: CompensationExpected, playbook: Playbook) -> Entitlement | None:
    rule = next((each for each in playbook.policy if each.id == given.rule), None)
    return next((each for each in rule.entitlements if each.remedy == given.remedy), None) if rule else None


def _prices(order: Order | None) -> list[int]:
    """What a share may be of: the whole order, or any one of its things."""
    if order is None:
        return [0]
    return list(dict.fromkeys((order.pence, *(i.pence * i.quantity for i in order.items))))


def _due(
    alternative: Entitlement, cited: Sequence[str], playbook: Playbook, order: Order | None, price: int, today: date
) -> int:
    """The sum as a manager would work it out: the parts, more by the highest cited rule, the bounds."""
    amount = alternative.amount
    late = max((today - order.promised_for).days, 0) if order and order.promised_for else 0
    parts = amount.fixed + price * amount.percent_of_order / 100 + amount.per_day_late * late
    more = [rule.percent_more for rule in playbook.goodwill if rule.id in cited] if alternative.goodwill else []
    grown = max(parts, amount.at_least) * (100 + max(more, default=0)) / 100
    return round(grown if amount.at_most is None else min(grown, amount.at_most))


def cases_of(database: DatabaseExpected) -> tuple[CaseExpected, ...]:
    """The cases that it expects."""
    return () if database.cases is None or database.cases == "none" else database.cases


def given_for(case: CaseExpected) -> tuple[CompensationExpected, ...]:
    """What it expects to be given for a case."""
    match case.compensation:
        case None | "none":
            return ()
        case CompensationExpected() as one:
            return (one,)
        case several:
            return several


def rules_of(script: Script) -> Iterator[str]:
    """Every rule that it expects to decide."""
    handoff = script.database.handoff
    if isinstance(handoff, HandoffExpected):
        yield from handoff.rules
        if handoff.leads:
            yield handoff.leads
    for case in cases_of(script.database):
        yield from case.rules
        yield from (one.rule for one in given_for(case) if one.rule)


def rule_ids(playbook: Playbook) -> list[str]:
    """Every rule that decides for a customer: who takes over, what is given, what is held back."""
    return [
        *(rule.id for rule in playbook.escalation),
        *(rule.id for rule in playbook.policy),
        *(rule.id for rule in playbook.goodwill),
        *(rule.id for rule in playbook.held_back),
        *(gift.id for gift in playbook.loyalty.offers),
    ]


def _known(playbook: Playbook) -> set[str]:
    """What may be cited: rules, remedies, and whatever else has an id."""
    raises = (f"{name}/{each.id}" for name, rule in playbook.challenges.items() for each in rule.raises)
    return {
        *rule_ids(playbook),
        *playbook.follow_ups,
        *playbook.challenges,
        *raises,
        *playbook.causes,
        *playbook.contingencies,
        *(budget.id for budget in playbook.budgets),
        *(survey.id for survey in playbook.surveys.rules),
        *(signal.id for signal in playbook.abuse_signals),
        *(answer.id for answer in playbook.answers),
    }
