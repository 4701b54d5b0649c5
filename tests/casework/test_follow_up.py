"""Coming back when it was promised."""

from dataclasses import replace
from datetime import timedelta

import pytest

from casework.follow_up import FollowUps, may_interrupt
from recovery.records import FollowUp
from recovery.state import Problem, Progress, Recovery
from recovery.words import FollowUpKind, Stage
from tests.casework.company import any_words
from tests.recovery.builders import LATE, NOW, PLAYBOOK, VOUCHER

BOOKED = Problem(LATE, "m1", "311", "10482", options=(VOUCHER,), agreed=VOUCHER.id, progress=Progress.BOOKED)
STATE = Recovery(stage=Stage.BOOKED, problems=(BOOKED,))
CHECK_BACK = FollowUp("1", "311", "conversation-1", FollowUpKind.CHECK_BACK, NOW)
SURVEY = replace(CHECK_BACK, id="2", kind=FollowUpKind.SURVEY)
BOTH = [CHECK_BACK, SURVEY]
FOLLOW_UPS = FollowUps(any_words(), lambda: PLAYBOOK)


def test_a_check_back_asks_with_buttons_and_waits_for_the_answer() -> None:
    composed = FOLLOW_UPS.compose(CHECK_BACK, STATE, None, NOW)
    assert composed is not None
    assert composed.state.stage is Stage.CHECKING_BACK
    assert [b["title"] for b in composed.buttons] == ["Yes, all sorted", "No, it isn't", "Talk to a person"]
    assert composed.survey is None


def test_a_survey_asks_for_one_to_five_and_is_marked_as_asked() -> None:
    composed = FOLLOW_UPS.compose(SURVEY, STATE, None, NOW)
    assert composed is not None
    assert composed.state.surveyed == ("311",)
    assert [b["title"] for b in composed.buttons] == ["1", "2", "3", "4", "5"]
    assert composed.survey is not None
    assert composed.survey.case_id == "311"


def test_a_case_is_surveyed_once() -> None:
    assert FOLLOW_UPS.compose(SURVEY, replace(STATE, surveyed=("311",)), None, NOW) is None


@pytest.mark.parametrize("follow_up", BOTH)
@pytest.mark.parametrize("progress", [Progress.FAILED, Progress.ESCALATED, Progress.DROPPED])
def test_what_failed_or_was_handed_over_is_not_asked_about(follow_up: FollowUp, progress: Progress) -> None:
    assert (
        FOLLOW_UPS.compose(follow_up, replace(STATE, problems=(replace(BOOKED, progress=progress),)), None, NOW)
        is None
    )


@pytest.mark.parametrize("follow_up", BOTH)
def test_a_follow_up_of_another_conversations_case_says_nothing(follow_up: FollowUp) -> None:
    assert FOLLOW_UPS.compose(follow_up, Recovery(), None, NOW) is None


@pytest.mark.parametrize("follow_up", BOTH)
def test_a_follow_up_composed_again_after_a_crash_is_the_same_message(follow_up: FollowUp) -> None:
    assert FOLLOW_UPS.compose(follow_up, STATE, None, NOW) == FOLLOW_UPS.compose(follow_up, STATE, None, NOW)


def test_the_wording_of_a_follow_up_is_remembered_as_said() -> None:
    composed = FOLLOW_UPS.compose(CHECK_BACK, STATE, None, NOW)
    assert composed is not None
    assert composed.state.said


JUST_NOW, A_DAY = timedelta(minutes=5), timedelta(days=1)


@pytest.mark.parametrize("stage", [Stage.OPEN, Stage.BOOKED, Stage.SURVEYING, Stage.COMMENTING])
def test_an_unanswered_survey_does_not_hold_back_what_was_promised(stage: Stage) -> None:
    assert may_interrupt(replace(STATE, stage=stage), JUST_NOW, PLAYBOOK)


@pytest.mark.parametrize("stage", [Stage.OFFERING, Stage.CONFIRMING, Stage.IDENTIFYING, Stage.HANDED_OVER])
def test_a_follow_up_never_comes_in_the_middle_of_a_recovery(stage: Stage) -> None:
    assert not may_interrupt(replace(STATE, stage=stage), JUST_NOW, PLAYBOOK)


def test_a_problem_in_hand_is_the_middle_of_a_recovery() -> None:
    assert not may_interrupt(replace(STATE, problems=(BOOKED, Problem(LATE, "m2"))), JUST_NOW, PLAYBOOK)


@pytest.mark.parametrize("stage", [Stage.OFFERING, Stage.CONFIRMING, Stage.IDENTIFYING, Stage.VERIFYING])
def test_an_offer_that_was_left_lying_holds_nothing_back(stage: Stage) -> None:
    left = replace(STATE, stage=stage, problems=(BOOKED, Problem(LATE, "m2")))
    assert may_interrupt(left, A_DAY, PLAYBOOK)


@pytest.mark.parametrize(
    ("follow_up", "step", "rule"),
    [(CHECK_BACK, "ask_check_back", "follow_ups.voucher"), (SURVEY, "ask_survey", "after_a_recovery")],
)
def test_coming_back_names_its_rule_the_playbook_and_the_facts(follow_up: FollowUp, step: str, rule: str) -> None:
    composed = FOLLOW_UPS.compose(follow_up, STATE, None, NOW)
    assert composed is not None
    decided = composed.decision
    assert (decided.step, decided.case_id, decided.rules) == (step, "311", (rule,))
    assert decided.playbook_version == PLAYBOOK.version
    assert decided.inputs["remedy"] == "voucher"
    assert decided.inputs["challenge"] == "late_delivery"
