"""What is offered, and what a customer says to it."""

from dataclasses import replace

import pytest

from recovery.words import DialogueAct, Remedy, Stage
from tests.recovery.builders import (
    DAMAGED,
    LATE,
    LOST,
    PLAYBOOK,
    Conversation,
    broken,
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


def test_nothing_above_the_bots_limit_is_offered() -> None:
    c = Conversation(history(order(pence=20_000)))
    assert not any("refund" in t for t in titles(c.reports()))


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
