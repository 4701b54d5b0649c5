"""A yes with a condition: understood in the customer's words, answered honestly, and kept on the case."""

from datetime import date

import pytest

from recovery.decision import Book, Decision, NoteCase
from recovery.heard import Entity
from recovery.provisos import CONDITION, Condition, condition_of
from recovery.state import Option
from recovery.words import DialogueAct, Remedy, Trigger
from tests.recovery.builders import NOW, Conversation, history, responses, said

YES, DENY = DialogueAct.AFFIRM, DialogueAct.DENY
SWAP = Option(Remedy.COLLECT_AND_SWAP, 0, "A swap at your door", "a swap at your door tomorrow", "late.swap")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("yes, but before Friday", "before Friday"),
        ("ok if it's here by tomorrow", "by tomorrow"),
        ("yes please, in time for her birthday", "in time for her birthday"),
        ("yes but only if it's free", "only if it's free"),
        ("ok, as long as they ring first", "as long as they ring first"),
        ("yes but leave it with number 9 please", "leave it with number 9"),
        ("yes but I don't want another grey one", "I don't want another grey one"),
    ],
)
def test_a_condition_is_taken_in_the_customers_words(text: str, words: str) -> None:
    found = condition_of(said(text, YES))
    assert found is not None
    assert found.words == words


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "yes, by all means",
        "by the way yes",
        "ok but which is quicker?",
        "yes but I'm still annoyed",
        "yes but that's not good enough",
        "yes but will it work",
        "",
    ],
)
def test_a_plain_yes_a_question_and_a_grumble_set_no_condition(text: str) -> None:
    assert condition_of(said(text, YES)) is None


def test_a_no_and_a_click_set_no_condition() -> None:
    assert condition_of(said("no, I need it before Friday", DENY)) is None
    assert condition_of(said("before Friday", YES, choice="yes")) is None


@pytest.mark.parametrize(
    ("words", "due", "kept"),
    [
        ("by Friday", date(2026, 11, 27), True),
        ("by tomorrow", date(2026, 11, 21), True),
        ("before tomorrow", date(2026, 11, 21), False),
        ("by tonight", date(2026, 11, 20), False),
        ("only if they ring first", None, False),
    ],
)
def test_what_is_promised_for_tomorrow_meets_a_later_day_and_nothing_else(
    words: str, due: date | None, kept: bool
) -> None:
    assert Condition(words, due).kept_by(SWAP, NOW) is kept


def offered() -> Conversation:
    c = Conversation(history())
    c.reports()
    return c


def noted(decision: Decision) -> list[str]:
    return [e.text for e in decision.effects if isinstance(e, NoteCase)]


def test_a_pick_with_a_condition_is_answered_before_it_is_confirmed_and_noted_on_the_case() -> None:
    c = offered()
    put = c.says("the refund, but before Friday", YES)
    assert responses(put) == ["utter_condition_not_promised", "utter_confirm"]
    assert noted(put) == ["The customer's condition for accepting: “before Friday”."]
    assert [(t.detail, t.words) for t in c.problem.told] == [(CONDITION, "before Friday")]
    assert c.says("yes", YES).step == "book"


def test_a_confirmation_with_a_condition_books_nothing_until_it_is_given_without() -> None:
    c = offered()
    c.says("the first one", YES)
    put = c.says("yes please, by Friday", YES)
    assert not any(isinstance(e, Book) for e in put.effects)
    assert responses(put) == ["utter_condition_not_promised", "utter_confirm"]
    assert len(noted(put)) == 1
    assert c.says("yes then", YES).step == "book"


def test_a_condition_that_the_promise_meets_is_booked_and_said_so() -> None:
    c = offered()
    c.state = c.state.changed(c.problem, options=(SWAP,))
    c.says("yes", YES)
    booked = c.says("yes, but by Friday", YES, entities=(Entity("date", "2026-11-27", "Friday"),))
    assert responses(booked)[:2] == ["utter_condition_kept", "utter_booked"]
    assert len(noted(booked)) == 1


def test_a_day_that_is_needed_counts_without_a_but() -> None:
    c = offered()
    c.says("the first one", YES)
    day = Entity("date", "2026-11-28", "saturday")
    put = c.says("yes please, the party is on saturday", YES, entities=(day,), triggers=(Trigger.URGENT_DEADLINE,))
    assert put.step == "confirm"
    assert noted(put) == ["The customer's condition for accepting: “saturday”."]


def test_a_day_that_somebody_says_they_need_it_by_is_a_condition_without_a_but() -> None:
    c = offered()
    told = c.says(
        "i need it back today, its my rent", DialogueAct.INFORM, entities=(Entity("date", "2026-11-22", "today"),)
    )
    assert responses(told)[0] == "utter_noted_condition"


def test_the_words_of_a_button_are_no_condition() -> None:
    c = offered()
    call = Option(Remedy.CALLBACK, 0, "A call by tomorrow", "a call by this time tomorrow", "late.call", ("call",))
    c.state = c.state.changed(c.problem, options=(call,))
    put = c.says("a call by tomorrow please", YES)
    assert responses(put) == ["utter_confirm"]
    assert noted(put) == []
    assert c.says("yes, a call by tomorrow", YES).step == "book"


def test_a_condition_without_a_pick_is_noted_and_the_choice_put_again() -> None:
    put = offered().says("yes but only if it's free", YES)
    assert responses(put) == ["utter_noted_condition", "utter_offer_still"]
    assert len(noted(put)) == 1
