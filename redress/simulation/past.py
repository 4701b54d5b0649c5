"""A script's changes to its customer, as the records that a copy is made with."""

from datetime import UTC, datetime, timedelta

from recovery.records import Case, Compensation, OrderEvent
from recovery.words import CaseStatus, Role, Severity
from redress.customers import Otherwise
from redress.simulation.script import Given, PastCase, Script

LASTED = timedelta(hours=2)  # how long a past case was open


def otherwise(script: Script) -> Otherwise:
    """What is otherwise with this script's customer."""
    now = datetime.now(UTC)
    past = tuple(_past(case, now) for case in script.but.past)
    events = tuple(
        OrderEvent("", each.order, each.kind, now - timedelta(days=each.days_ago), each.cause)
        for each in script.but.events
    )
    return Otherwise(script.but.tier, script.but.support_need or "", past, events)


def _past(case: PastCase, now: datetime) -> tuple[Case, tuple[Compensation, ...]]:
    opened = now - timedelta(days=case.days_ago)
    closed = opened + LASTED
    outcome = ", ".join(g.remedy.replace("_", " ") for g in case.given).capitalize() or "Closed without compensation"
    made = Case(
        "",
        None,
        None,
        case.order,
        case.challenge,
        Severity.MODERATE,
        CaseStatus.CLOSED,
        opened,
        closed,
        outcome,
        failed=case.failed,
    )
    return made, tuple(_given(each, case, closed) for each in case.given)


def _given(given: Given, case: PastCase, at: datetime) -> Compensation:
    return Compensation("", "", "", case.order, given.remedy, given.pence, at, "Tom Ellis", Role.AGENT, "past", "")
