"""What an escalation rests on: each fact with the sentences and the evidence that bear it out."""

from dataclasses import replace
from typing import Any

import pytest

from recovery.assessment import assess
from recovery.grounds import Ground, earlier_sentences, grounds_of, order_sentences
from recovery.heard import Entity, Heard
from recovery.policy import Ruling
from recovery.records import History
from recovery.situation import Situation, Topic
from recovery.state import Mood, Problem, Progress, Recovery
from recovery.words import ChallengeType, DialogueAct, OrderEventKind, Stage, Trigger
from tests.recovery.builders import (
    CUSTOMER,
    LATE,
    NOW,
    PLAYBOOK,
    REFUND,
    REPLACEMENT,
    VOUCHER,
    case,
    compensation,
    delivered,
    event,
    history,
    in_time,
    order,
    said,
)

PROBLEM = Problem(LATE, "m1", case_id="400", order_id="10482")


def situation(heard: Heard | None = None, known: History | None = None, **state: Any) -> Situation:
    recovery = Recovery(problems=(state.pop("problem", PROBLEM),), **state)
    return Situation(Topic.RECOVER, heard or said("it is late"), recovery, known or history(), PLAYBOOK, NOW)


def grounds(s: Situation, ruling: Ruling | None = None) -> dict[str, Ground]:
    problem = s.problem
    judged = assess(problem, s.heard, s.history, PLAYBOOK, NOW) if problem else None
    return grounds_of(s, judged, ruling)


def cited(ground: Ground) -> set[str]:
    return {str(e) for sentence in ground.sentences for e in sentence.evidence}


@pytest.mark.parametrize(
    ("trigger", "fact"),
    [
        (Trigger.SAFETY_RISK, "safety"),
        (Trigger.FRAUD_RISK, "fraud"),
        (Trigger.LEGAL_THREAT, "legal"),
        (Trigger.MEDIA_THREAT, "media"),
        (Trigger.HUMAN_REQUEST, "person_asked"),
        (Trigger.VULNERABILITY, "vulnerable"),
    ],
)
def test_a_trigger_in_a_message_is_a_ground_that_quotes_it(trigger: Trigger, fact: str) -> None:
    assert not grounds(situation())[fact].value
    ground = grounds(situation(said("my own words", triggers=(trigger,))))[fact]
    assert ground.value is True
    assert "my own words" in ground.sentences[0].text
    assert cited(ground) == {"message m1"}


def test_an_injury_is_a_safety_ground_without_the_trigger() -> None:
    heard = said("I got a shock from it", challenges=(ChallengeType.SAFETY_INCIDENT,))
    assert grounds(situation(heard))["safety"].value is True


def test_failed_recoveries_cite_the_case_and_what_was_given() -> None:
    known = history(cases=(case(),), compensations=(compensation(),))
    ground = grounds(situation(known=known))["failed_recoveries"]
    assert ground.value == 1
    assert cited(ground) == {"case 311", "compensation 7"}


def test_refusals_and_misunderstandings_cite_each_message() -> None:
    s = situation(problem=replace(PROBLEM, refused_in=("m2", "m4")), misunderstood_in=("m3",))
    assert cited(grounds(s)["offers_refused"]) == {"message m2", "message m4"}
    assert cited(grounds(s)["misunderstandings"]) == {"message m3"}


def test_frustration_without_easing_cites_only_the_last_turns_in_a_row() -> None:
    s = situation(mood=Mood(turns_frustrated=2, frustrated_in=("m1", "m5", "m6")))
    assert cited(grounds(s)["turns_frustrated"]) == {"message m5", "message m6"}


def test_where_a_conversation_is_going_is_a_ground_of_the_message_at_which_it_was_judged() -> None:
    ground = grounds(situation(said("round again", person_due=0.834)))["person_due"]
    assert (ground.value, cited(ground)) == (83, {"message m1"})
    assert grounds(situation())["person_due"].value == 0


def test_something_is_in_hand_while_the_bot_can_ask_or_offer_or_has_done_it_all() -> None:
    def in_hand(ruling: Ruling | None = None, **state: Any) -> bool:
        return bool(grounds(situation(**state), ruling)["in_hand"].value)

    assert not in_hand()
    assert in_hand(Ruling((VOUCHER,), (), (), ()))
    assert in_hand(problem=replace(PROBLEM, options=(VOUCHER,)))
    assert not in_hand(problem=replace(PROBLEM, options=(VOUCHER,), refused=(VOUCHER.id,)))
    assert in_hand(stage=Stage.IDENTIFYING)
    assert in_hand(problem=replace(PROBLEM, progress=Progress.BOOKED, booked_as=1))


def test_a_support_need_on_record_is_a_ground_once_there_is_a_problem() -> None:
    known = replace(history(), customer=replace(CUSTOMER, vulnerable=True))
    assert grounds(situation(known=known))["vulnerable"].value is True
    nothing = Situation(Topic.RECOVER, said("hello"), Recovery(), known, PLAYBOOK, NOW)
    assert not grounds(nothing)["vulnerable"].value


