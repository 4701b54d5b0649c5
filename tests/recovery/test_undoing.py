"""A change of mind after a booking: asked back once, undone within the window, and an honest answer after it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from recovery.decision import Book, Revoke, Schedule
from recovery.state import Progress
from recovery.words import CaseStatus, DialogueAct, FollowUpKind, Remedy, Stage
from tests.recovery.builders import (
    DAMAGED,
    LATE,
    NOW,
    Conversation,
    broken,
    case,
    compensation,
    history,
    order,
    responses,
    titles,
)

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


def of_two(*, both: bool = False) -> Conversation:
    """A vase that came broken, graver and settled first with a voucher, and a late kettle, in hand or settled too."""
    c = Conversation(history(order(), broken()))
    c.says("my kettle is late", DialogueAct.REPORT_PROBLEM, challenges=(LATE,), orders=("10482",))
    c.says("the vase is broken", DialogueAct.REPORT_PROBLEM, challenges=(DAMAGED,), orders=("10400",))
    c.says("the voucher", DialogueAct.ACCEPT_OFFER)
    c.clicks("Yes, please book it")
    granted(c)
    if both:
        c.clicks("A new one")
        c.clicks("Yes, please book it")
        granted(c)
    return c


def granted(c: Conversation) -> None:
    """The CRM shows what is booked."""
    given = [
        compensation(
            f"g{p.case_id}", p.case_id or "", order_id=p.order_id, remedy=o.remedy, pence=o.pence, granted_at=c.now
        )
        for p in c.state.problems
        if p.progress is Progress.BOOKED and (o := p.option(p.agreed))
    ]
    assert c.known is not None
    c.known = replace(c.known, compensations=tuple(given))


def about(c: Conversation) -> str | None:
    return c.decisions[-1].about.order_id if c.decisions[-1].about else None


@pytest.mark.parametrize("act", [INFORM, REJECT, DialogueAct.ACCEPT_OFFER])
def test_while_another_problem_is_in_hand_a_change_of_mind_reaches_what_it_names(act: DialogueAct) -> None:
    c = of_two()
    asked = c.says("I changed my mind about the voucher, I'd rather have the refund", act)
    assert (asked.step, about(c), responses(asked)) == ("ask_to_change", "10400", ["utter_ask_to_swap"])
    swapped = c.clicks("Yes, change it")
    assert [type(e) for e in swapped.effects][:2] == [Revoke, Book]
    assert c.state.current is not None  # and then it goes on with the kettle
    assert c.state.current.order_id == "10482"
    assert "A new one" in titles(swapped)


def test_a_refusal_of_what_is_on_the_table_stays_one() -> None:
    c = of_two()
    assert c.says("I'd rather have the refund instead", REJECT).step != "ask_to_change"
    assert c.says("no, I don't want the voucher", REJECT).step != "ask_to_change"


@pytest.mark.parametrize(
    ("text", "order_id"),
    [
        ("I changed my mind about the voucher", "10400"),
        ("I changed my mind about the new one", "10482"),
        ("I changed my mind about the vase", "10400"),
        ("I changed my mind", "10482"),
    ],
)
def test_of_several_bookings_the_one_that_is_named_is_meant_else_the_latest(text: str, order_id: str) -> None:
    c = of_two(both=True)
    c.says(text, INFORM)
    assert (c.decisions[-1].step, about(c)) == ("ask_to_change", order_id)


def test_what_was_taken_back_is_settled_before_the_next() -> None:
    c = of_two()
    c.says("please undo the voucher", INFORM)
    undone = c.says("yes", AFFIRM)
    assert undone.step == "undo"
    assert c.state.current is not None
    assert c.state.current.order_id == "10400"
    asked = c.says("the refund", DialogueAct.ACCEPT_OFFER)
    assert responses(asked) == ["utter_confirm_about", "utter_confirm"]
    assert asked.says[0].parts[0].facts == {"about": "blue vase"}
