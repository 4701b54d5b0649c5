"""Questions, thanks, small talk: answered, and back to the matter."""

from dataclasses import replace
from typing import Any

import pytest

from recovery.heard import Entity
from recovery.playbook import Answer
from recovery.records import History
from recovery.state import Option, Problem, Progress, Recovery
from recovery.words import ChallengeType, DialogueAct, Remedy, Stage, Tier
from tests.recovery.builders import (
    CUSTOMER,
    DAMAGED,
    LATE,
    NOW,
    PLAYBOOK,
    Conversation,
    broken,
    compensation,
    delivered,
    history,
    in_time,
    order,
    responses,
    titles,
)

ASK_STATUS = DialogueAct.ASK_STATUS


def test_a_greeting_is_returned() -> None:
    assert responses(Conversation(None).says("hi", DialogueAct.GREET)) == ["utter_greet"]


def test_a_question_outside_the_playbook_gets_an_honest_answer_and_a_person() -> None:
    told = Conversation(None).says("do you like jazz", DialogueAct.ASK_INFO)
    assert responses(told) == ["utter_no_answer"]
    assert titles(told) == ["Talk to a person"]


def test_a_goodbye_with_an_unsolved_problem_says_so() -> None:
    c = Conversation(history())
    c.reports()
    assert responses(c.says("bye", DialogueAct.GOODBYE)) == ["utter_goodbye_unsolved", "utter_offer_still"]


def test_a_goodbye_with_nothing_open_is_one() -> None:
    assert responses(Conversation(history()).says("bye", DialogueAct.GOODBYE)) == ["utter_goodbye"]


def test_thanks_with_a_problem_still_open_do_not_start_a_survey() -> None:
    booked = Problem(LATE, "m0", "311", progress=Progress.BOOKED)
    live = Problem(LATE, "m1", "312", told_at=1)
    c = Conversation(history(), Recovery(stage=Stage.BOOKED, problems=(booked, live)))
    assert c.says("thanks", DialogueAct.THANK).effects == ()


def test_another_language_is_told_apart_from_something_outside() -> None:
    c = Conversation(None)
    assert responses(c.says("¿dónde está mi pedido?", DialogueAct.OUT_OF_SCOPE, unclear="other_language")) == [
        "utter_other_language_es"
    ]
    assert responses(c.says("write me a poem", DialogueAct.OUT_OF_SCOPE)) == ["utter_outside"]


def test_a_complaint_about_the_bot_is_owned_and_the_offer_put_again() -> None:
    c = Conversation(history())
    c.reports()
    owned = c.says("you keep repeating yourself", DialogueAct.COMPLAIN_ABOUT_BOT)
    assert responses(owned) == ["utter_own_bot_failure", "utter_offer_still"]


def test_a_yes_or_no_out_of_the_blue_is_asked_about() -> None:
    assert Conversation(history()).says("yes", DialogueAct.AFFIRM).step == "ask_what_happened"
    assert Conversation(history()).says("no", DialogueAct.DENY).step == "nothing_open"
    assert Conversation(history()).says("the second one", DialogueAct.ACCEPT_OFFER).step == "nothing_open"


AT_LENGTH = "my vase came in about a hundred bits and my mum is seventy tomorrow"


def two_late() -> History:
    return history(order("1"), order("2"))


def test_who_has_told_it_at_length_is_not_asked_what_happened() -> None:
    told = Conversation(two_late()).says(AT_LENGTH, DialogueAct.REPORT_PROBLEM, frustration=2)
    assert responses(told) == ["utter_told_not_placed"]
    assert {"Late delivery: Copper kettle", "Talk to a person"} <= set(titles(told))


def test_an_upset_customer_without_a_problem_yet_is_asked_in_other_words() -> None:
    told = Conversation(two_late()).says("this is ridiculous", DialogueAct.REPORT_PROBLEM, frustration=2)
    assert responses(told) == ["utter_ask_what_happened_upset"]
    assert "Late delivery: Copper kettle" in titles(told)


@pytest.mark.parametrize("words", [AT_LENGTH, "this is ridiculous", "hello dear, I need help with this"])
def test_where_the_records_show_one_trouble_a_yes_is_all_it_takes(words: str) -> None:
    c = Conversation(history())
    asked = c.says(words, DialogueAct.REPORT_PROBLEM)
    assert responses(asked) == ["utter_is_it_this"]
    assert titles(asked) == ["Yes, that's it", "No, something else", "Talk to a person"]
    assert c.says("yes that one I think", DialogueAct.AFFIRM).step == "offer"


