"""The company's own playbook sees in the named customers' histories what they are said to show."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from crm_adapter.memory import MemoryCrm
from crm_adapter.seed import DEMO_CUSTOMERS, DemoCustomer, demo_company
from recovery.assessment import Assessment, assess
from recovery.heard import Heard
from recovery.orders import find_order
from recovery.playbook import Playbook
from recovery.state import Problem
from recovery.words import ChallengeType, DialogueAct, Severity
from redress.playbook.loading import load

NOW = datetime(2025, 11, 20, 9, 30, tzinfo=UTC)
VAGUE = Heard("m1", "something went wrong", NOW, DialogueAct.REPORT_PROBLEM)
BY_ID = {demo.id: demo for demo in DEMO_CUSTOMERS}
STORIES = [
    pytest.param(demo, challenge, id=f"{demo.id}-{challenge}")
    for demo in DEMO_CUSTOMERS
    for challenge in ChallengeType
    if challenge.value in demo.shows
]


@pytest.fixture(scope="module")
def playbook() -> Playbook:
    return load(Path(__file__).parents[2] / "playbook")


@pytest.fixture(scope="module")
def crm() -> MemoryCrm:
    return MemoryCrm(demo_company(date(2025, 11, 20)))


async def judged(demo: DemoCustomer, challenge: ChallengeType, crm: MemoryCrm, playbook: Playbook) -> Assessment:
    """What the playbook makes of it when the customer says no more than what kind of problem it is."""
    history = await crm.history(demo.id)
    order = find_order(playbook.challenges[challenge], VAGUE, history, NOW).order
    assert order is not None, "the order must be certain without asking"
    problem = Problem(challenge=challenge, heard_in="m1", order_id=order.id)
    return assess(problem, VAGUE, history, playbook, NOW)


def test_the_stories_tell_of_every_challenge_type() -> None:
    assert {challenge for param in STORIES for challenge in param.values[1:]} == set(ChallengeType)


@pytest.mark.parametrize(("demo", "challenge"), STORIES)
async def test_the_order_is_found_and_what_happened_to_it_is_known(
    demo: DemoCustomer, challenge: ChallengeType, crm: MemoryCrm, playbook: Playbook
) -> None:
    assessment = await judged(demo, challenge, crm, playbook)
    told_by_people = challenge in (ChallengeType.STAFF_CONDUCT, ChallengeType.PRIVACY_SECURITY)
    assert (assessment.cause_event is None) == told_by_people


async def test_mayas_parcel_waits_because_of_the_running_strike(crm: MemoryCrm, playbook: Playbook) -> None:
    assessment = await judged(BY_ID["C001"], ChallengeType.LATE_DELIVERY, crm, playbook)
    assert assessment.incident is not None
    assert assessment.incident.cause == "strike"


async def test_the_vulnerable_customers_problem_is_major(crm: MemoryCrm, playbook: Playbook) -> None:
    assert (await judged(BY_ID["C020"], ChallengeType.LOST_PARCEL, crm, playbook)).severity >= Severity.MAJOR


@pytest.mark.parametrize(("customer_id", "times"), [("C021", 1), ("C022", 2)])
async def test_failed_recoveries_count(customer_id: str, times: int, crm: MemoryCrm, playbook: Playbook) -> None:
    assessment = await judged(BY_ID[customer_id], ChallengeType.FAULTY_PRODUCT, crm, playbook)
    assert len(assessment.failed_recoveries) == times


async def test_which_of_five_orders_all_alike_must_be_asked(crm: MemoryCrm, playbook: Playbook) -> None:
    rule = playbook.challenges[ChallengeType.DAMAGED_ITEM]
    finding = find_order(rule, VAGUE, await crm.history("C024"), NOW)
    assert finding.order is None
    assert len(finding.choices) >= 2
