"""Nothing is booked before the customer confirms that very thing."""

from dataclasses import replace

import pytest

from recovery.situation import Topic
from recovery.words import DialogueAct, Stage
from tests.recovery.builders import Conversation, compensation, handed_over, history, in_time, order, responses, said

INFORM, DENY, AFFIRM = DialogueAct.INFORM, DialogueAct.DENY, DialogueAct.AFFIRM


def confirming() -> Conversation:
    """A refund was picked, and waits for a yes."""
    c = Conversation(history(order(), in_time()))
    c.reports()
    c.clicks("A full refund")
    assert c.state.stage is Stage.CONFIRMING
    return c


@pytest.mark.parametrize(
    ("text", "act"), [("yes", AFFIRM), ("go ahead", DialogueAct.ACCEPT_OFFER), ("yes the refund", AFFIRM)]
)
def test_a_yes_books(text: str, act: DialogueAct) -> None:
    c = confirming()
    assert c.says(text, act).step == "book"
    assert [b.option.id for b in c.booked] == ["refund:4500"]


def test_a_yes_to_what_was_refused_before_books_that_and_not_what_is_left() -> None:
    c = Conversation(history())
    c.reports()
    c.says("neither", DENY, choice="no")
    assert len(c.problem.on_the_table) == 1
    assert c.says("the refund after all", AFFIRM).step == "confirm"
    assert c.says("yes please", AFFIRM).step == "book"
    assert [b.option.id for b in c.booked] == ["refund:4500"]


def test_a_second_click_on_the_option_books_nothing() -> None:
    c = confirming()
    assert c.clicks("A full refund").step == "confirm"
    assert c.booked == []


@pytest.mark.parametrize("text", ["yes but can it be today", "ok, as long as it is quick", "yes?"])
def test_a_yes_with_a_but_books_nothing(text: str) -> None:
    c = confirming()
    assert c.says(text, AFFIRM).step == "confirm"
    assert c.booked == []


@pytest.mark.parametrize("text", ["no, the other one", "the new one instead please", "no, replace it"])
def test_a_change_of_mind_asks_for_a_yes_to_the_other(text: str) -> None:
    c = confirming()
    assert c.says(text, DENY).step == "confirm"
    assert c.problem.agreed == "replacement:0"


def test_a_click_on_the_yes_of_another_question_books_nothing() -> None:
    c = confirming()
    c.clicks("A new one")
    c.hears(said("Yes, please book it", AFFIRM, choice="yes:refund:4500", message_id="old"), Topic.ANSWER_OFFER)
    assert c.booked == []
    assert c.problem.agreed == "replacement:0"


def test_a_no_puts_the_offer_back() -> None:
    c = confirming()
    assert responses(c.says("no", DENY)) == ["utter_offer_back"]
    assert c.problem.agreed is None
    assert c.problem.refused_in == ()


def test_a_corrected_order_number_takes_the_offer_away() -> None:
    c = confirming()
    c.says("no, 10500", DENY, orders=("10500",))
    assert c.problem.order_id == "10500"
    assert c.problem.agreed is None


def test_another_order_is_looked_for_when_the_customer_says_so() -> None:
    c = confirming()
    c.says("no, that is the wrong order", DENY)
    assert c.problem.order_id == "10500"


def test_thanks_and_questions_leave_the_confirmation_waiting() -> None:
    c = confirming()
    for text, act in (
        ("thanks", DialogueAct.THANK),
        ("opening hours?", DialogueAct.ASK_INFO),
        ("hi", DialogueAct.GREET),
    ):
        assert responses(c.says(text, act))[-1] == "utter_confirm"
    assert c.says("yes", AFFIRM).step == "book"


def test_money_given_meanwhile_takes_an_unaffordable_alternative_away() -> None:
    c = Conversation(history())
    c.reports()
    c.says("just a voucher please", INFORM)
    assert c.problem.agreed == "voucher:900"
    assert c.known is not None
    c.known = replace(c.known, compensations=(compensation("9", "other", pence=5_900),))
    c.says("yes", AFFIRM)
    assert c.booked == []
    assert all(o.id != "voucher:900" for o in c.problem.options)


def test_an_angry_word_at_the_last_moment_brings_a_person_and_books_nothing() -> None:
    c = confirming()
    assert handed_over(c.says("YES YOU MORONS", AFFIRM, frustration=3)) is not None
    assert c.booked == []


def test_words_of_another_alternative_without_a_yes_book_nothing() -> None:
    c = confirming()
    told = c.says("send me the refund and the new one over then", DialogueAct.ACCEPT_OFFER)
    assert told.step == "offer_again"
    assert c.booked == []
    assert c.problem.agreed is None