def test_more_about_the_trouble_that_was_asked_about_is_a_yes_and_something_else_is_none() -> None:
    c = Conversation(history())
    c.says("hello I need help", DialogueAct.REPORT_PROBLEM)
    assert c.says("lost a days pay", DialogueAct.INFORM).step == "offer"
    for words, act in [
        ("no it's about something else", DialogueAct.DENY),
        ("another order", DialogueAct.INFORM),
        ("no", DialogueAct.DENY),
    ]:
        c = Conversation(history())
        c.says("hello I need help", DialogueAct.REPORT_PROBLEM)
        assert c.says(words, act).step in ("ask_what_happened", "rephrase")
        assert c.state.problems == ()


def test_who_says_that_it_is_not_that_is_asked_what_else() -> None:
    c = Conversation(history())
    c.says("hello I need help", DialogueAct.REPORT_PROBLEM)
    asked = c.says("no", DialogueAct.DENY)
    assert responses(asked) == ["utter_what_else"]
    assert c.state.misunderstood_in == ()
    assert "A payment is wrong" in titles(asked)


def test_what_the_words_only_hint_at_is_taken_where_one_order_bears_it_out() -> None:
    c = Conversation(history())
    assert c.says("no one came", DialogueAct.REPORT_PROBLEM, possible=(LATE,)).step == "offer"
    assert (c.problem.challenge, c.problem.order_id) == (LATE, "10482")
    for records in (two_late(), history(in_time())):
        assert Conversation(records).says("no one came", DialogueAct.REPORT_PROBLEM, possible=(LATE,)).step != "offer"


def test_a_parcel_that_has_just_come_is_no_problem_any_more_and_one_that_came_late_still_is() -> None:
    for text, step in (
        ("oh wait, it has just arrived", "turned_out_fine"),
        ("it came four days late", "offer_again"),
    ):
        c = Conversation(history(order()))
        c.reports()
        assert c.says(text, DialogueAct.INFORM, challenges=(LATE,)).step == step


def test_a_message_without_words_is_asked_about_and_books_nothing() -> None:
    c = Conversation(history(order()))
    c.reports()
    c.clicks(c.problem.options[0].label)
    assert c.says("👍", DialogueAct.AFFIRM).step == "rephrase"
    assert c.booked == []


ASK, BOT = DialogueAct.ASK_INFO, DialogueAct.COMPLAIN_ABOUT_BOT


def offered() -> Conversation:
    c = Conversation(history())
    c.reports()
    return c


@pytest.mark.parametrize("text", ["how long will it take?", "when will I get it?", "how soon would that be"])
@pytest.mark.parametrize("act", [ASK, ASK_STATUS])
def test_asked_how_long_each_alternative_says_what_it_promises(text: str, act: DialogueAct) -> None:
    c = offered()
    told = c.says(text, act)
    assert responses(told) == ["utter_how_long"]
    assert told.says[0].parts[0].facts["options"] == "1. £45 back on your card\n2. A new one by express"
    assert "A full refund, £45" in titles(told)
    assert c.says("the first", DialogueAct.AFFIRM).step == "confirm"


def test_asked_how_long_before_the_yes_the_promise_is_put_again() -> None:
    c = offered()
    c.says("the refund", DialogueAct.AFFIRM)
    assert responses(c.says("how long does it take?", ASK)) == ["utter_this_much", "utter_confirm"]


def test_asked_when_it_comes_after_the_booking_what_is_booked_is_told_and_offered_no_more() -> None:
    c = offered()
    c.says("the refund", DialogueAct.AFFIRM)
    c.says("yes", DialogueAct.AFFIRM)
    c.known = history(compensations=(compensation(case_id="case-0", granted_at=NOW),))
    for act in (ASK, ASK_STATUS):
        assert responses(c.says("how long will it take?", act)) == ["utter_status_booked"]


@pytest.mark.parametrize("act", [ASK, DialogueAct.CHITCHAT, DialogueAct.OUT_OF_SCOPE, DialogueAct.INFORM])
def test_asked_for_advice_the_first_alternative_is_recommended(act: DialogueAct) -> None:
    told = offered().says("which one would you take?", act)
    assert responses(told) == ["utter_advice", "utter_offer_still"]
    assert told.says[0].parts[0].facts["option"] == "A full refund, £45"


def test_a_yes_to_the_advice_takes_it() -> None:
    c = offered()
    c.says("which one would you take?", ASK)
    assert c.says("ok that one", DialogueAct.AFFIRM).step == "confirm"
    assert c.problem.agreed == "refund:4500"


def test_asked_for_advice_with_nothing_in_hand_it_is_asked_what_about() -> None:
    assert responses(Conversation(history()).says("what should I do?", ASK)) == ["utter_advice_open"]


@pytest.mark.parametrize(
    ("act", "response"),
    [
        (DialogueAct.GREET, "utter_greet_in_hand"),
        (DialogueAct.CHITCHAT, "utter_chitchat_in_hand"),
        (DialogueAct.OUT_OF_SCOPE, "utter_outside_in_hand"),
    ],
)
def test_nobody_is_asked_what_it_is_about_while_it_is_in_hand(act: DialogueAct, response: str) -> None:
    assert responses(offered().says("lovely weather", act)) == [response, "utter_offer_still"]


