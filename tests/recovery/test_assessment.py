"""How bad a problem is, and whose doing."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery import contacts
from recovery.assessment import Assessment, assess
from recovery.records import WITHDRAWN, History
from recovery.state import Problem
from recovery.words import CaseStatus, ChallengeType, Fault, OrderEventKind, Severity, Trigger
from tests.recovery.builders import (
    ACCESS,
    DAMAGED,
    LATE,
    LOST,
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

STAFF = ChallengeType.STAFF_CONDUCT


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


def test_a_recovery_of_what_customers_take_for_the_same_counts_once_it_has_had_its_time() -> None:
    """Two recoveries of a late parcel that did not hold, and then "it is lost"."""
    lost = Problem(LOST, "m1", order_id="10482")
    late = (case("311"), case("312"))
    assert judged(history(cases=late), lost).facts["failed_recoveries"] == 2
    just_now = compensation("7", "312", granted_at=NOW - timedelta(hours=1))
    assert judged(history(cases=late, compensations=(just_now,)), lost).facts["failed_recoveries"] == 1
    other_order = (case("311", order_id="10400"),)
    assert judged(history(cases=other_order), lost).facts["failed_recoveries"] == 0


@pytest.mark.parametrize(
    ("challenge", "days_ago", "failed", "counts"),
    [
        (ACCESS, 900, False, 0),
        (ACCESS, 500, False, 0),
        (ACCESS, 30, False, 1),
        (ACCESS, 500, True, 1),
        (STAFF, 30, False, 0),
        (STAFF, 30, True, 1),
    ],
)
@pytest.mark.parametrize("order_id", [None, "10482"])
def test_without_an_order_only_what_came_back_soon_or_did_not_hold_is_the_same_problem(
    challenge: ChallengeType, days_ago: int, failed: bool, counts: int, order_id: str | None
) -> None:
    earlier = case("311", challenge, None, opened_at=NOW - timedelta(days=days_ago), failed=failed)
    told = Problem(challenge, "m1", order_id=order_id)
    assert judged(history(cases=(earlier,)), told).facts["failed_recoveries"] == counts


@given(st.sampled_from(list(ChallengeType)), st.integers(0, 1000), st.sampled_from([None, "10482", "10400"]))
def test_never_is_a_recovery_of_another_order_a_failed_one_of_this(
    challenge: ChallengeType, days_ago: int, order_id: str | None
) -> None:
    earlier = case("311", challenge, order_id, opened_at=NOW - timedelta(days=days_ago))
    told = Problem(challenge, "m1", order_id="10500")
    counted = judged(history(cases=(earlier,)), told).facts["failed_recoveries"]
    assert counted == 0 or order_id is None
    assert counted == 0 or days_ago < contacts.LATELY.days


def test_what_the_customer_said_of_it_is_known_apart_from_what_the_order_shows() -> None:
    shown = judged(history(order(promised_for=(NOW - timedelta(days=12)).date()))).problem
    assert (shown.severity, shown.told_severity) == (Severity.MAJOR, Severity.MINOR)
    said_so = judged(history(), triggers=(Trigger.FINANCIAL_LOSS,)).problem
    assert (said_so.severity, said_so.told_severity) == (Severity.MAJOR, Severity.MAJOR)
