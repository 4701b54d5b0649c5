"""Who the customer is, and which order it is about."""

import pytest

from recovery.heard import Entity
from recovery.words import ChallengeType, DialogueAct, Severity, Stage
from tests.recovery.builders import (
    ACCESS,
    LATE,
    Conversation,
    delivered,
    handed_over,
    history,
    in_time,
    order,
    playbook,
    responses,
    titles,
    vulnerable,
)

TWO = (order("1", "Copper kettle"), order("2", "Oak shelf"))
INFORM, DENY = DialogueAct.INFORM, DialogueAct.DENY


def test_a_stranger_is_heard_apologised_to_and_asked_to_sign_in() -> None:
    told = Conversation(None).reports()
    assert responses(told) == [
        "utter_listen",
        "utter_apologise_late_delivery",
        "utter_thank",
        "utter_usually",
        "utter_ask_to_sign_in",
    ]
    assert told.state.stage is Stage.VERIFYING


def test_a_stranger_who_signs_in_is_served_without_repeating_anything() -> None:
    c = Conversation(None)
    c.reports(orders=("2",))
    c.known = history(*TWO)
    offer = c.clicks("I've signed in")
    assert offer.step == "offer"
    assert c.problem.order_id == "2"
    assert "utter_apologise_late_delivery" not in responses(offer)


def test_a_stranger_who_is_not_verified_after_being_asked_gets_a_person() -> None:
    c = Conversation(None)
    c.reports()
    assert (over := handed_over(c.says("my number is 1", INFORM))) is not None
    assert over.rules == ("unverified",)


def test_an_order_number_from_a_stranger_is_an_honest_try_and_is_asked_about_once_more() -> None:
    c = Conversation(None)
    c.reports()
    again = c.says("it is order 1", INFORM, orders=("1",))
    assert (again.step, responses(again)) == ("ask_to_verify", ["utter_ask_to_sign_in"])
    assert handed_over(c.says("order 1 I said", INFORM, orders=("1",))) is not None


def test_a_stranger_may_ask_something_else_meanwhile() -> None:
    c = Conversation(None)
    c.reports()
    assert handed_over(c.says("what are your opening hours", DialogueAct.ASK_INFO)) is None


def test_several_orders_that_fit_are_offered_as_buttons() -> None:
    asked = Conversation(history(*TWO)).reports()
    assert asked.state.stage is Stage.IDENTIFYING
    assert [t.split(" (")[0] for t in titles(asked)] == ["Copper kettle", "Oak shelf", "Talk to a person"]


def test_a_click_on_an_order_picks_it() -> None:
    c = Conversation(history(*TWO))
    c.reports()
    assert c.clicks("Oak shelf").step == "offer"
    assert c.problem.order_id == "2"


def test_the_second_one_picks_the_second_order() -> None:
    c = Conversation(history(*TWO))
    c.reports()
    assert c.says("the second one", INFORM).step == "offer"
    assert c.problem.order_id == "2"


def test_somebody_elses_order_is_not_found_and_nothing_of_it_is_said() -> None:
    c = Conversation(history(*TWO))
    told = c.reports(orders=("99999",))
    assert "utter_order_not_found" in responses(told)
    assert c.problem.order_id is None


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("my mum's parcel hasn't arrived", None),
        ("my neighbour's delivery is late", None),
        ("my wife’s package never came", None),
        ("my mum's sofa never came", "sofa"),
        ("my gran's new oak table hasn't come", "oak table"),
        ("I'm writing for my gran, her steam iron stopped", "steam iron"),
        ("i'm asking on behalf of my dad, his parcel is lost", None),
        ("oh and my wife says her parcel is late too", None),
        ("my mother-in-law's parcel hasn't arrived", None),
        ("my cousin's parcel is late", None),
        ("my fiancé's delivery never came", None),
        ("my roommate's package is lost", None),
        ("the parcel for my nephew never came", None),
    ],
)
def test_what_is_somebody_elses_is_made_right_on_no_order_of_ones_own(text: str, product: str | None) -> None:
    entities = (Entity("product", product, product),) if product else ()
    assert Conversation(history()).reports(text=text, entities=entities).step == "somebody_elses"


