"""Situations as they can arise: Hypothesis draws the message, the state, the history and the stage."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st

from recovery.heard import Entity, Heard, TriggerHeard
from recovery.records import History
from recovery.situation import Situation, Topic
from recovery.state import Mood, Problem, Progress, Recovery
from recovery.words import ChallengeType, DialogueAct, FrustrationLevel, Remedy, Severity, Stage, Trigger
from tests.recovery.builders import (
    CUSTOMER,
    DAMAGED,
    LATE,
    LOST,
    NOW,
    PLAYBOOK,
    REFUND,
    REPLACEMENT,
    VOUCHER,
    broken,
    case,
    compensation,
    delivered,
    history,
    in_time,
    interaction,
    order,
)

CHALLENGES = st.sampled_from([LATE, LOST, DAMAGED, ChallengeType.ACCOUNT_ACCESS, ChallengeType.SAFETY_INCIDENT])
OPTIONS = (REFUND, REPLACEMENT, VOUCHER)
TEXTS = st.one_of(
    st.sampled_from(
        [
            "yes",
            "no",
            "2",
            "the second one",
            "refund then",
            "not a voucher",
            "it just arrived",
            "never mind",
            "no, the other one",
            "still nothing",
            "5",
            "yes but today",
            "10482",
            "",
        ]
    ),
    st.text(max_size=40),
)
CHOICES = st.one_of(
    st.just(""),
    st.sampled_from(["yes", "no", "verified", "rating:4", "order:10482", "order:99999", "option:refund:4500"]),
    st.sampled_from(["yes:refund:4500", "challenge:late_delivery@10482", "challenge:x", "option:", "other_order"]),
)
ENTITIES = st.sampled_from(
    [Entity("order_number", n, n) for n in ("10482", "10500", "99999")] + [Entity("pence", "900000", "£9,000")]
)


def heards() -> st.SearchStrategy[Heard]:
    return st.builds(
        Heard,
        st.sampled_from(["m7", "m8"]),
        TEXTS,
        st.just(NOW),
        st.sampled_from(DialogueAct),
        st.lists(CHALLENGES, max_size=2, unique=True).map(tuple),
        st.sampled_from(FrustrationLevel),
        st.lists(st.text(max_size=6), max_size=2).map(tuple),
        st.lists(st.sampled_from(Trigger), max_size=2, unique=True).map(lambda t: tuple(TriggerHeard(n) for n in t)),
        st.lists(ENTITIES, max_size=2).map(tuple),
        st.sampled_from(["", "", "gibberish", "other_language"]),
        CHOICES,
    )


@st.composite
def problems(draw: st.DrawFn, number: int) -> Problem:
    """A problem as a conversation can have left it."""
    progress = draw(st.sampled_from(Progress))
    ids = [o.id for o in OPTIONS]
    offered = progress not in (Progress.HEARD, Progress.DROPPED)
    agreed = draw(st.sampled_from(ids)) if progress in (Progress.AGREED, Progress.BOOKED) else None
    return Problem(
        draw(CHALLENGES),
        f"m{number}",
        case_id=f"40{number}",
        order_id=draw(st.sampled_from(["10482", "10400"])) if offered else draw(st.sampled_from([None, "10482"])),
        severity=draw(st.sampled_from(Severity)),
        progress=progress,
        options=OPTIONS if offered else (),
        refused=draw(st.lists(st.sampled_from(ids), max_size=2, unique=True).map(tuple)) if offered else (),
        agreed=agreed,
        refused_in=draw(st.sampled_from([(), ("m3",)])) if offered else (),
        told_at=draw(st.integers(0, 3)),
        not_orders=draw(st.sampled_from([(), ("10482",)])),
    )


@st.composite
def states(draw: st.DrawFn) -> Recovery:
    count = draw(st.integers(0, 3))
    told = tuple(draw(problems(n)) for n in range(count))
    asked = told[-1].case_id if told else None
    level = draw(st.integers(0, 3))
    return Recovery(
        stage=draw(st.sampled_from(Stage)),
        problems=told,
        mood=Mood(score=float(level), peak=level, turns_frustrated=draw(st.integers(0, 1)), frustrated_in=("m2",)),
        misunderstood_in=draw(st.sampled_from([(), ("m4",)])),
        unverified_in=draw(st.sampled_from([(), ("m5",)])),
        listed_orders=draw(st.sampled_from([(), ("10482", "10500")])),
        survey_case=draw(st.sampled_from([None, asked])),
        check_back_case=draw(st.sampled_from([None, asked])),
        surveyed=draw(st.sampled_from([(), ("400",)])),
        turns=draw(st.integers(0, 9)),
    )


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Orders, cases and compensations, some of them of this conversation's own cases."""
    orders = draw(
        st.lists(st.sampled_from([order(), in_time(), delivered("10300"), broken()]), max_size=3, unique=True)
    )
    cases = draw(st.lists(st.sampled_from([case(), case("312"), case("400", DAMAGED), case("401")]), unique=True))
    given = (
        compensation(),
        compensation("8", "400", remedy=Remedy.REFUND, granted_at=NOW - timedelta(minutes=1)),
        compensation("9", "500", pence=5_900),
    )
    return replace(
        history(),
        customer=replace(CUSTOMER, vulnerable=draw(st.booleans())),
        orders=tuple(orders),
        cases=tuple(cases),
        compensations=tuple(draw(st.lists(st.sampled_from(given), unique=True))),
        interactions=tuple(draw(st.sampled_from([(), (interaction(summary="Support need noted."),)]))),
    )


def situations(history: st.SearchStrategy[History | None] | None = None) -> st.SearchStrategy[Situation]:
    """Anything that Rasa, however wrong, may hand over: every topic at every stage."""
    known = history if history is not None else st.none() | histories()
    return st.builds(Situation, st.sampled_from(Topic), heards(), states(), known, st.just(PLAYBOOK), st.just(NOW))