def test_a_demand_above_the_limit_is_a_ground_and_a_price_is_none() -> None:
    money = (Entity("pence", "50000", "£500"),)
    demand = said("no, I want £500", DialogueAct.REJECT_OFFER, entities=money)
    price = said("it cost £500", DialogueAct.INFORM, entities=money)
    assert grounds(situation(demand))["over_limit"].value is True
    assert not grounds(situation(price))["over_limit"].value


def test_ones_own_late_refund_is_no_claim_and_more_than_it_is_one() -> None:
    late = replace(PROBLEM, challenge=ChallengeType.REFUND_DELAY)
    own, more = (
        situation(
            said(f"you still owe me {told}", DialogueAct.REPORT_PROBLEM, entities=(Entity("pence", pence, told),)),
            history(order(pence=19900)),
            problem=late,
        )
        for told, pence in (("£199", "19900"), ("£500", "50000"))
    )
    assert not grounds(own)["over_limit"].value
    assert grounds(more)["over_limit"].value is True


def test_an_entitlement_above_the_limit_is_a_ground_where_nothing_else_may_be_offered() -> None:
    ruling = Ruling((), (REFUND,), ("late.owed",), ())
    ground = grounds(situation(), ruling)["over_limit"]
    assert ground.value is True
    assert cited(ground) == {"message m1", "order event 10482-placed"}


@pytest.mark.parametrize(
    ("words", "act", "above"),
    [
        ("a refund please", DialogueAct.ACCEPT_OFFER, True),
        ("I'd rather have my money back", DialogueAct.REJECT_OFFER, True),
        ("the voucher please, no refund", DialogueAct.ACCEPT_OFFER, False),
        ("the voucher is fine, I don't need my money", DialogueAct.ACCEPT_OFFER, False),
        ("yes please", DialogueAct.AFFIRM, False),
    ],
)
def test_who_asks_for_what_only_a_person_may_grant_gets_a_person(words: str, act: DialogueAct, above: bool) -> None:
    within = Ruling((REPLACEMENT, VOUCHER), (REFUND,), (), ())
    offered = situation(said(words, act), problem=replace(PROBLEM, options=(REPLACEMENT, VOUCHER)))
    asked = replace(offered, topic=Topic.ANSWER_OFFER)
    assert grounds(asked, within)["over_limit"].value is above


def test_what_was_offered_before_is_not_over_the_limit_afterwards() -> None:
    offered = situation(problem=replace(PROBLEM, options=(REFUND,)))
    assert not grounds(offered, Ruling((), (REFUND,), (), ()))["over_limit"].value
    assert not grounds(offered, Ruling((), (), (), ()))["nothing_to_offer"].value


def test_every_ground_that_counts_has_a_sentence() -> None:
    shouted = said("!", triggers=tuple(Trigger), frustration=3, challenges=tuple(ChallengeType))
    known = history(cases=(case(),), compensations=(compensation(),))
    full = situation(
        shouted,
        known,
        problem=replace(PROBLEM, refused_in=("m1",), options=(REFUND,), refused=(REFUND.id,)),
        misunderstood_in=("m1",),
        unverified_in=("m1",),
        cooled_in=("m1",),
        mood=Mood(turns_frustrated=1, frustrated_in=("m1",)),
    )
    counting = {name: g for name, g in grounds(full).items() if g.value and name != "challenge"}
    assert len(counting) > 12
    assert [name for name, g in counting.items() if not g.sentences] == []


def test_an_overdue_order_tells_its_promise_and_its_courier() -> None:
    strike = order(cause="strike")
    texts = [str(s) for s in order_sentences(strike, situation(known=history(strike)))]
    assert texts == [
        "Order 10482 was promised for 16 Nov and has no delivery event, 4 days on. [order event 10482-promised]",
        "SwiftVan reported a delay on 17 Nov. [order event 10482-courier_delay]",
    ]


def test_an_order_that_came_or_is_not_due_says_so() -> None:
    assert "delivered on 18 Nov" in str(order_sentences(delivered(), situation())[0])
    assert "still ahead" in str(order_sentences(in_time(), situation())[0])


def test_an_order_without_events_or_promise_has_nothing_to_cite() -> None:
    assert order_sentences(order(events=()), situation()) == []
    assert order_sentences(order(promised_for=None), situation()) == []


def test_a_lost_parcel_is_told_as_lost() -> None:
    lost = order(events=(*order().events, event(OrderEventKind.LOST, "10482", NOW)))
    assert "lost the parcel" in str(order_sentences(lost, situation())[1])


def test_earlier_failures_are_told_newest_first_with_how_they_ended() -> None:
    known = history(cases=(case("312", order_id="9"), case("311", order_id="8")), compensations=(compensation(),))
    judged = assess(PROBLEM, said("late"), known, PLAYBOOK, NOW)
    first, second = earlier_sentences(judged, known)
    assert "case 312, closed without compensation" in first.text
    assert "case 311, closed with compensation" in second.text