FRUSTRATED = {"frustration": 2}


@pytest.mark.parametrize("act", [ASK, ASK_STATUS, DialogueAct.REPORT_PROBLEM, DialogueAct.INFORM])
def test_asked_why_the_cause_is_told_or_that_nobody_knows_it(act: DialogueAct) -> None:
    for known, response in ((order(cause="strike"), "utter_why"), (order(), "utter_why_unknown")):
        c = Conversation(history(known))
        c.reports()
        assert responses(c.says("why is it taking so long", act)) == [response, "utter_offer_still"]


@pytest.mark.parametrize(
    "text", ["you said that last time", "how do I know you'll actually do it", "is that a promise"]
)
@pytest.mark.parametrize("act", [ASK, DialogueAct.COMPLAIN_ABOUT_BOT, DialogueAct.REPORT_PROBLEM])
def test_who_doubts_us_is_told_how_they_can_be_sure_and_was_not_misunderstood(text: str, act: DialogueAct) -> None:
    c = offered()
    assert responses(c.says(text, act)) == ["utter_sure", "utter_offer_still"]
    assert c.state.misunderstood_in == ()


def test_who_cannot_do_it_alone_is_not_a_complaint_about_the_bot() -> None:
    c = offered()
    told = c.says("I don't understand computers very well", DialogueAct.COMPLAIN_ABOUT_BOT)
    assert responses(told) == ["utter_with_help", "utter_offer_still"]
    assert c.state.misunderstood_in == ()


def test_who_cannot_do_it_alone_is_offered_the_call_that_is_on_the_table() -> None:
    c = offered()
    call = Option(Remedy.CALLBACK, 0, "A call by tomorrow", "a call by this time tomorrow", "late.call", ("call",))
    c.state = c.state.changed(c.problem, options=(*c.problem.options, call))
    told = c.says("I'm hopeless with these things", DialogueAct.CHITCHAT)
    assert responses(told) == ["utter_with_help_call", "utter_confirm"]
    assert c.says("yes please dear", DialogueAct.AFFIRM).step == "book"
    assert [b.option.id for b in c.booked] == [call.id]


def test_who_says_that_they_were_taken_wrongly_hears_what_we_have() -> None:
    c = offered()
    told = c.says("that's not what I said", DialogueAct.COMPLAIN_ABOUT_BOT)
    assert told.says[0].parts[0].response == "utter_own_mishearing"
    assert told.says[0].parts[0].facts == {"problems": "the late delivery"}


def test_a_bitter_question_is_not_answered_with_a_case_number() -> None:
    told = offered().says("how is that my problem", ASK_STATUS, **FRUSTRATED)
    assert responses(told) == ["utter_right_to_be_cross", "utter_offer_still"]


def test_a_yes_to_the_offer_of_a_person_brings_one() -> None:
    c = Conversation(history())
    c.says("do you sell tractors?", ASK)
    assert c.says("yes please", DialogueAct.AFFIRM).step == "hand_over"


def test_a_yes_to_anything_else_brings_nobody() -> None:
    c = Conversation(history())
    c.says("do you sell tractors?", ASK)
    c.says("hello", DialogueAct.GREET)
    assert c.says("yes please", DialogueAct.AFFIRM).step != "hand_over"


def test_who_cannot_do_what_is_booked_is_told_that_a_person_does_it_with_them() -> None:
    c = offered()
    c.says("the refund", DialogueAct.AFFIRM)
    c.says("yes", DialogueAct.AFFIRM)
    told = c.says("I don't know what a link is", DialogueAct.COMPLAIN_ABOUT_BOT)
    assert responses(told) == ["utter_with_help"]
    assert c.says("yes please dear", DialogueAct.AFFIRM).step == "hand_over"


@pytest.mark.parametrize("words", ["thanks for nothing", "cheers a lot for wasting my morning"])
def test_thanks_for_nothing_are_no_thanks_however_mild(words: str) -> None:
    c = Conversation(history())
    c.reports()
    assert responses(c.says(words, DialogueAct.THANK, frustration=1))[0] == "utter_thanks_in_anger"


def test_what_is_not_here_yet_is_late_and_nothing_is_missing_from_it() -> None:
    c = Conversation(history(order("1"), delivered("2")))
    c.reports(ChallengeType.MISSING_ITEM, "my kettle isn't here")
    assert (c.problem.challenge, c.problem.order_id) == (LATE, "1")
    came = Conversation(history(order("1"), delivered("2")))
    came.reports(ChallengeType.MISSING_ITEM, "the lid is missing")
    assert came.problem.challenge is ChallengeType.MISSING_ITEM


