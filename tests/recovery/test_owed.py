"""What is owed above the bot's limit is said to be owed, with the reason for the wait and its end."""

from dataclasses import replace
from datetime import time

import pytest

from recovery.business_time import Calendar, Span, opening_words
from recovery.decision import Decision, Part
from recovery.heard import Entity
from recovery.words import DialogueAct, Trigger
from tests.recovery.builders import (
    NOW,
    PLAYBOOK,
    Conversation,
    handed_over,
    history,
    order,
    playbook,
    responses,
    titles,
)

DEAR = history(order(pence=20_000))
NINE_TO_FIVE = {day: (Span(time(9), time(17)),) for day in range(5)}


def told(decision: Decision, response: str) -> Part:
    return next(p for s in decision.says for p in s.parts if p.response == response)


def test_the_offer_tells_of_what_is_owed_above_the_limit_and_it_can_be_picked() -> None:
    offered = Conversation(DEAR).reports()
    assert told(offered, "utter_owed_choice").facts["owed"] == "£200"
    assert any("refund" in t.lower() for t in titles(offered))


def test_whoever_picks_it_hears_that_it_is_owed_and_by_when_a_person_confirms_it() -> None:
    c = Conversation(DEAR)
    c.reports()
    over = c.clicks("refund")
    assert responses(over) == ["utter_owed_handed_over"]
    assert told(over, "utter_owed_handed_over").facts["owed"] == "£200"
    assert told(over, "utter_owed_handed_over").facts["by"]
    assert (hand_over := handed_over(over)) is not None
    assert hand_over.rules == ("over_limit",)


def test_asked_for_in_words_it_is_the_same() -> None:
    c = Conversation(DEAR)
    c.reports()
    over = c.says("I want a refund, not that", DialogueAct.REJECT_OFFER)
    assert responses(over) == ["utter_owed_handed_over"]


def test_where_nothing_else_fits_it_is_told_with_the_apology() -> None:
    refund_only = replace(PLAYBOOK.policy[0], entitlements=PLAYBOOK.policy[0].entitlements[:1])
    over = Conversation(DEAR, book=playbook(policy=(refund_only,))).reports()
    assert responses(over)[-1] == "utter_owed_handed_over"
    assert "utter_apologise_late_delivery" in responses(over)


def test_the_time_is_the_calendars() -> None:
    calendar = Calendar(PLAYBOOK.staffing.calendar.zone, NINE_TO_FIVE)
    book = playbook(staffing=replace(PLAYBOOK.staffing, calendar=calendar))
    c = Conversation(DEAR, book=book)
    c.reports()
    due = calendar.after(NOW, PLAYBOOK.staffing.targets_of(3).resolution)
    assert due is not None
    by = told(c.clicks("refund"), "utter_owed_handed_over").facts["by"]
    assert by == opening_words(NOW, due, calendar.zone)


def test_who_claims_more_than_is_owed_is_promised_only_what_is() -> None:
    c = Conversation(DEAR)
    c.reports()
    claim = (Entity("pence", "£500", "50000"),)
    over = c.says("no, I want £500 compensation", DialogueAct.REJECT_OFFER, entities=claim)
    assert responses(over)[0] == "utter_owed_still"
    assert responses(over)[-1] != "utter_owed_handed_over"
    assert told(over, "utter_owed_still").facts["owed"] == "£200"


def test_who_asks_for_a_person_is_told_that_it_is_not_lost() -> None:
    c = Conversation(DEAR)
    c.reports()
    over = c.says("a person please", DialogueAct.REQUEST_HUMAN)
    assert "utter_owed_still" in responses(over)


def test_in_danger_nobody_speaks_of_money() -> None:
    c = Conversation(DEAR)
    c.reports()
    over = c.says("it is on fire", DialogueAct.REPORT_PROBLEM, triggers=(Trigger.SAFETY_RISK,))
    assert not any(r.startswith("utter_owed") for r in responses(over))


@pytest.mark.parametrize("pence", [4_500, 15_000])
def test_within_the_limit_nothing_of_it_is_said(pence: int) -> None:
    offered = Conversation(history(order(pence=pence))).reports()
    assert not any(r.startswith("utter_owed") for r in responses(offered))
