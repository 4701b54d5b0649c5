"""What a message changes in what we know: its problems, the order of each, the mood."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from recovery.fine import turned_out_fine
from recovery.listening import feel, take_in
from recovery.records import History
from recovery.situation import Situation, Topic
from recovery.state import Problem, Progress, Recovery
from recovery.words import ChallengeType, DialogueAct, Remedy, Stage
from tests.recovery.builders import (
    ACCESS,
    DAMAGED,
    LATE,
    LOST,
    NOW,
    PLAYBOOK,
    REFUND,
    compensation,
    delivered,
    history,
    in_time,
    order,
    said,
    topic_of,
)

REPORT = DialogueAct.REPORT_PROBLEM
HEARD = Problem(LATE, "m0", case_id="400", order_id="10482", told_at=1)


def heard(
    text: str,
    act: DialogueAct,
    *problems: Problem,
    known: History | None = None,
    stage: Stage = Stage.OPEN,
    **more: Any,
) -> Recovery:
    message = said(text, act, **more)
    state = Recovery(stage=stage, problems=problems, turns=1)
    topic = topic_of(message, stage)
    return take_in(feel(Situation(topic, message, state, known, PLAYBOOK, NOW))).state


def challenges(state: Recovery) -> list[str]:
    return [p.challenge for p in state.problems if p.is_live]


def test_every_challenge_of_a_message_is_a_problem_and_the_gravest_is_in_hand() -> None:
    state = heard("late, and the vase is broken", REPORT, challenges=(LATE, DAMAGED))
    assert challenges(state) == [LATE, DAMAGED]
    assert state.current is not None
    assert state.current.challenge is DAMAGED


def test_what_waits_for_a_yes_stays_in_hand() -> None:
    agreed = replace(HEARD, options=(REFUND,), agreed=REFUND.id, progress=Progress.AGREED)
    state = heard("the vase is broken too", REPORT, agreed, challenges=(DAMAGED,))
    assert state.current is not None
    assert state.current.challenge is LATE


def test_the_same_problem_told_again_is_one_problem() -> None:
    assert challenges(heard("still late", REPORT, HEARD, challenges=(LATE,))) == [LATE]


def test_a_similar_problem_told_later_corrects_the_first_and_keeps_its_order() -> None:
    state = heard("it is lost, the courier says", REPORT, HEARD, known=history(), challenges=(LOST,))
    assert challenges(state) == [LOST]
    assert state.problems[0].progress is Progress.DROPPED
    assert state.problems[1].order_id == "10482"


@pytest.mark.parametrize("text", ["and another one is lost", "my lamp is lost too", "also one is lost"])
def test_a_similar_problem_told_as_another_one_corrects_nothing(text: str) -> None:
    assert challenges(heard(text, REPORT, HEARD, challenges=(LOST,))) == [LATE, LOST]


def test_a_report_on_another_order_is_another_problem() -> None:
    known = history(order(), order("10483", "Oak shelf"))
    state = heard("10483 is late", REPORT, HEARD, known=known, challenges=(LATE,), orders=("10483",))
    assert [p.order_id for p in state.problems] == ["10482", "10483"]


def test_a_mere_number_corrects_the_order_and_puts_the_offer_away() -> None:
    offered = replace(HEARD, options=(REFUND,), agreed=REFUND.id, progress=Progress.AGREED)
    known = history(order(), order("10483", "Oak shelf"))
    state = heard("no, 10483", DialogueAct.DENY, offered, known=known, stage=Stage.CONFIRMING, orders=("10483",))
    (problem,) = state.problems
    assert (problem.order_id, problem.options, problem.agreed) == ("10483", (), None)
    assert problem.progress is Progress.HEARD


def test_a_number_in_a_new_report_leaves_the_order_of_the_problem_in_hand() -> None:
    known = history(order(), delivered())
    state = heard("10400 came broken", REPORT, HEARD, known=known, challenges=(DAMAGED,), orders=("10400",))
    assert [p.order_id for p in state.problems] == ["10482", "10400"]


def test_a_passing_word_changes_no_order() -> None:
    known = history(order(), in_time())
    state = heard("I have the curtains ready", DialogueAct.INFORM, HEARD, known=known)
    assert state.problems[0].order_id == "10482"


def test_a_stranger_learns_nothing_but_their_number_is_kept_for_later() -> None:
    state = heard("10482 is late", REPORT, challenges=(LATE,), orders=("10482",))
    assert state.problems[0].order_id is None
    signed_in = heard("done", DialogueAct.INFORM, *state.problems, known=history(order(), order("1")))
    assert signed_in.problems[0].order_id == "10482"


def test_yes_and_another_problem_are_both_heard() -> None:
    state = heard("yes, and the lamp is broken", DialogueAct.AFFIRM, HEARD, challenges=(DAMAGED,))
    assert challenges(state) == [LATE, DAMAGED]


def test_a_yes_corrects_no_problem() -> None:
    state = heard("yes, refund the lost one", DialogueAct.AFFIRM, HEARD, challenges=(LOST,))
    assert challenges(state) == [LATE]


def test_a_question_tells_of_no_problem() -> None:
    assert heard("what if it is late?", DialogueAct.ASK_INFO, challenges=(LATE,)).problems == ()


def test_an_unknown_challenge_on_a_button_is_no_problem() -> None:
    assert heard("x", REPORT, choice="challenge:nonsense").problems == ()


def test_what_is_booked_is_not_told_anew_until_it_had_its_time() -> None:
    booked = replace(HEARD, options=(REFUND,), agreed=REFUND.id, progress=Progress.BOOKED)
    given = compensation(case_id="400", remedy=Remedy.REFUND, granted_at=NOW - timedelta(minutes=5))
    fresh = history(compensations=(given,))
    assert challenges(heard("it is late", REPORT, booked, known=fresh, challenges=(LATE,))) == []
    old = history(compensations=(replace(given, granted_at=NOW - timedelta(days=9)),))
    assert challenges(heard("it is late", REPORT, booked, known=old, challenges=(LATE,))) == [LATE]


def test_a_problem_without_an_order_needs_none() -> None:
    state = heard("I cannot sign in", REPORT, known=history(), challenges=(ACCESS,))
    assert state.problems[0].order_id is None


@pytest.mark.parametrize(
    "text",
    [
        "oh it just arrived",
        "my mistake, sorry",
        "never mind, I found it",
        "it's all sorted now",
        "it has now turned up",
        "oh no its fine, one of them was my other order. sorry",
        "ah sorry, that's ok, I misread it",
    ],
)
def test_a_problem_may_turn_out_to_be_none(text: str) -> None:
    assert turned_out_fine(Recovery(problems=(HEARD,)), said(text))


def test_news_that_was_taken_for_a_question_is_news_all_the_same() -> None:
    state = Recovery(problems=(HEARD,))
    assert turned_out_fine(state, said("oh wait, it has just arrived", DialogueAct.ASK_STATUS))
    assert not turned_out_fine(state, said("has it arrived", DialogueAct.ASK_STATUS))


@pytest.mark.parametrize(
    "text",
    [
        "it has not arrived",
        "it never arrived",
        "it says it arrived",
        "it arrived but broken",
        "has it arrived?",
        "when it arrived I was out",
        "it's still not sorted",
        "my neighbour came",
    ],
)
def test_a_problem_that_is_there_still_is_not_taken_for_none(text: str) -> None:
    assert not turned_out_fine(Recovery(problems=(HEARD,)), said(text))


def test_giving_up_counts_only_after_a_trying_conversation() -> None:
    assert heard("never mind", DialogueAct.DENY, HEARD).cooled_in == ()
    refused = replace(HEARD, refused=(REFUND.id,))
    assert heard("never mind", DialogueAct.DENY, refused).cooled_in == ("m1",)


def test_whoever_signs_in_is_no_longer_unverified() -> None:
    state = Recovery(unverified_in=("m0",), asked_to_verify=1)
    s = Situation(Topic.RECOVER, said(), state, history(), PLAYBOOK, NOW)
    assert feel(s).state.unverified_in == ()


def test_what_smokes_is_one_incident() -> None:
    told = heard(
        "my kettle is smoking and smells of burning",
        REPORT,
        known=history(order()),
        challenges=(ChallengeType.FAULTY_PRODUCT, ChallengeType.SAFETY_INCIDENT),
    )
    assert challenges(told) == [ChallengeType.SAFETY_INCIDENT]


def test_nobody_came_with_an_overdue_parcel_tells_of_a_late_parcel_and_no_visit() -> None:
    told = heard(
        "I took Monday off for the kettle and nobody came",
        REPORT,
        known=history(order()),
        challenges=(ChallengeType.MISSED_APPOINTMENT,),
    )
    assert challenges(told) == [LATE]
