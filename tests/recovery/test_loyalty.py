"""Loyalty: only once a recovery has held and the customer said so; never to somebody who is upset."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from recovery.conditions import Condition
from recovery.decision import Decision, GiveReward
from recovery.loyalty import Loyalty, LoyaltyOffer, Standing, gift_for, rewarded_lately
from recovery.next_step import next_step
from recovery.records import History
from recovery.situation import Situation, Topic
from recovery.state import Mood, Problem, Progress, Recovery
from recovery.words import CaseStatus, DialogueAct, Remedy, Severity, Stage, Tier
from tests.recovery.builders import LATE, NOW, VOUCHER, case, compensation, history, playbook, responses, said

ANY = LoyaltyOffer("any", (), "free delivery", 0)
GOLD = LoyaltyOffer("gold", (Condition("tier", is_in=("gold",)),), "a voucher for {amount}", 500)
LOYALTY = Loyalty((GOLD, ANY), 180)
BOOK = playbook(loyalty=LOYALTY)
BOOKED = Problem(LATE, "m0", "311", options=(VOUCHER,), agreed=VOUCHER.id, progress=Progress.BOOKED)
END = Recovery(
    problems=(BOOKED,),
    stage=Stage.COMMENTING,
    survey_case="311",
    surveyed=("311",),
    confirmed=("311",),
    pleased=True,
    turns=4,
)


def ends(state: Recovery = END, known: History | None = None, **heard: Any) -> Decision:
    """The last word after a survey."""
    message = said(heard.pop("text", "no"), heard.pop("act", DialogueAct.DENY), message_id="m5", **heard)
    return next_step(Situation(Topic.ANSWER_SURVEY, message, state, known or history(), BOOK, NOW))


def offered(decision: Decision) -> bool:
    return "utter_loyalty_offer" in responses(decision)


STANDINGS = st.builds(Standing, st.booleans(), st.booleans(), st.booleans(), st.booleans())
FACTS = st.fixed_dictionaries(
    {
        "tier": st.sampled_from(list(map(str, Tier))),
        "severity": st.sampled_from(list(map(int, Severity))),
        "rating": st.sampled_from(["pleased", "none"]),
    }
)


@given(STANDINGS, FACTS)
def test_no_gift_without_a_confirmed_recovery_or_to_an_upset_customer(
    standing: Standing, facts: dict[str, int | str]
) -> None:
    gift = gift_for(standing, facts, LOYALTY)
    fine = standing.confirmed and not (standing.unsolved or standing.upset or standing.rewarded)
    assert (gift.offer is not None) is fine
    assert bool(gift.bar) is not fine


@given(
    confirmed=st.booleans(),
    pleased=st.sampled_from([True, False, None]),
    level=st.integers(0, 3),
    mood=st.sampled_from([0.0, 0.6, 2.0]),
    progress=st.sampled_from(list(Progress)),
    other=st.sampled_from([None, *Progress]),
)
def test_live_too_whatever_the_conversation_was(
    confirmed: bool, pleased: bool | None, level: int, mood: float, progress: Progress, other: Progress | None
) -> None:
    problems = (replace(BOOKED, progress=progress),)
    if other is not None:
        problems = (*problems, Problem(LATE, "m2", "312", order_id="9", progress=other))
    state = replace(
        END,
        problems=problems,
        confirmed=("311",) if confirmed else (),
        pleased=pleased,
        mood=Mood(score=mood),
    )
    if offered(ends(state, frustration=level)):
        assert confirmed
        assert pleased is not False
        assert level == 0
        assert progress is Progress.BOOKED
        assert other not in (Progress.FAILED, Progress.ESCALATED, Progress.HEARD, Progress.OFFERED, Progress.AGREED)


def test_a_pleased_customer_is_offered_the_first_gift_that_fits_and_the_near_one_is_told() -> None:
    decision = ends()
    assert offered(decision)
    assert decision.inputs["loyalty"] == "any"
    assert [m.rule for m in decision.nearly if m.fact == "tier"] == ["gold"]


def test_a_yes_gives_it_once_and_anything_else_lets_it_go() -> None:
    waiting = ends().state
    yes = said("Yes, please", DialogueAct.AFFIRM, message_id="m6", choice="loyalty:any")
    given_ = next_step(Situation(Topic.RECOVER, yes, waiting, history(), BOOK, NOW))
    assert [e.offer.id for e in given_.effects if isinstance(e, GiveReward)] == ["any"]
    assert given_.state.gift is None
    again = next_step(Situation(Topic.RECOVER, replace(yes, message_id="m7"), given_.state, history(), BOOK, NOW))
    assert not [e for e in again.effects if isinstance(e, GiveReward)]


def test_a_new_problem_is_no_yes() -> None:
    waiting = ends().state
    report = said("yes and it broke", DialogueAct.AFFIRM, message_id="m6", challenges=(LATE,))
    decision = next_step(Situation(Topic.RECOVER, report, waiting, history(), BOOK, NOW))
    assert not [e for e in decision.effects if isinstance(e, GiveReward)]
    assert decision.state.gift is None


def test_a_no_is_taken_kindly() -> None:
    waiting = ends().state
    no = said("no thanks", DialogueAct.DENY, message_id="m6")
    assert responses(next_step(Situation(Topic.RECOVER, no, waiting, history(), BOOK, NOW))) == [
        "utter_loyalty_declined"
    ]


def test_one_gift_is_enough_for_half_a_year() -> None:
    lately = compensation("9", "9", remedy=Remedy.LOYALTY_REWARD, pence=0, granted_at=NOW - timedelta(days=179))
    assert rewarded_lately((lately,), LOYALTY, NOW)
    assert not rewarded_lately((replace(lately, granted_at=NOW - timedelta(days=181)),), LOYALTY, NOW)
    assert not offered(ends(known=history(compensations=(lately,))))


def test_a_gift_of_money_stays_within_the_years_goodwill() -> None:
    gold = replace(history().customer, tier=Tier.GOLD)
    spent = compensation("9", "9", pence=5_800)
    known = replace(history(compensations=(spent,)), customer=gold)
    assert ends(known=replace(history(), customer=gold)).inputs["loyalty"] == "gold"
    assert ends(known=known).inputs["loyalty"] == "limit: year"


@given(st.sampled_from(list(CaseStatus)), st.sampled_from(["311", "400"]))
def test_no_gift_while_another_case_is_unsolved_wherever_it_was_told(status: CaseStatus, case_id: str) -> None:
    """The recovered case itself closes with this very message."""
    known = history(cases=(case(case_id, status=status, opened_at=NOW - timedelta(days=3)),))
    unsolved = case_id != "311" and status in (CaseStatus.OPEN, CaseStatus.ESCALATED)
    assert offered(ends(known=known)) is not unsolved
