"""What people answer when they are asked whether it arrived."""

from dataclasses import replace
from typing import Any

import pytest

from recovery.assessment import assess
from recovery.check_backs import Told, told_in
from recovery.decision import CloseCase, FailCase
from recovery.state import Problem, Progress
from recovery.words import ChallengeType, DialogueAct, Stage, Trigger
from tests.recovery.builders import (
    DAMAGED,
    PLAYBOOK,
    REFUND,
    REPLACEMENT,
    Conversation,
    history,
    order,
    responses,
    said,
)

AFFIRM, DENY, INFORM = DialogueAct.AFFIRM, DialogueAct.DENY, DialogueAct.INFORM
LOST = Problem(
    ChallengeType.LOST_PARCEL,
    "m1",
    case_id="311",
    order_id="10482",
    options=(REPLACEMENT,),
    agreed=REPLACEMENT.id,
    progress=Progress.BOOKED,
    booked_as=1,
)


def told(text: str, act: DialogueAct, problem: Problem = LOST, **heard: Any) -> Told | None:
    return told_in(said(text, act, **heard), problem)


@pytest.mark.parametrize(
    ("text", "act", "challenges"),
    [
        ("yes", AFFIRM, ()),
        ("it arrived this morning", INFORM, ()),
        ("all working now", INFORM, ()),
        ("the new one has arrived", INFORM, ()),
        ("it came yesterday", INFORM, (ChallengeType.LATE_DELIVERY,)),
        ("got it, thanks", DialogueAct.THANK, ()),
    ],
)
def test_good_news_in_any_words_is_a_yes(text: str, act: DialogueAct, challenges: Any) -> None:
    assert told(text, act, challenges=challenges) is Told.HELD


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("not yet, but tracking says tomorrow", DENY),
        ("i was out, will check tonight", INFORM),
        ("haven't looked yet", DENY),
        ("no but it's out for delivery", DENY),
    ],
)
def test_what_nobody_knows_yet_has_not_failed(text: str, act: DialogueAct) -> None:
    assert told(text, act) is Told.WAITS


@pytest.mark.parametrize(
    ("text", "act"),
    [("no", DENY), ("not yet", DENY), ("still nothing", INFORM), ("it never arrived", DialogueAct.REPORT_PROBLEM)],
)
def test_a_no_in_any_words_is_one(text: str, act: DialogueAct) -> None:
    assert told(text, act) is Told.FAILED


def test_a_yes_with_the_same_trouble_again_is_a_no() -> None:
    broken = replace(LOST, challenge=DAMAGED)
    assert told("yes but this one is dented too", AFFIRM, broken, challenges=(DAMAGED,)) is Told.FAILED
    paid = replace(LOST, options=(REFUND,), agreed=REFUND.id)
    never = told("yes but the refund never came", AFFIRM, paid, challenges=(ChallengeType.REFUND_DELAY,))
    assert never is Told.FAILED


def asked_back() -> Conversation:
    c = Conversation(history(order()))
    c.reports(ChallengeType.LATE_DELIVERY, "my kettle is late", orders=("10482",))
    c.clicks("A full refund")
    c.clicks("Yes, please book it")
    c.state = replace(c.state, stage=Stage.CHECKING_BACK, check_back_case=c.state.problems[0].case_id)
    return c


def test_what_is_wrong_with_what_came_is_a_problem_of_its_own_and_taken_up_at_once() -> None:
    c = asked_back()
    decision = c.says("yes but it is dented", AFFIRM, challenges=(DAMAGED,))
    assert any(isinstance(effect, CloseCase) for effect in decision.effects)
    assert (c.problem.challenge, c.problem.order_id) == (DAMAGED, "10482")
    assert "utter_glad_it_held" not in responses(decision)
    assert "utter_apologise_damaged_item" in responses(decision)


@pytest.mark.parametrize(
    ("text", "act", "response"),
    [
        ("yes thanks, but the voucher never came", AFFIRM, "utter_check_back_part"),
        ("not yet, but tracking says tomorrow", DENY, "utter_check_back_waits"),
    ],
)
def test_where_it_is_not_all_settled_the_question_stays_open_and_nothing_has_failed(
    text: str, act: DialogueAct, response: str
) -> None:
    c = asked_back()
    decision = c.says(text, act)
    assert responses(decision) == [response]
    assert c.state.stage is Stage.CHECKING_BACK
    assert not any(isinstance(effect, FailCase | CloseCase) for effect in decision.effects)


def test_what_makes_a_problem_weigh_more_weighs_the_same_in_whichever_message_it_is_said() -> None:
    def facts(*, first: bool) -> dict[str, Any]:
        c = Conversation(history(order("10482"), order("10483", "Desk lamp")))
        hurry = {"triggers": (Trigger.URGENT_DEADLINE, Trigger.LONG_WAIT)}
        c.reports(ChallengeType.LATE_DELIVERY, "my parcel is late, I need it on Friday", **(hurry if first else {}))
        c.says("10482", INFORM, orders=("10482",), **({} if first else hurry))
        return dict(assess(c.problem, said("ok"), c.known, PLAYBOOK, c.now).facts)

    assert facts(first=True) == facts(first=False)
    assert facts(first=True)["urgent"] is True


def test_money_that_did_not_come_is_a_late_refund_whatever_it_was_for() -> None:
    c = asked_back()
    c.says("no, nothing in my account", DENY)
    assert (c.problem.challenge, c.problem.order_id) == (ChallengeType.REFUND_DELAY, "10482")
