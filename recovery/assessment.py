"""How bad one problem is, whose fault, and the facts that every rule is judged on."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from recovery import contacts
from recovery.abuse import signals
from recovery.conditions import Facts, judge
from recovery.contingencies import Contingency, of_problem
from recovery.heard import Heard
from recovery.kin import kin
from recovery.orders import days_late
from recovery.playbook import Cause, ChallengeRule, Playbook
from recovery.records import WITHDRAWN, Case, History, Incident, Order, OrderEvent
from recovery.state import Problem
from recovery.words import CaseStatus, ChallengeType, OrderEventKind, Severity, Trigger

A_YEAR = timedelta(days=365)
LATELY = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Assessment:
    """One problem, judged. `facts` are what the rules saw; they are stored with the decision."""

    problem: Problem
    order: Order | None
    cause: Cause
    cause_event: OrderEvent | None
    incident: Incident | None
    severity: Severity
    days_late: int
    failed_recoveries: tuple[Case, ...]
    earlier_failures: tuple[Case, ...]
    facts: Facts
    raised_by: tuple[str, ...] = ()
    contingency: Contingency | None = None


def failed_recoveries(
    problem: Problem, history: History | None, playbook: Playbook, now: datetime
) -> tuple[Case, ...]:
    """Earlier recoveries of this same problem that did not hold: resolved once, and here it is again."""
    if history is None:
        return ()
    return tuple(
        c
        for c in history.cases
        if c.id != problem.case_id
        and (c.failed or c.status in (CaseStatus.RESOLVED, CaseStatus.CLOSED))
        and c.outcome != WITHDRAWN
        and _same_problem(c, problem, history, playbook, now)
    )


def _same_problem(case: Case, problem: Problem, history: History, playbook: Playbook, now: datetime) -> bool:
    """The same, or what customers take for it, on one order; without an order, the same not long ago."""
    if playbook.challenges[problem.challenge].needs_order and problem.order_id is not None:
        alike = case.challenge is problem.challenge or (
            kin(case.challenge, problem.challenge) and (case.failed or _had_its_time(case, history, playbook, now))
        )
        # The money that was to make up for anything at all did not come: that recovery failed.
        alike = alike or (case.failed and problem.challenge is ChallengeType.REFUND_DELAY)
        return alike and case.order_id == problem.order_id
    elsewhere = None not in (case.order_id, problem.order_id) and case.order_id != problem.order_id
    if case.challenge is not problem.challenge or elsewhere:
        return False
    # How two people of ours behaved is not one problem, unless the customer said that it did not hold.
    lately = now - case.opened_at < contacts.LATELY and case.challenge is not ChallengeType.STAFF_CONDUCT
    return lately or case.failed


def _had_its_time(case: Case, history: History, playbook: Playbook, now: datetime) -> bool:
    """Whether what was given for a case should have helped by now."""
    given = [c for c in history.compensations if c.case_id == case.id]
    rules = ((c, playbook.follow_ups.get(c.remedy)) for c in given)
    return all(now >= c.granted_at + timedelta(minutes=r.after_minutes if r else 0) for c, r in rules)


def _earlier_failures(problem: Problem, history: History | None, now: datetime) -> tuple[Case, ...]:
    if history is None:
        return ()
    return tuple(
        c for c in history.cases if c.id != problem.case_id and now - c.opened_at < A_YEAR and c.outcome != WITHDRAWN
    )


def _cause(
    order: Order | None, history: History | None, rule: ChallengeRule, playbook: Playbook
) -> tuple[Cause, OrderEvent | None, Incident | None]:
    """The latest event that can explain this challenge: a storm delays a parcel, it does not charge twice."""
    if order is not None:
        incidents = history.incidents if history else ()
        for event in reversed(order.events):
            cause = playbook.causes.get(event.cause)
            if cause is not None and (not cause.explains or rule.challenge in cause.explains):
                touching = next((i for i in incidents if i.cause == event.cause and i.touches(order)), None)
                return cause, event, touching
    return playbook.causes[rule.default_cause], None, None


def _customer_facts(
    problem: Problem, shown: frozenset[Trigger], history: History | None, playbook: Playbook, now: datetime
) -> dict[str, bool | int | str]:
    """What the history says of the customer; who is not verified has none."""
    customer = history.customer if history else None
    # What this very case was given is no history of it: a turn repeated after a crash judges the same.
    given = [c for c in history.compensations if c.case_id != problem.case_id] if history else []
    return {
        "tier": customer.tier.value if customer else "unknown",
        "abuse_signals": len(signals(history, playbook, now, problem.case_id)),
        "compensations_lately": sum(1 for c in given if now - c.granted_at < LATELY),
        "vulnerable": bool(customer and customer.vulnerable) or Trigger.VULNERABILITY in shown,
    }


def _shown(problem: Problem, heard: Heard) -> frozenset[Trigger]:
    """What was said of a problem, now or before: the same facts weigh the same in whichever order they are told."""
    return frozenset(problem.signs) | {t.name for t in heard.triggers}


def _told_facts(shown: frozenset[Trigger]) -> dict[str, bool | int | str]:
    """What the customer's words say that makes a problem weigh more."""
    return {
        "urgent": Trigger.URGENT_DEADLINE in shown,
        "financial_loss": Trigger.FINANCIAL_LOSS in shown,
        "long_wait": Trigger.LONG_WAIT in shown,
        "safety_risk": Trigger.SAFETY_RISK in shown,
    }


