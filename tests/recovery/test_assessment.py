"""How bad a problem is, and whose doing."""

from datetime import timedelta
from typing import Any

import pytest

from recovery.assessment import Assessment, assess
from recovery.records import WITHDRAWN, History
from recovery.state import Problem
from recovery.words import CaseStatus, Fault, OrderEventKind, Severity, Trigger
from tests.recovery.builders import (
    DAMAGED,
    LATE,
    NOW,
    PLAYBOOK,
    case,
    compensation,
    event,
    history,
    incident,
    order,
    said,
)


def judged(known: History | None = None, problem: Problem | None = None, **heard: Any) -> Assessment:
    told = problem or Problem(LATE, "m1", order_id="10482")
    return assess(told, said("it is late", **heard), known, PLAYBOOK, NOW)


def test_without_signs_a_problem_has_its_base_severity() -> None:
    assert judged(history()).severity is Severity.MINOR


def test_a_long_delay_makes_it_major_and_says_why() -> None:
    late = judged(history(order(promised_for=(NOW - timedelta(days=12)).date())))
    assert late.severity is Severity.MAJOR
    assert late.raised_by == ("ten days late or more",)


def test_what_was_once_judged_grave_stays_so() -> None:
    assert judged(history(), Problem(LATE, "m1", severity=Severity.MAJOR)).severity is Severity.MAJOR


def test_the_latest_event_that_explains_names_cause_and_fault() -> None:
    judgement = judged(history(order(cause="strike")))
    assert judgement.cause.fault is Fault.CARRIER
    assert judgement.cause_event is not None


def test_a_running_incident_of_the_same_courier_and_region_is_the_cause() -> None:
    known = history(order(cause="strike"), incidents=(incident(),))
    assert judged(known).incident == incident()
    elsewhere = history(order(cause="strike"), incidents=(incident(region="South"),))
    assert judged(elsewhere).incident is None


def test_without_an_event_the_cause_is_not_known() -> None:
    assert judged(history()).cause.id == "unknown"


def test_a_recovery_of_the_same_problem_that_ended_has_failed() -> None:
    assert judged(history(cases=(case(),))).facts["failed_recoveries"] == 1


@pytest.mark.parametrize(
    "other",
    [
        case(order_id="10400"),
        case(challenge=DAMAGED),
        case(status=CaseStatus.CLOSED, outcome=WITHDRAWN),
        case(status=CaseStatus.OPEN),
    ],
)
def test_another_order_another_problem_or_a_withdrawn_case_is_no_failed_recovery(other: Any) -> None:
    assert judged(history(cases=(other,))).facts["failed_recoveries"] == 0


def test_its_own_case_is_no_earlier_failure() -> None:
    own = judged(history(cases=(case(),)), Problem(LATE, "m1", case_id="311", order_id="10482"))
    assert own.facts["failed_recoveries"] == own.facts["failures_this_year"] == 0


def test_a_failure_of_two_years_ago_no_longer_counts_as_this_years() -> None:
    old = case(order_id="1", opened_at=NOW - timedelta(days=700))
    assert judged(history(cases=(old,))).facts["failures_this_year"] == 0


def test_compensations_count_for_ninety_days() -> None:
    fresh, old = compensation(), compensation("8", granted_at=NOW - timedelta(days=91))
    assert judged(history(compensations=(fresh, old))).facts["compensations_lately"] == 1


def test_a_stranger_has_no_order_tier_or_past() -> None:
    facts = judged(None).facts
    assert facts["tier"] == "unknown"
    assert not facts["has_order"]
    assert facts["order_pence"] == facts["failed_recoveries"] == facts["failures_this_year"] == 0


@pytest.mark.parametrize(
    ("trigger", "fact"),
    [
        (Trigger.VULNERABILITY, "vulnerable"),
        (Trigger.URGENT_DEADLINE, "urgent"),
        (Trigger.FINANCIAL_LOSS, "financial_loss"),
        (Trigger.REPEATED_CONTACT, "repeated"),
        (Trigger.LONG_WAIT, "long_wait"),
        (Trigger.SAFETY_RISK, "safety_risk"),
    ],
)
def test_what_the_customer_tells_is_a_fact(trigger: Trigger, fact: str) -> None:
    assert judged(history()).facts[fact] is False
    assert judged(history(), triggers=(trigger,)).facts[fact] is True


def test_days_late_end_with_the_delivery() -> None:
    came = order(events=(event(OrderEventKind.DELIVERED, "10482", NOW - timedelta(days=3)),))
    assert judged(history(came)).days_late == 1
