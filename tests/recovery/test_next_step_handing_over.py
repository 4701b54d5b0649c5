"""When a person takes over, what is said and what is left behind."""

from dataclasses import replace
from typing import Any

import pytest

from casework.turn_state import dumped, loaded, returned
from recovery.state import Progress, Recovery
from recovery.words import ChallengeType, DialogueAct, RecoveryStep, Stage, Trigger
from tests.recovery.builders import (
    CUSTOMER,
    LATE,
    Conversation,
    case,
    handed_over,
    history,
    in_time,
    order,
    responses,
)

INFORM = DialogueAct.INFORM
ASKED = {"act": DialogueAct.REQUEST_HUMAN, "triggers": (Trigger.HUMAN_REQUEST,)}


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("verified", [True, False])
def test_a_person_is_reached_from_every_stage_in_one_message(stage: Stage, verified: bool) -> None:
    c = Conversation(history() if verified else None, Recovery(stage=stage))
    over = handed_over(c.says("let me talk to a person", **ASKED))
    assert over is not None
    assert over.rules == ("person_asked",)


def test_a_request_inside_an_answer_to_a_survey_is_heard_too() -> None:
    c = Conversation(history(), Recovery(stage=Stage.COMMENTING, survey_case="311"))
    told = c.says("nobody called, get me a manager", INFORM, triggers=(Trigger.HUMAN_REQUEST,))
    assert handed_over(told) is not None
    assert len(told.effects) == 2  # the comment is kept too


def test_a_first_message_that_needs_a_person_is_acknowledged_and_apologised_for() -> None:
    over = Conversation(history()).reports(frustration=3)
    assert responses(over) == ["utter_listen", "utter_apologise_late_delivery", "utter_furious"]
    assert [p.step for p in over.says[0].parts] == [RecoveryStep.LISTEN, RecoveryStep.APOLOGISE, None]


def test_every_open_problem_is_handed_over() -> None:
    c = Conversation(history())
    challenges = (LATE, ChallengeType.BILLING_ERROR)
    c.says(
        "a lot, get me a person", DialogueAct.REPORT_PROBLEM, challenges=challenges, triggers=(Trigger.HUMAN_REQUEST,)
    )
    assert {p.progress for p in c.state.problems} == {Progress.ESCALATED}
    assert c.state.stage is Stage.HANDED_OVER


@pytest.mark.parametrize(
    ("rule", "heard"),
    [
        ("safety", {"challenges": (ChallengeType.SAFETY_INCIDENT,)}),
        ("fraud", {"challenges": (ChallengeType.PRIVACY_SECURITY,)}),
        ("legal", {"triggers": (Trigger.LEGAL_THREAT,)}),
        ("furious", {"frustration": 3}),
    ],
)
def test_what_a_stranger_tells_is_enough_for_a_person(rule: str, heard: dict[str, Any]) -> None:
    over = handed_over(Conversation(None).says("words", DialogueAct.REPORT_PROBLEM, **heard))
    assert over is not None
    assert over.rules[0] == rule


def test_a_vulnerable_customer_with_a_major_problem_gets_a_person() -> None:
    known = replace(history(order(), in_time()), customer=replace(CUSTOMER, vulnerable=True))
    assert (over := handed_over(Conversation(known).reports())) is not None
    assert over.rules == ("vulnerable",)


def test_frustration_that_does_not_ease_brings_a_person() -> None:
    c = Conversation(history())
    c.reports(frustration=2)
    c.says("useless", INFORM, frustration=2)
    assert (over := handed_over(c.says("utterly useless", INFORM, frustration=2))) is not None
    assert over.rules == ("stays_frustrated",)


def test_a_bot_that_fails_twice_gives_way() -> None:
    c = Conversation(history())
    assert handed_over(c.says("you do not get it", DialogueAct.COMPLAIN_ABOUT_BOT)) is None
    assert handed_over(c.says("asdf", DialogueAct.OUT_OF_SCOPE, unclear="gibberish")) is not None


def test_giving_up_on_an_unsolved_problem_brings_a_person() -> None:
    c = Conversation(history())
    c.reports(frustration=1)
    assert (over := handed_over(c.says("oh forget it", DialogueAct.DENY))) is not None
    assert over.rules == ("gave_up",)


def test_a_double_deviation_gets_no_further_offer() -> None:
    over = Conversation(history(cases=(case("311"), case("312")))).reports()
    assert handed_over(over) is not None
    assert not any(r.startswith("utter_offer") for r in responses(over))


def given_back(c: Conversation) -> Conversation:
    """The conversation after a person returned it to the bot."""
    c.state = loaded(returned(dumped(c.state)))
    return c


@pytest.mark.parametrize(
    "trouble",
    [
        {"frustration": 3},
        {"triggers": (Trigger.HUMAN_REQUEST,)},
        {"triggers": (Trigger.VULNERABILITY,)},
        {"triggers": (Trigger.LEGAL_THREAT,)},
    ],
)
def test_after_a_return_old_context_hands_over_no_more(trouble: dict[str, Any]) -> None:
    c = Conversation(history())
    assert handed_over(c.reports(**trouble)) is not None
    given_back(c)
    for text, act in (("thanks", DialogueAct.THANK), ("hello", DialogueAct.GREET), ("ok", INFORM)):
        assert handed_over(c.says(text, act)) is None


def test_after_a_return_refusals_misunderstandings_and_giving_up_start_anew() -> None:
    c = Conversation(history())
    c.reports(frustration=1)
    c.says("never mind", DialogueAct.DENY)
    assert c.state.stage is Stage.HANDED_OVER
    given_back(c)
    assert c.says("hello again", DialogueAct.GREET).step == "small_talk"
    assert handed_over(c.says("what?", DialogueAct.COMPLAIN_ABOUT_BOT)) is None


def test_three_handovers_and_returns_in_one_conversation() -> None:
    c = Conversation(history())
    for _ in range(3):
        assert handed_over(c.says("a person please", **ASKED)) is not None
        given_back(c)
        assert handed_over(c.says("hello", DialogueAct.GREET)) is None