def assess(
    problem: Problem,
    heard: Heard,
    history: History | None,
    playbook: Playbook,
    now: datetime,
    running: tuple[Contingency, ...] = (),
) -> Assessment:
    """Judge one problem on what the message says, what the history shows, and which contingencies run."""
    rule = playbook.challenges[problem.challenge]
    order = history.order(problem.order_id) if history else None
    cause, event, incident = _cause(order, history, rule, playbook)
    contingency = of_problem(running, problem, order, heard, history, now)
    if event is None and contingency is not None and contingency.kind in playbook.contingencies:
        cause = playbook.causes[playbook.contingencies[contingency.kind].cause]
    failed = failed_recoveries(problem, history, playbook, now)
    earlier = _earlier_failures(problem, history, now)
    shown = _shown(problem, heard)
    facts: dict[str, bool | int | str] = {
        **_problem_facts(problem, order, cause, contingency, now),
        "failed_recoveries": len(failed),
        "failures_this_year": len(earlier),
        **_customer_facts(problem, shown, history, playbook, now),
        **_told_facts(shown),
        "repeated": bool(failed) or Trigger.REPEATED_CONTACT in shown,
    }
    raised = [r for r in rule.raises if judge(r.when, facts).holds]
    told = max([problem.told_severity, *(r.to for r in rule.raises if judge(r.when, _said(shown)).holds)])
    # Later messages say less than the first: what was once judged grave stays so.
    severity = max([rule.severity, problem.severity, *(r.to for r in raised)])
    facts["severity"] = int(severity)
    judged = replace(problem, severity=severity, told_severity=told)
    reasons = tuple(r.id for r in raised)
    late = int(facts["days_late"])
    return Assessment(
        judged, order, cause, event, incident, severity, late, failed, earlier, facts, reasons, contingency
    )


def _problem_facts(
    problem: Problem, order: Order | None, cause: Cause, contingency: Contingency | None, now: datetime
) -> dict[str, bool | int | str]:
    late = days_late(order, now) if order else 0
    return {
        "challenge": problem.challenge.value,
        "fault": cause.fault.value,
        "cause": cause.id,
        "contingency": contingency.kind if contingency else "none",
        "days_late": late,
        # Without a promised day there is nothing to hold the claim against.
        "past_promise": late > 0 or order is None or order.promised_for is None,
        "order_pence": order.pence if order else 0,
        "item_pence": _item_pence(problem, order),
        "thing_missing": problem.challenge is ChallengeType.MISSING_ITEM
        and bool(problem.items)
        and not problem.part_missing,
        "has_order": order is not None,
        "arrived": order is not None and order.last(OrderEventKind.DELIVERED) is not None,
        "days_since_delivery": _days_since_delivery(order, now),
        "photo": bool(problem.photos),
    }


def _item_pence(problem: Problem, order: Order | None) -> int:
    """The price of what is wrong: of the things that were named, else of the whole order."""
    if order is None:
        return 0
    named = sum(item.pence * item.quantity for item in order.items if item.id in problem.items)
    return min(named, order.pence) or order.pence


def _days_since_delivery(order: Order | None, now: datetime) -> int:
    """Whole days; none where nothing is known to have come."""
    delivered = order.last(OrderEventKind.DELIVERED) if order else None
    return max(0, (now.date() - delivered.at.date()).days) if delivered else 0


def _said(shown: frozenset[Trigger]) -> dict[str, bool | int | str]:
    """What only the customer's own words make graver, whichever order it turns out to be."""
    return {
        **_told_facts(shown),
        "vulnerable": Trigger.VULNERABILITY in shown,
        "repeated": Trigger.REPEATED_CONTACT in shown,
    }
