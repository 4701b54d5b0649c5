"""A change is spoken of when it is large and not by chance, and never from a handful of messages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.drift import ENOUGH, Verdict, chi_squared_tail, compare, stability_index

counts = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 3000))


@pytest.mark.parametrize(
    ("statistic", "degrees", "chance"),  # from tables
    [(3.841, 1, 0.05), (18.307, 10, 0.05), (6.635, 1, 0.01), (0.584, 3, 0.9), (42.312, 18, 0.001)],
)
def test_the_tail_agrees_with_the_tables(statistic: float, degrees: int, chance: float) -> None:
    assert chi_squared_tail(statistic, degrees) == pytest.approx(chance, rel=2e-3)


def test_the_index_of_a_known_change() -> None:
    assert stability_index([(500, 600), (500, 400)]) == pytest.approx(0.0405, abs=2e-4)


@given(counts)
def test_nothing_drifts_from_itself(months: dict[str, int]) -> None:
    found = compare(months, months)
    assert found.index == pytest.approx(0)
    assert found.verdict in (Verdict.STEADY, Verdict.TOO_FEW)


@given(counts, counts)
def test_any_two_months_can_be_compared(before: dict[str, int], now: dict[str, int]) -> None:
    found = compare(before, now)
    assert 0 <= found.chance <= 1
    assert found.index >= 0
    assert (found.verdict is Verdict.TOO_FEW) == (min(found.before, found.now) < ENOUGH)


@given(counts, counts)
def test_it_does_not_matter_which_month_was_first(before: dict[str, int], now: dict[str, int]) -> None:
    there, back = compare(before, now), compare(now, before)
    assert there.index == pytest.approx(back.index)
    assert there.chance == pytest.approx(back.chance)


def test_few_messages_say_nothing_however_different_they_are() -> None:
    assert compare({"a": 90}, {"b": 90}).verdict is Verdict.TOO_FEW


def test_a_large_change_of_many_messages_is_one() -> None:
    found = compare({"late": 200, "lost": 800}, {"late": 500, "lost": 500})
    assert found.verdict is Verdict.CHANGED_MUCH
    assert [s.name for s in found.moved] == ["late", "lost"]


def test_a_small_difference_of_many_messages_is_slight() -> None:
    assert compare({"a": 5000, "b": 5000}, {"a": 5300, "b": 4700}).verdict is Verdict.SLIGHT


def test_a_difference_that_chance_makes_is_steady() -> None:
    assert compare({"a": 100, "b": 100}, {"a": 108, "b": 92}).verdict is Verdict.STEADY


def test_rare_kinds_alone_make_no_drift() -> None:
    before = {"a": 1000, **{f"rare{n}": 1 for n in range(4)}}
    now = {"a": 1000, **{f"other{n}": 1 for n in range(4)}}
    assert compare(before, now).verdict is Verdict.STEADY
