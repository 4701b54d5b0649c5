"""The order of the queue: more of any reason never moves a conversation down, and every point is explained."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from recovery.priority import Facts, priority_of
from recovery.sla import Standing
from recovery.staffing import PLAIN
from recovery.words import FrustrationLevel, Severity, Tier

WEIGHTS = PLAIN.weights
FACTS = st.builds(
    Facts,
    rule_priority=st.integers(1, 5),
    severity=st.none() | st.sampled_from(Severity),
    frustration=st.sampled_from(FrustrationLevel),
    tier=st.none() | st.sampled_from(Tier),
    vulnerable=st.booleans(),
    waited=st.timedeltas(timedelta(), timedelta(days=2)),
    sla=st.none() | st.sampled_from(Standing),
)
QUIET = Facts(5, None, FrustrationLevel.CALM, None, False, timedelta())


def score(facts: Facts) -> int:
    return priority_of(facts, WEIGHTS).score


@given(FACTS)
def test_the_parts_add_up_and_each_says_why(facts: Facts) -> None:
    priority = priority_of(facts, WEIGHTS)
    assert priority.score == sum(p.points for p in priority.parts)
    assert all(p.points > 0 and p.why for p in priority.parts)


@given(FACTS)
def test_more_of_a_reason_never_lowers_it(facts: Facts) -> None:
    more = [
        replace(facts, rule_priority=max(1, facts.rule_priority - 1)),
        replace(facts, severity=Severity.CRITICAL),
        replace(facts, frustration=FrustrationLevel.FURIOUS),
        replace(facts, tier=Tier.GOLD),
        replace(facts, vulnerable=True),
        replace(facts, waited=facts.waited + timedelta(minutes=30)),
        replace(facts, sla=Standing.BREACHED),
    ]
    assert all(score(m) >= score(facts) for m in more)


def test_a_quiet_matter_that_waits_overtakes_a_slightly_worse_one_but_never_danger() -> None:
    waits = replace(QUIET, rule_priority=4, waited=timedelta(hours=3))
    fresh = replace(QUIET, rule_priority=3)
    danger = replace(QUIET, rule_priority=1, severity=Severity.CRITICAL)
    assert score(fresh) < score(waits) < score(danger)


def test_nothing_is_said_of_what_is_not_so() -> None:
    assert priority_of(QUIET, WEIGHTS).parts == ()