@pytest.mark.parametrize(
    "text",
    ["my mum's kettle still hasn't come, I ordered it for her", "my mum's birthday is ruined, where is the kettle"],
)
def test_a_present_that_one_has_ordered_oneself_is_ones_own(text: str) -> None:
    told = Conversation(history()).reports(text=text, entities=(Entity("product", "copper kettle", "kettle"),))
    assert told.step == "offer"


def test_who_cannot_say_which_order_is_not_asked_for_ever() -> None:
    c = Conversation(history(*TWO))
    c.reports()
    assert c.says("no idea", INFORM).step == "ask_which_order"
    assert (over := handed_over(c.says("I said I do not know", INFORM))) is not None
    assert over.rules == ("not_understood",)


def test_the_other_order_is_looked_for_and_the_wrong_one_not_found_again() -> None:
    c = Conversation(history(order(), in_time("2", "Oak shelf"), in_time("3", "Lamp")))
    c.reports()
    asked = c.says("no, not that order", DENY)
    assert asked.step == "ask_which_order"
    assert not any("10482" in t for t in titles(asked))
    assert c.says("the shelf", INFORM).step == "told_in_time"  # it is not due yet
    assert c.problem.order_id == "2"


def test_with_two_orders_the_other_one_is_the_other() -> None:
    c = Conversation(history(order(), in_time()))
    c.reports()
    assert c.says("no, the other one", DENY).step == "told_in_time"  # it is not due yet
    assert c.problem.order_id == "10500"


def test_a_question_in_the_middle_is_answered_and_the_order_asked_for_again() -> None:
    c = Conversation(history(*TWO))
    c.reports()
    answered = c.says("what are your opening hours", DialogueAct.ASK_INFO)
    assert responses(answered)[0] == "utter_answer"
    assert any("Oak shelf" in t for t in titles(answered))


def test_a_problem_that_needs_no_order_is_offered_on_at_once() -> None:
    assert Conversation(history(*TWO)).reports(ACCESS).step == "offer"


def test_what_the_first_message_told_still_counts_when_the_order_is_known() -> None:
    c = Conversation(history(*TWO))
    c.book = playbook(escalation=())
    c.reports(**vulnerable())
    c.clicks("Oak shelf")
    assert c.problem.severity is Severity.MAJOR


def test_the_number_of_an_earlier_message_may_be_corrected() -> None:
    c = Conversation(history(*TWO))
    c.reports(orders=("1",))
    assert c.says("sorry, 2", INFORM, orders=("2",)).step == "offer"
    assert c.problem.order_id == "2"


def test_the_same_values_give_the_same_decision() -> None:
    one, other = Conversation(history(*TWO)), Conversation(history(*TWO))
    assert one.reports(LATE) == other.reports(LATE)


def test_the_order_that_was_asked_about_is_not_asked_for_again() -> None:
    c = Conversation(history(in_time("10500"), in_time("10501", "Reading lamp")))
    asked = c.says("the curtains again, brilliant", DialogueAct.REPORT_PROBLEM)
    assert responses(asked) == ["utter_ask_what_is_wrong"]
    c.reports(LATE, "so you say it's not late, right")
    assert c.problem.order_id == "10500"


def test_two_troubles_with_two_things_are_two_problems_and_not_four() -> None:
    c = Conversation(history(delivered("10482", "Copper kettle"), delivered("10399", "Desk lamp")))
    both = (ChallengeType.DAMAGED_ITEM, ChallengeType.MISSING_ITEM)
    c.says("the kettle came smashed and the lamp has a bulb missing", DialogueAct.REPORT_PROBLEM, challenges=both)
    assert sorted(p.challenge for p in c.state.problems) == sorted(both)
