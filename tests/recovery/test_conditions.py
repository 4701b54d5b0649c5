"""A rule's conditions, on facts that may be missing."""

from hypothesis import given
from hypothesis import strategies as st

from recovery.conditions import Condition, judge

VALUES = st.one_of(st.booleans(), st.integers(-5, 5), st.sampled_from(["late", "lost"]))
CONDITIONS = st.one_of(
    st.builds(Condition, st.sampled_from("abc"), is_in=st.lists(VALUES, min_size=1, max_size=3).map(tuple)),
    st.builds(Condition, st.sampled_from("abc"), at_least=st.integers(-5, 5)),
    st.builds(Condition, st.sampled_from("abc"), at_most=st.integers(-5, 5)),
)
FACTS = st.dictionaries(st.sampled_from("abc"), VALUES)


def test_a_fact_that_is_not_known_satisfies_nothing() -> None:
    assert not Condition("days_late", at_least=0).holds({})
    assert not Condition("tier", is_in=("gold",)).holds({})


def test_a_word_is_neither_more_nor_less_than_a_number() -> None:
    assert not Condition("tier", at_least=0).holds({"tier": "gold"})
    assert not Condition("tier", at_most=9).holds({"tier": "gold"})


def test_between_includes_both_ends() -> None:
    between = Condition("days_late", at_least=2, at_most=4)
    assert [n for n in range(7) if between.holds({"days_late": n})] == [2, 3, 4]


def test_a_rule_without_conditions_holds() -> None:
    assert judge((), {}).holds


@given(st.lists(CONDITIONS, max_size=4).map(tuple), FACTS)
def test_a_rule_holds_exactly_when_every_condition_does(conditions: tuple[Condition, ...], facts: dict) -> None:  # type: ignore[type-arg]
    verdict = judge(conditions, facts)
    assert verdict.holds == all(c.holds(facts) for c in conditions)
    assert verdict.nearly == (sum(not c.holds(facts) for c in conditions) == 1)


@given(st.integers(-9, 9), st.integers(-9, 9))
def test_what_is_at_least_a_number_is_at_least_any_smaller_one(number: int, bound: int) -> None:
    if Condition("n", at_least=bound).holds({"n": number}):
        assert Condition("n", at_least=bound - 1).holds({"n": number})
