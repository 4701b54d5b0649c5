"""Where an order, a case or a decision stands: told from the records, and put right where it is late."""

from dataclasses import replace

import pytest

from recovery.around import Around
from recovery.next_step import next_step
from recovery.situation import Situation
from recovery.state import Recovery
from recovery.words import CaseStatus, DialogueAct, Remedy, Stage
from tests.recovery.builders import (
    DAMAGED,
    LATE,
    NOW,
    PLAYBOOK,
    Conversation,
    case,
    compensation,
    delivered,
    history,
    in_time,
    order,
    responses,
    said,
    topic_of,
)

ASK_STATUS = DialogueAct.ASK_STATUS


def test_a_stranger_is_told_of_no_order() -> None:
    told = Conversation(None).says("where is 10482", ASK_STATUS, orders=("10482",))
    assert responses(told) == ["utter_status_sign_in"]


def test_a_stranger_is_told_how_to_prove_who_they_are_where_codes_are_mailed() -> None:
    asks = said("where is 10482", ASK_STATUS)
    for mails_codes, response in ((True, "utter_status_ask_for_email"), (False, "utter_status_sign_in")):
        around = Around(mails_codes=mails_codes)
        told = next_step(Situation(topic_of(asks, Stage.OPEN), asks, Recovery(), None, PLAYBOOK, NOW, around))
        assert responses(told) == [response]


def test_where_an_order_is_comes_from_its_events() -> None:
    for known, response in (
        (delivered(), "utter_status_delivered"),
        (order(), "utter_status_overdue"),
        (in_time(), "utter_status_on_its_way"),
        (in_time(events=()), "utter_status_preparing"),
        (order(promised_for=None, events=()), "utter_status_active"),
    ):
        assert responses(Conversation(history(known)).says("where is it", ASK_STATUS)) == [response]


def test_an_overdue_order_without_events_is_told_without_failing() -> None:
    assert responses(Conversation(history(order(events=()))).says("where is it", ASK_STATUS)) == [
        "utter_status_overdue"
    ]


def test_an_overdue_order_may_be_put_right_at_a_click_without_asking_which() -> None:
    c = Conversation(history(order("1"), order("2")))
    c.says("where is 2", ASK_STATUS, orders=("2",))
    assert c.clicks("Yes, put it right").step == "offer"
    assert c.problem.order_id == "2"


@pytest.mark.parametrize(
    ("words", "act"),
    [
        ("yes", DialogueAct.AFFIRM),
        ("go on then", DialogueAct.ACCEPT_OFFER),
        ("you said Monday", DialogueAct.INFORM),
        ("I took the day off for it", DialogueAct.REPORT_PROBLEM),
    ],
)
def test_an_overdue_order_is_put_right_whatever_the_words_that_follow(words: str, act: DialogueAct) -> None:
    c = Conversation(history(order("1"), order("2", "Garden bench")))
    c.says("where is 2", ASK_STATUS, orders=("2",))
    assert c.says(words, act).step == "offer"
    assert (c.problem.challenge, c.problem.order_id) == (LATE, "2")


@pytest.mark.parametrize(
    ("words", "act"),
    [("no thanks", DialogueAct.DENY), ("it just came", DialogueAct.INFORM), ("thank you", DialogueAct.THANK)],
)
def test_an_overdue_order_is_left_alone_where_that_is_not_wanted(words: str, act: DialogueAct) -> None:
    c = Conversation(history())
    c.says("where is it", ASK_STATUS)
    c.says(words, act)
    assert c.state.problems == ()


def test_the_question_whether_to_put_it_right_is_answered_by_the_next_message_or_not_at_all() -> None:
    c = Conversation(history())
    c.says("where is it", ASK_STATUS)
    c.says("what are your opening hours?", DialogueAct.ASK_INFO)
    assert c.says("yes", DialogueAct.AFFIRM).step == "ask_what_happened"


def test_who_asks_in_anger_where_an_overdue_order_is_gets_more_than_its_status() -> None:
    c = Conversation(history())
    assert c.says("where the hell is my kettle", ASK_STATUS, frustration=2).step == "offer"
    on_its_way = Conversation(history(in_time()))
    assert on_its_way.says("where the hell is my kettle", ASK_STATUS, frustration=2).step == "status"


def test_the_status_of_somebody_elses_order_is_not_the_status_of_ones_own() -> None:
    c = Conversation(history())
    told = c.says("where is 99999", ASK_STATUS, orders=("99999",))
    assert responses(told) == ["utter_order_not_found"]
    assert responses(c.clicks("Copper kettle")) == ["utter_status_overdue"]


def test_an_open_case_is_the_status_of_its_order() -> None:
    known = history(cases=(case(status=case().status.OPEN),))
    assert responses(Conversation(known).says("any news", ASK_STATUS)) == ["utter_status_case"]


@pytest.mark.parametrize(
    "text", ["what did you decide about the kettle?", "so what was the outcome", "did you decide?"]
)
def test_who_asks_what_was_decided_hears_it(text: str) -> None:
    given = compensation(rule="late.owed", remedy=Remedy.REFUND, pence=4500)
    known = history(cases=(case(),), compensations=(given,))
    told = Conversation(known).says(text, ASK_STATUS)
    assert responses(told) == ["utter_status_decided"]
    facts = told.says[0].parts[0].facts
    assert facts["option"] == "A full refund, £45"
    assert facts["case"] == "311"


def test_of_what_was_not_settled_no_decision_is_told() -> None:
    known = history(cases=(case(),))
    told = Conversation(known).says("what did you decide?", ASK_STATUS)
    assert responses(told) == ["utter_status_overdue"]


def test_a_customer_without_orders_is_told_so() -> None:

    known = replace(history(), orders=())
    assert responses(Conversation(known).says("where is it", ASK_STATUS)) == ["utter_status_no_orders"]


def test_the_status_of_a_problem_in_hand_comes_with_its_offer() -> None:
    c = Conversation(history())
    c.reports()
    assert responses(c.says("and now?", ASK_STATUS)) == ["utter_status_in_hand", "utter_offer_still"]


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("I don't want a voucher", DialogueAct.REJECT_OFFER),
        ("you don't understand me at all", DialogueAct.COMPLAIN_ABOUT_BOT),
    ],
)
def test_whoever_goes_on_about_a_late_order_has_it_put_right(text: str, act: DialogueAct) -> None:
    c = Conversation(history())
    c.says("where is it", ASK_STATUS)
    assert c.says(text, act).step == "offer"


def test_who_complains_how_late_it_is_is_not_told_how_late_it_is() -> None:
    c = Conversation(history())
    assert c.says("I want to complain how long the kettle takes", ASK_STATUS).step == "offer"


def test_asked_about_the_case_of_this_very_conversation_the_order_is_asked_for() -> None:
    c = Conversation(history(in_time("1"), in_time("2", "Reading lamp")))
    c.reports(DAMAGED, "it broke")
    assert c.state.stage is Stage.IDENTIFYING
    assert responses(c.says("are you going to refund me or not", ASK_STATUS))[0] == "utter_status_which_first"


def test_who_asks_for_money_while_a_case_is_open_elsewhere_hears_of_that_case() -> None:
    c = Conversation(history(delivered(), cases=(case(order_id="10400", status=CaseStatus.ESCALATED),)))
    assert responses(c.says("can u just refund me", DialogueAct.ACCEPT_OFFER)) == ["utter_status_case"]
    assert c.says("yes please", DialogueAct.AFFIRM).step == "hand_over"