@pytest.mark.parametrize(
    ("words", "challenges"),
    [("oh brilliant, another no show, you lot are amazing", ()), ("cheers for the smashed plates", (DAMAGED,))],
)
def test_thanks_for_trouble_before_anything_was_done_tell_of_it(words: str, challenges: tuple[Any, ...]) -> None:
    told = Conversation(history(in_time(), broken())).says(words, DialogueAct.THANK, challenges=challenges)
    assert told.step in ("ask_what_happened", "offer")
    thanked = Conversation(history()).says("thank you, that's lovely", DialogueAct.THANK)
    assert thanked.step == "small_talk"


CARE = Answer("kettle_care", ("dishwasher", "wash"), "Wash it by hand.", ("Copper kettle",))
WARRANTY = Answer("warranty", ("guarantee",), "Everything is covered for two years.")
OFFERS = Answer("offers", ("deals",), "They are on the front page.")
ASKED = replace(PLAYBOOK, answers=(CARE, WARRANTY, OFFERS))


def asked(words: str, **customer: Any) -> list[str]:
    known = replace(history(delivered(item="Copper kettle")), customer=replace(CUSTOMER, **customer))
    product = (Entity("product", "Copper kettle", "kettle"),) if "kettle" in words else ()
    told = Conversation(known, book=ASKED).says(words, DialogueAct.ASK_INFO, entities=product)
    return [part.facts.get("answer", part.response) for say in told.says for part in say.parts]


def test_a_question_about_a_product_is_answered_for_that_product_alone() -> None:
    assert asked("can the kettle go in the dishwasher") == ["Wash it by hand."]
    assert asked("can it go in the dishwasher") == ["utter_no_answer"]


def test_the_guarantee_is_told_to_the_day_for_what_one_has_ordered() -> None:
    assert asked("is my kettle under guarantee") == [
        "Everything is covered for two years.",
        "utter_answer_covered_until",
    ]


def test_asked_for_deals_a_tier_hears_what_is_its_own_already() -> None:
    assert asked("any deals for me", tier=Tier.GOLD) == ["They are on the front page.", "utter_answer_offers_tier"]
    assert asked("any deals for me", tier=Tier.STANDARD) == ["They are on the front page."]


GUSHING = ["oh thanks a LOT, great help", "thank you so much, very helpful", "brilliant help, cheers a bunch"]


@pytest.mark.parametrize("text", GUSHING)
def test_gushing_thanks_after_cross_words_are_bitter(text: str) -> None:
    c = Conversation(history())
    c.says("you're a useless robot, you did not read what I wrote", DialogueAct.COMPLAIN_ABOUT_BOT, frustration=3)
    assert responses(c.says(text, DialogueAct.THANK)) == ["utter_thanks_in_anger"]


@pytest.mark.parametrize("text", GUSHING)
def test_gushing_thanks_for_what_was_put_right_are_meant(text: str) -> None:
    c = Conversation(history())
    c.reports(frustration=2)
    c.says("1", DialogueAct.INFORM)
    c.clicks("Yes, please book it")
    assert "utter_thanks_in_anger" not in responses(c.says(text, DialogueAct.THANK))


def test_of_two_alternatives_the_other_one_is_no_order_that_came_long_ago() -> None:
    c = Conversation(history(order(), delivered(days_ago=46)))
    c.reports()
    asked = c.says("no, the other one", DialogueAct.DENY)
    assert responses(asked) == ["utter_offer_which"]
    assert c.problem.order_id == "10482"
    assert c.problem.refused == ()


def test_asked_which_of_two_the_other_one_is_the_second() -> None:
    c = Conversation(history(order(), delivered(days_ago=46)))
    c.reports()
    second = c.problem.options[1]
    c.says("no, the other one", DialogueAct.DENY)
    assert c.says("the other one!", DialogueAct.DENY).step == "confirm"
    assert c.problem.agreed == second.id


def test_asked_is_it_this_the_other_one_is_their_one_other_order() -> None:
    c = Conversation(history(order(), delivered(days_ago=46)))
    assert c.says("something is not right", DialogueAct.REPORT_PROBLEM).step == "ask_what_happened"
    asked = c.says("no, the other one", DialogueAct.DENY)
    assert responses(asked) == ["utter_ask_what_is_wrong"]
    assert c.state.asked_about == "10400"


def test_all_that_one_message_told_of_is_named_at_once() -> None:
    c = Conversation(history(order(), broken()))
    told = c.says("it is late and the vase is broken", DialogueAct.REPORT_PROBLEM, challenges=(LATE, DAMAGED))
    noted = [p for say in told.says for p in say.parts if p.response == "utter_noted_other"]
    assert [p.facts["problem"] for p in noted] == [PLAYBOOK.challenges[LATE].title]
