"""A change of mind after a booking: asked back once, undone within the window, and an honest answer after it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from recovery.decision import Book, Revoke, Schedule
from recovery.state import Progress
from recovery.words import CaseStatus, DialogueAct, FollowUpKind, Remedy, Stage
from tests.recovery.builders import NOW, Conversation, case, compensation, history, responses, titles

INFORM, DENY, AFFIRM = DialogueAct.INFORM, DialogueAct.DENY, DialogueAct.AFFIRM
REJECT = DialogueAct.REJECT_OFFER


def booked() -> Conversation:
    """A refund for a late parcel is booked, and the CRM shows it."""
    c = Conversation(history())
    c.reports()
    c.clicks("A full refund")
    c.clicks("Yes, please book it")
    given = compensation("9", "case-0", remedy=Remedy.REFUND, pence=4500, granted_at=NOW)
    c.known = history(cases=(case("case-0"),), compensations=(given,))
    return c


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("actually I changed my mind", INFORM),
        ("can you undo that please", DialogueAct.ASK_INFO),
        ("no wait, I don't want that", DENY),
        ("cancel it", REJECT),
        ("on second thoughts leave it", INFORM),
        ("hm, I changed my mind", DialogueAct.COMPLAIN_ABOUT_BOT),
    ],
)
def test_a_change_of_mind_is_asked_back_and_nothing_is_taken_yet(text: str, act: DialogueAct) -> None:
    asked = booked().says(text, act)
    assert asked.step == "ask_to_change"
    assert asked.effects == ()
    assert titles(asked) == ["Yes, change it", "No, leave it as it is", "Talk to a person"]


def test_a_yes_takes_it_back_and_offers_again() -> None:
    c = booked()
    c.says("I changed my mind", INFORM)
    undone = c.says("yes", AFFIRM)
    assert [(type(e), e.compensation_id) for e in undone.effects if isinstance(e, Revoke)] == [(Revoke, "9")]
    assert undone.state.stage is Stage.OFFERING
    assert c.state.problems[0].progress is Progress.OFFERED
    assert titles(undone)[0].startswith("A full refund")


def test_what_is_named_instead_is_swapped_in_one_turn() -> None:
    c = booked()
    asked = c.says("I want the replacement instead", REJECT)
    assert responses(asked) == ["utter_ask_to_swap"]
    swapped = c.clicks("Yes, change it")
    assert [type(e) for e in swapped.effects][:2] == [Revoke, Book]
    assert [e.kind for e in swapped.effects if isinstance(e, Schedule)] == [
        FollowUpKind.CHECK_BACK,
        FollowUpKind.SURVEY,
    ]
    assert c.state.problems[0].agreed == "replacement:0"
    assert c.state.problems[0].undone == 1


def test_a_turn_repeated_after_a_crash_takes_back_the_same() -> None:
    c = booked()
    c.says("I want the replacement instead", REJECT)
    assert c.known is not None
    before, after = c.known, replace(c.known, compensations=())  # the CRM had done it, and we had not noted it
    state = c.state
    first = c.clicks("Yes, change it")
    c.state, c.known = state, after
    again = c.clicks("Yes, change it")
    assert before != after
    assert (again.step, again.effects) == (first.step, first.effects)


def test_a_no_leaves_it_as_it_is() -> None:
    c = booked()
    c.says("I changed my mind", INFORM)
    kept = c.says("no", DENY)
    assert "utter_kept" in responses(kept)
    assert kept.effects == ()
    assert c.state.problems[0].progress is Progress.BOOKED


def test_something_else_said_leaves_it_too() -> None:
    c = booked()
    c.says("I changed my mind", INFORM)
    c.says("how do I send back a thing?", DialogueAct.ASK_INFO)
    assert c.state.changing is None
    assert c.says("yes", AFFIRM).effects == ()


def test_after_the_window_the_answer_is_honest_and_a_person_is_offered() -> None:
    c = booked()
    c.now = NOW + timedelta(minutes=c.book.undo_minutes + 1)
    late = c.says("I changed my mind", INFORM)
    assert late.step == "too_late_to_change"
    assert late.effects == ()
    assert "Talk to a person" in titles(late)


def test_a_yes_that_comes_after_the_window_takes_nothing_back() -> None:
    c = booked()
    c.says("I changed my mind", INFORM)
    c.now = NOW + timedelta(days=1)
    late = c.says("yes", AFFIRM)
    assert (late.step, late.effects) == ("too_late_to_change", ())


def test_what_a_person_has_closed_is_not_taken_back() -> None:
    c = booked()
    assert c.known is not None
    c.known = replace(c.known, cases=(case("case-0", status=CaseStatus.CLOSED),))
    assert c.says("I changed my mind", INFORM).step == "too_late_to_change"


def test_a_parcel_that_turns_up_after_the_booking_may_be_taken_back() -> None:
    assert booked().says("oh wait, found it, my neighbour had it", INFORM).step == "ask_to_change"


def test_what_a_person_granted_meanwhile_is_left_alone() -> None:
    c = booked()
    assert c.known is not None
    c.known = replace(c.known, compensations=())
    assert c.says("I changed my mind", INFORM).step != "ask_to_change"


@pytest.mark.parametrize(
    "text", ["actually no forget it, just refund me", "actually no", "forget that, just refund me"]
)
def test_forgetting_it_after_the_booking_is_a_change_of_mind(text: str) -> None:
    c = booked()
    assert c.says(text, INFORM).step == "ask_to_change"
