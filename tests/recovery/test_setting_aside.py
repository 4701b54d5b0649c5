"""A calm "never mind" is let be, and a bitter one is not taken for calm."""

from dataclasses import replace

import pytest

from recovery.decision import Schedule
from recovery.state import Progress
from recovery.words import DialogueAct, Stage, Trigger
from tests.recovery.builders import DAMAGED, Conversation, handed_over, history, responses, titles

GOODBYE = DialogueAct.GOODBYE


def told(**heard: object) -> Conversation:
    c = Conversation(history())
    c.reports(**heard)
    return c


@pytest.mark.parametrize(
    ("text", "frustration"),
    [
        ("never mind", 0),
        ("never mind", 1),
        ("never mind, it's fine", 0),
        ("forget it, it's fine", 1),
        ("oh don't worry about it", 0),
        ("leave it for now thanks", 0),
        ("nvm all good", 1),
        ("it doesn't matter", 0),
    ],
)
def test_a_calm_never_mind_closes_gently(text: str, frustration: int) -> None:
    c = told()
    told_so = c.says(text, GOODBYE, frustration=frustration)
    assert responses(told_so) == ["utter_set_aside"]
    assert titles(told_so) == []
    assert told_so.effects == ()
    assert [p.progress for p in c.state.problems] == [Progress.DROPPED]
    assert c.state.stage is Stage.OPEN


def test_nothing_is_asked_or_offered_after_it() -> None:
    c = told()
    c.says("never mind, it's fine", GOODBYE)
    thanked = c.says("thanks", DialogueAct.THANK)
    assert responses(thanked) == ["utter_you_are_welcome"]
    assert not any(isinstance(e, Schedule) for d in c.decisions for e in d.effects)


@pytest.mark.parametrize(
    ("text", "frustration"),
    [
        ("never mind, useless", 1),
        ("oh forget it, it's fine, you lot are hopeless", 1),
        ("fine. forget it.", 2),
        ("never mind, what a waste of time", 2),
        ("never mind, just typical", 1),
    ],
)
def test_an_angry_never_mind_is_a_customer_who_gave_up(text: str, frustration: int) -> None:
    over = handed_over(told().says(text, GOODBYE, frustration=frustration))
    assert over is not None
    assert over.rules == ("gave_up",)


@pytest.mark.parametrize(
    "text", ["forget it, just refund me", "never mind that, when does it come?", "forget it, but i want my money"]
)
def test_what_asks_for_something_in_the_same_breath_lets_nothing_be(text: str) -> None:
    assert told().says(text, DialogueAct.INFORM).step != "set_aside"


def test_after_a_refusal_only_kind_words_let_it_be() -> None:
    c = told()
    c.says("no, neither", DialogueAct.REJECT_OFFER)
    before = c.state
    assert handed_over(c.says("forget it, never mind", GOODBYE)) is not None
    c.state = before
    assert c.says("never mind, it's fine, thanks", GOODBYE).step == "set_aside"


def test_whoever_told_of_a_vulnerability_is_not_let_go_with_a_word() -> None:
    c = told()
    c.state = replace(c.state, vulnerable_in=("m1",))
    assert c.says("never mind", GOODBYE).step != "set_aside"


def test_a_danger_is_never_let_be() -> None:
    heard = told().says("never mind, it's fine", GOODBYE, triggers=(Trigger.SAFETY_RISK,))
    assert heard.step != "set_aside"


def test_what_is_booked_stays_booked() -> None:
    c = told()
    c.says("1", DialogueAct.INFORM)
    c.clicks("Yes")
    c.reports(text="and the vase is broken", challenge=DAMAGED)
    c.says("never mind, it's fine", GOODBYE)
    assert [p.progress for p in c.state.problems] == [Progress.BOOKED, Progress.DROPPED]
    assert c.state.stage is Stage.BOOKED
