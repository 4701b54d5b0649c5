"""What is offered, and what a customer says to it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from recovery.decision import NoteCase
from recovery.heard import Entity
from recovery.words import ChallengeType, DialogueAct, Remedy, Stage
from tests.recovery.builders import (
    DAMAGED,
    LATE,
    LOST,
    NOW,
    PLAYBOOK,
    Conversation,
    broken,
    compensation,
    handed_over,
    history,
    incident,
    order,
    playbook,
    responses,
    titles,
)

INFORM, DENY, REJECT = DialogueAct.INFORM, DialogueAct.DENY, DialogueAct.REJECT_OFFER


def offered(**known: object) -> Conversation:
    """A late parcel with its first offer on the table: a refund or a new one, a voucher behind them."""
    c = Conversation(history(**known))  # type: ignore[arg-type]
    c.reports()
    assert c.state.stage is Stage.OFFERING
    return c


def test_a_first_offer_listens_apologises_thanks_explains_and_offers_two() -> None:
    told = Conversation(history()).reports()
    assert responses(told) == [
        "utter_listen",
        "utter_apologise_late_delivery",
        "utter_thank",
        "utter_explain_unknown",
        "utter_offer",
    ]
    assert titles(told) == ["A full refund, £45", "A new one", "Neither of these", "Talk to a person"]


def test_what_the_orders_events_show_is_the_explanation() -> None:
    assert "utter_explain" in responses(Conversation(history(order(cause="strike"))).reports())
    known = history(order(cause="strike"), incidents=(incident(),))
    assert "utter_explain_incident" in responses(Conversation(known).reports())


@pytest.mark.parametrize(
    ("text", "act", "remedy"),
    [
        ("refund then", DialogueAct.ACCEPT_OFFER, Remedy.REFUND),
        ("the second one", INFORM, Remedy.REPLACEMENT),
        ("2", INFORM, Remedy.REPLACEMENT),
        ("just a voucher please", INFORM, Remedy.VOUCHER),
        ("whichever is quicker", INFORM, Remedy.REFUND),
        ("no, I want a refund", DENY, Remedy.REFUND),
    ],
)
def test_a_pick_is_asked_to_be_confirmed(text: str, act: DialogueAct, remedy: Remedy) -> None:
    c = offered()
    assert c.says(text, act).step == "confirm"
    assert c.problem.agreed is not None
    assert c.problem.agreed.startswith(f"{remedy}:")


def test_a_bare_yes_to_two_asks_which() -> None:
    c = offered()
    assert responses(c.says("yes", DialogueAct.AFFIRM)) == ["utter_offer_which"]


def test_a_refusal_brings_the_next_best() -> None:
    c = offered()
    assert "A £9 voucher" in titles(c.says("no thanks", REJECT))


def test_one_alternative_ruled_out_by_name_leaves_the_others_and_is_no_refused_offer() -> None:
    c = offered()
    left = c.says("not a refund", REJECT)
    assert titles(left)[:2] == ["A new one", "A £9 voucher"]
    assert c.problem.refused_in == ()


def test_a_remedy_that_is_not_offered_counts_as_a_refusal() -> None:
    c = offered()
    c.says("no thanks", REJECT)
    over = handed_over(c.says("I want a service credit then", DialogueAct.ACCEPT_OFFER))
    assert over is not None
    assert "offers_refused" in over.rules


def test_a_refused_alternative_may_be_taken_after_all() -> None:
    c = offered()
    c.says("no thanks", REJECT)
    assert c.says("ok the refund then", DialogueAct.ACCEPT_OFFER).step == "confirm"
    assert c.problem.agreed == "refund:4500"


def test_a_click_on_an_earlier_offer_takes_that_one() -> None:
    c = offered()
    c.clicks("Neither of these")
    assert c.clicks("A full refund").step == "confirm"
    assert c.problem.agreed == "refund:4500"


def test_a_second_refusal_brings_a_person_and_no_further_offer() -> None:
    c = offered()
    c.says("no", DENY)
    second = c.says("no", DENY)
    assert (over := handed_over(second)) is not None
    assert over.rules[0] == "offers_refused"
    assert not any("offer" in r for r in responses(second)[:-1])


def test_a_detail_is_noted_and_the_offer_put_again() -> None:
    c = offered()
    again = c.says("it was a present for my aunt", INFORM)
    assert responses(again) == ["utter_noted_offer"]
    assert c.problem.refused == ()


def test_a_question_is_answered_and_the_offer_put_again() -> None:
    c = offered()
    assert responses(c.says("can I send back things?", DialogueAct.ASK_INFO)) == ["utter_answer", "utter_offer_still"]
    assert "A new one" in titles(c.decisions[-1])


def test_nothing_above_the_bots_limit_is_booked() -> None:
    c = Conversation(history(order(pence=20_000)))
    c.reports()
    assert not any(o.remedy is Remedy.REFUND for o in c.problem.options)
    assert handed_over(c.clicks("refund")) is not None
    assert c.booked == []


def test_what_only_a_person_may_grant_goes_to_a_person_when_nothing_else_fits() -> None:
    refund_only = replace(PLAYBOOK.policy[0], entitlements=PLAYBOOK.policy[0].entitlements[:1])
    c = Conversation(history(order(pence=20_000)), book=playbook(policy=(refund_only,)))
    over = handed_over(c.reports())
    assert over is not None
    assert over.rules == ("over_limit",)


def test_the_gravest_of_two_problems_comes_first_and_the_other_follows_its_booking() -> None:
    c = Conversation(history(order(), broken()))
    c.says("the vase is broken and the kettle is late", DialogueAct.REPORT_PROBLEM, challenges=(LATE, DAMAGED))
    assert c.problem.challenge is DAMAGED
    c.says("the first one", INFORM)
    booked = c.clicks("Yes, please book it")
    assert booked.step == "book"
    assert c.problem.challenge is LATE
    assert "utter_apologise_late_delivery" in responses(booked)


def test_a_correction_of_what_happened_is_offered_on_anew_without_asking_for_the_order() -> None:
    c = offered()
    assert c.reports(LOST, "the courier says they lost it").step == "offer"
    assert (c.problem.challenge, c.problem.order_id) == (LOST, "10482")


def test_an_apology_for_one_problem_is_made_once() -> None:
    c = offered()
    c.says("no", DENY)
    said = [r for d in c.decisions for r in responses(d)]
    assert said.count("utter_apologise_late_delivery") == 1


def test_a_conversation_taken_up_the_next_day_by_a_stranger_shows_no_offer() -> None:
    c = offered()
    c.known = None
    told = c.says("can I send back things?", DialogueAct.ASK_INFO)
    assert responses(told) == ["utter_answer"]
    assert titles(told) == ["Talk to a person"]


@pytest.mark.parametrize("words", ["can I just have a new one", "ok, can I have a new one then?"])
def test_a_wish_put_as_a_question_picks_what_is_offered(words: str) -> None:
    c = offered()
    assert c.says(words, DialogueAct.ASK_INFO).step == "confirm"
    assert c.problem.option(c.problem.agreed).remedy is Remedy.REPLACEMENT  # type: ignore[union-attr]


def test_a_question_about_what_is_offered_picks_nothing() -> None:
    c = offered()
    c.says("can I have a new one and how long would that take?", DialogueAct.ASK_INFO)
    assert c.problem.agreed is None


@pytest.mark.parametrize(
    "text", ["is that the best you can do", "is that all?", "is there anything else you can offer?"]
)
@pytest.mark.parametrize("act", [DialogueAct.CHITCHAT, DialogueAct.ASK_INFO, REJECT])
def test_asked_for_more_the_next_best_comes(text: str, act: DialogueAct) -> None:
    c = offered()
    assert c.says(text, act).step == "offer_next_best"
    assert len(c.problem.refused_in) == 1


@pytest.mark.parametrize("act", [DialogueAct.ACCEPT_OFFER, INFORM, DialogueAct.AFFIRM])
def test_another_sum_is_no_yes_and_is_answered_honestly(act: DialogueAct) -> None:
    c = offered()
    fifty = (Entity("pence", "5000", "£50"),)
    told = c.says("make it £50 and we have a deal", act, entities=fifty)
    assert responses(told) == ["utter_not_that_sum", "utter_offer_next_best_one"]
    assert handed_over(c.says("give me £50 or nothing", act, entities=fifty)) is not None
    assert c.booked == []


def test_the_sum_that_is_offered_is_no_bargaining() -> None:
    refund = (Entity("pence", "4500", "£45"),)
    assert offered().says("I'd take the £45 refund", DialogueAct.ACCEPT_OFFER, entities=refund).step == "confirm"


def test_a_pick_in_a_huff_is_a_pick_and_no_giving_up() -> None:
    c = offered()
    c.says("this is so annoying", INFORM, frustration=1)
    picked = c.says("fine whatever, just refund it", INFORM, frustration=1)
    assert picked.step == "confirm"
    assert c.problem.agreed == "refund:4500"


def test_who_cannot_wait_picks_no_waiting() -> None:
    c = offered()
    c.says("neither", DENY)
    told = c.says("I can't wait another week though", INFORM)
    assert told.step != "confirm"


def test_the_price_of_an_order_goes_back_once_however_many_problems_it_had() -> None:
    c = Conversation(history(broken("10482")))
    c.reports(DAMAGED, "it came broken")
    c.says("the refund", DialogueAct.AFFIRM)
    c.says("yes", DialogueAct.AFFIRM)
    told = c.reports(ChallengeType.MISSING_ITEM, "and a part of 10482 is missing", orders=("10482",))
    assert all(o.remedy is not Remedy.REFUND for o in c.problem.options)
    assert all("refund" not in title for title in titles(told))


def test_a_refund_that_another_problem_took_meanwhile_is_taken_off_the_table() -> None:
    c = offered()
    taken = compensation("9", "500", order_id="10482", remedy=Remedy.REFUND, pence=4500)
    c.known = history(compensations=(taken,))
    assert c.says("the refund", DialogueAct.AFFIRM).step != "confirm"
    assert all(o.remedy is not Remedy.REFUND for o in c.problem.options)


def test_not_caring_about_something_else_refuses_nothing() -> None:
    c = offered()
    c.says("I don't care about the driver, just sort it", DENY)
    assert c.problem.refused_in == ()


@pytest.mark.parametrize("act", [DENY, DialogueAct.ASK_INFO])
def test_asked_for_the_difference_the_promises_are_told(act: DialogueAct) -> None:
    c = offered()
    assert responses(c.says("no wait, what's the difference", act)) == ["utter_promises"]
    assert c.problem.refused_in == ()


@pytest.mark.parametrize(
    "words",
    [
        "what does refund mean",
        "what do you mean by a new one",
        "hm ok how much off",
        "what would a refund actually get me",
    ],
)
def test_asked_what_a_word_of_the_offer_means_the_promises_are_told_and_nothing_is_picked(words: str) -> None:
    c = offered()
    assert responses(c.says(words, DialogueAct.OUT_OF_SCOPE)) == ["utter_promises"]
    assert c.problem.agreed is None


@pytest.mark.parametrize("act", [DialogueAct.OUT_OF_SCOPE, DialogueAct.ASK_INFO, DialogueAct.CHITCHAT])
def test_a_day_that_is_asked_for_is_noted_and_not_promised(act: DialogueAct) -> None:
    told = offered().says("can you do saturday", act)
    assert responses(told) == ["utter_noted_condition", "utter_offer_still"]
    assert [e.text for e in told.effects if isinstance(e, NoteCase)] == ["The customer added: “can you do saturday”."]


def test_what_is_said_to_be_noted_is_noted() -> None:
    told = offered().says("it was for my mum", INFORM)
    assert responses(told)[0].startswith("utter_noted_offer")
    assert any(isinstance(e, NoteCase) for e in told.effects)


def test_who_asks_for_the_difference_before_the_yes_has_the_choice_again() -> None:
    c = offered()
    c.says("the refund", DialogueAct.AFFIRM)
    assert responses(c.says("no wait, what's the difference", DENY)) == ["utter_promises"]
    assert c.problem.agreed is None


def test_asked_for_both_it_is_said_that_one_can_be_booked() -> None:
    c = offered()
    assert responses(c.says("ok do both", DialogueAct.AFFIRM)) == ["utter_one_of_them", "utter_offer_still"]


def test_what_made_it_grave_is_among_the_facts_of_the_decision() -> None:
    c = Conversation(history(order(promised_for=(NOW - timedelta(days=12)).date())))
    assert c.reports().inputs["raised_by"] == "ten days late or more"
    assert "raised_by" not in Conversation(history()).reports().inputs


def test_asked_which_a_yes_means_the_first_also_after_something_was_noted() -> None:
    c = offered()
    c.says("yes", DialogueAct.AFFIRM)
    c.says("it was for my mum", INFORM)
    c.says("yes go on", DialogueAct.AFFIRM)
    assert c.problem.agreed == c.problem.options[0].id


@pytest.mark.parametrize("words", ["no i dont want a voucher i want him spoken to", "no, you can keep your voucher"])
def test_who_spurns_what_is_not_on_the_table_refuses_nothing_that_is(words: str) -> None:
    c = offered()
    table = c.problem.on_the_table[:2]
    c.says(words, DENY)
    assert c.problem.refused_in == ()
    assert c.problem.on_the_table[:2] == table
    assert all(o.remedy is not Remedy.VOUCHER for o in c.problem.on_the_table)


def test_no_money_means_neither_refund_nor_voucher() -> None:
    c = offered()
    c.says("no i dont want money i want a working kettle", DENY)
    assert not {Remedy.REFUND, Remedy.VOUCHER} & {o.remedy for o in c.problem.on_the_table}


@pytest.mark.parametrize("words", ["photo? no", "no photo sorry", "i can't take a picture, it's in the bin"])
def test_who_has_no_photo_refuses_nothing(words: str) -> None:
    c = offered()
    c.says(words, DENY)
    assert c.problem.refused_in == ()
