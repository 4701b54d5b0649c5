"""Contingencies: whom one touches, that it is said first and once, and what it changes."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from recovery.around import Around
from recovery.assessment import assess
from recovery.contingencies import Contingency, holds_up, of_customer, of_problem
from recovery.decision import Decision
from recovery.next_step import next_step
from recovery.playbook import ContingencyKind
from recovery.records import History
from recovery.situation import Situation, Topic
from recovery.state import Problem, Recovery
from recovery.words import ChallengeType, DialogueAct, Fault, RecoveryStep, Trigger
from tests.recovery.builders import DAMAGED, LATE, NOW, delivered, history, in_time, order, playbook, responses, said

DAY = timedelta(days=1)
STRIKE = Contingency(
    "1",
    "courier_strike",
    "SwiftVan is on strike.",
    "We use other vans.",
    NOW - DAY,
    NOW + 5 * DAY,
    (LATE, ChallengeType.LOST_PARCEL),
    couriers=("swiftvan",),
    regions=("North",),
)
OUTAGE = Contingency("2", "site_outage", "Our site is down.", "We are on it.", NOW - DAY, NOW + DAY)
RECALL = Contingency(
    "3",
    "recall",
    "We call the Copper Kettle back.",
    "We fetch it.",
    NOW - DAY,
    NOW + DAY,
    products=("copper kettle",),
)
KINDS = (
    ContingencyKind(
        "courier_strike", "Courier strike", "strike", STRIKE.challenges, ("couriers",), "x", "y", 100, ("strike",)
    ),
    ContingencyKind(
        "recall",
        "Product recall",
        "unknown",
        (DAMAGED,),
        ("products",),
        "x",
        "y",
        100,
        ("recalled", "a recall"),
        False,
    ),
)
BOOK = playbook(contingencies={k.id: k for k in KINDS})


def decided(topic: Topic, known: History | None, *running: Contingency, **heard: Any) -> Decision:
    state = heard.pop("state", Recovery())
    message = said(heard.pop("text", "hello"), heard.pop("act", DialogueAct.GREET), **heard)
    return next_step(Situation(topic, message, state, known, BOOK, NOW, Around(running)))


def test_it_touches_an_order_when_all_that_is_named_fits() -> None:
    assert STRIKE.touches(order())
    assert not STRIKE.touches(replace(order(), courier="Other"))
    assert not STRIKE.touches(replace(order(), region="South"))
    assert RECALL.touches(order(item="Copper Kettle, 1.7 l"))
    assert not RECALL.touches(order(item="Blue vase"))


def test_it_ends_by_itself_at_its_horizon() -> None:
    assert STRIKE.runs(NOW)
    assert not STRIKE.runs(STRIKE.ends_at)
    assert not STRIKE.runs(STRIKE.starts_at - timedelta(minutes=1))
    assert of_customer((STRIKE,), said(), history(), STRIKE.ends_at) is None


@pytest.mark.parametrize(
    ("contingency", "known", "hit"),
    [
        (STRIKE, history(), True),
        (STRIKE, history(delivered()), False),
        (OUTAGE, None, True),
        (RECALL, history(delivered(item="Copper Kettle")), True),
        (RECALL, history(delivered(item="Blue vase")), False),
        (STRIKE, None, False),
    ],
)
def test_a_customer_hears_of_it_when_it_hits_everybody_or_their_orders(
    contingency: Contingency, known: History | None, hit: bool
) -> None:
    assert (of_customer((contingency,), said(), known, NOW) is not None) is hit


def test_a_stranger_who_names_the_product_hears_of_its_recall() -> None:
    assert of_customer((RECALL,), said("is the Copper Kettle safe?"), None, NOW) is RECALL


def test_a_greeting_is_answered_with_the_notice_first() -> None:
    decision = decided(Topic.SMALL_TALK, history(), STRIKE)
    assert responses(decision)[:2] == ["utter_contingency", "utter_greet"]
    assert decision.says[0].parts[0].facts == {
        "news": "SwiftVan is on strike.",
        "until": "25 Nov",
        "doing": "We use other vans.",
        "product": "",
    }


def test_it_is_said_once_in_a_conversation() -> None:
    first = decided(Topic.SMALL_TALK, history(), STRIKE)
    message = said("hello again", DialogueAct.GREET, message_id="m2")
    again = next_step(Situation(Topic.SMALL_TALK, message, first.state, history(), BOOK, NOW, Around((STRIKE,))))
    assert "utter_contingency" not in responses(again)


def test_a_problem_that_it_explains_has_it_as_its_cause_and_is_still_settled_by_policy() -> None:
    report = {"act": DialogueAct.REPORT_PROBLEM, "challenges": (LATE,), "text": "where is it"}
    with_it, without = (decided(Topic.RECOVER, history(), *running, **report) for running in ((STRIKE,), ()))
    assert responses(with_it)[0] == "utter_contingency"
    assert "utter_explain_contingency" in responses(with_it)
    assert with_it.says[0].parts[0].step is RecoveryStep.EXPLAIN
    assert (with_it.inputs["cause"], with_it.inputs["fault"]) == ("strike", Fault.CARRIER)
    assert (with_it.inputs["contingency"], without.inputs["contingency"]) == ("courier_strike", "none")
    options = [{o.id for o in d.state.problems[0].options} for d in (with_it, without)]
    assert options[0] == options[1]


def test_what_the_orders_own_events_show_stays_the_cause() -> None:
    problem = Problem(LATE, "m1", order_id="10482")
    known = history(order(cause="customer"))
    assert assess(problem, said(), known, BOOK, NOW, (STRIKE,)).cause.id == "customer"


def test_another_kind_of_problem_is_not_explained_by_it() -> None:
    problem = Problem(DAMAGED, "m1", order_id="10482")
    assert of_problem((STRIKE,), problem, order(), said(), history(), NOW) is None


def test_who_is_handed_over_hears_it_from_the_person() -> None:
    decision = decided(Topic.PERSON, history(), OUTAGE, act=DialogueAct.REQUEST_HUMAN, text="a person please")
    assert decision.step == "hand_over"
    assert "utter_contingency" not in responses(decision)


def test_nobody_in_danger_is_told_of_a_strike() -> None:
    decision = decided(Topic.RECOVER, history(), OUTAGE, text="it caught fire", triggers=(Trigger.SAFETY_RISK,))
    assert "utter_contingency" not in responses(decision)


def test_an_order_that_is_due_while_it_runs_has_another_date() -> None:
    soon = in_time()
    assert holds_up((STRIKE,), soon, NOW) is STRIKE
    assert holds_up((STRIKE,), replace(soon, promised_for=date(2026, 12, 24)), NOW) is None
    assert holds_up((OUTAGE,), soon, NOW) is None
    asked = decided(Topic.STATUS, history(soon), STRIKE, act=DialogueAct.ASK_STATUS, text="where is it")
    assert responses(asked)[:2] == ["utter_contingency", "utter_status_held_up"]


KETTLE = history(delivered(item="Copper Kettle"))
VASE_TOO = history(delivered(item="Copper Kettle"), delivered("10401", item="Blue vase"))


def asked(text: str, known: History | None, *running: Contingency) -> Decision:
    return decided(Topic.QUESTION, known, *running, text=text, act=DialogueAct.ASK_INFO)


@pytest.mark.parametrize(
    ("text", "known", "running", "answer"),
    [
        ("has my kettle been recalled?", KETTLE, (RECALL,), "utter_contingency_asked"),
        ("is there a recall on?", KETTLE, (RECALL,), "utter_contingency_asked"),
        ("is my vase recalled?", VASE_TOO, (RECALL,), "utter_contingency_elsewhere"),
        ("is my kettle recalled?", KETTLE, (), "utter_no_contingency"),
        ("is the copper kettle recalled?", None, (RECALL,), "utter_contingency_asked"),
        ("is my kettle recalled?", None, (RECALL,), "utter_contingency_elsewhere"),
        ("is there a strike?", KETTLE, (RECALL,), "utter_no_contingency"),
        ("is there a strike?", history(), (STRIKE,), "utter_contingency_asked"),
    ],
)
def test_a_question_about_one_is_answered(
    text: str, known: History | None, running: tuple[Contingency, ...], answer: str
) -> None:
    assert answer in responses(asked(text, known, *running))


def test_a_question_after_it_was_told_is_answered_too() -> None:
    state = Recovery(told=(RECALL.id,))
    again = decided(
        Topic.QUESTION, KETTLE, RECALL, text="is my kettle recalled?", act=DialogueAct.ASK_INFO, state=state
    )
    assert responses(again) == ["utter_contingency_asked", "utter_shall_i_see_to_it"]


@pytest.mark.parametrize("text", ["ok so what do I do with it", "yes please"])
def test_a_yes_to_the_answer_takes_the_recall_up_for_the_order_that_it_hits(text: str) -> None:
    first = asked("is my kettle recalled?", KETTLE, RECALL)
    report = said(text, DialogueAct.AFFIRM, message_id="m2")
    taken = next_step(Situation(Topic.RECOVER, report, first.state, KETTLE, BOOK, NOW, Around((RECALL,))))
    assert taken.step == "offer"
    assert (taken.state.problems[0].challenge, taken.state.problems[0].order_id) == (DAMAGED, "10400")


def test_the_answer_about_another_thing_names_what_is_called_back() -> None:
    told = asked("is my vase recalled?", VASE_TOO, RECALL)
    part = next(p for p in told.says[0].parts if p.response == "utter_contingency_elsewhere")
    assert part.facts == {"title": "product recall", "yours": "your blue vase", "names": "copper kettle"}


def test_a_recall_does_not_pass_so_no_end_is_told() -> None:
    told = decided(Topic.SMALL_TALK, KETTLE, RECALL)
    assert told.says[0].parts[0].facts["until"] == ""


def test_who_takes_over_a_danger_knows_of_the_recall() -> None:
    recall = replace(RECALL, challenges=(ChallengeType.SAFETY_INCIDENT,))
    over = decided(
        Topic.RECOVER,
        KETTLE,
        recall,
        text="the kettle caught fire",
        act=DialogueAct.REPORT_PROBLEM,
        challenges=(ChallengeType.SAFETY_INCIDENT,),
        triggers=(Trigger.SAFETY_RISK,),
    )
    assert "Product recall, on now, may be behind it: “We call the Copper Kettle back.”" in [
        s.text for s in over.reasons
    ]
