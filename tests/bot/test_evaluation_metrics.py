"""Scores agree with examples worked out by hand, and intervals behave."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score, f1_score, roc_auc_score

from bot.evaluation import metrics
from bot.evaluation.metrics import Interval, draws_of
from bot.folds import stratified

LEVEL_PAIRS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=60)
FLAG_PAIRS = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60)


def flags(text: str) -> np.ndarray:
    return np.array([letter == "1" for letter in text])


def of_the_set(scores: np.ndarray) -> float:
    return float(scores[0])


def test_f1_of_two_hits_one_miss_and_one_false_alarm_is_two_thirds() -> None:
    found, truth = flags("11100"), flags("11010")
    assert of_the_set(metrics.f1(found, truth, draws_of(5))) == pytest.approx(2 / 3)
    assert of_the_set(metrics.precision(found, truth, draws_of(5))) == pytest.approx(2 / 3)
    assert of_the_set(metrics.recall(found, truth, draws_of(5))) == pytest.approx(2 / 3)


def test_macro_f1_is_the_mean_over_labels_that_the_set_has() -> None:
    truth = np.array([[1, 0, 0], [1, 0, 0], [0, 1, 0]], bool)
    found = np.array([[1, 0, 0], [0, 0, 0], [0, 1, 1]], bool)
    assert of_the_set(metrics.macro_f1(found, truth, draws_of(3))) == pytest.approx((2 / 3 + 1) / 2)
    assert of_the_set(metrics.micro_f1(found, truth, draws_of(3))) == pytest.approx(2 * 2 / (3 + 3))


def test_a_rate_counts_only_among_what_it_is_about() -> None:
    alarm, quiet = flags("1011"), flags("1110")
    assert of_the_set(metrics.rate(alarm, quiet, draws_of(4))) == pytest.approx(2 / 3)


def test_what_nothing_can_tell_is_no_number() -> None:
    nothing = flags("000")
    assert math.isnan(of_the_set(metrics.f1(nothing, nothing, draws_of(3))))
    assert math.isnan(Interval.of(np.full(11, np.nan)).low)


def test_calibration_error_is_the_gap_of_each_bin_weighted_by_its_size() -> None:
    chances, right = np.array([0.9, 0.9, 0.9, 0.9, 0.5, 0.5]), flags("111010")
    # The bin of .9 came true 3 times in 4 (a gap of .15), the bin of .5 once in 2 (none).
    error = metrics.calibration_error(chances, right, np.arange(6), draws_of(6))
    assert of_the_set(error) == pytest.approx(4 / 6 * 0.15)
    assert metrics.reliability(chances, right) == [(0.5, 0.5, 2), (pytest.approx(0.9), 0.75, 4)]


@given(LEVEL_PAIRS)
def test_kappa_is_that_of_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    found, truth = np.array(pairs).T
    ours = of_the_set(metrics.quadratic_kappa(found, truth, draws_of(len(pairs), 1)))
    if len({*found, *truth}) > 1:
        assert ours == pytest.approx(cohen_kappa_score(truth, found, weights="quadratic", labels=[0, 1, 2, 3]))
    else:
        assert math.isnan(ours)


@given(FLAG_PAIRS)
def test_f1_is_that_of_scikit_learn(pairs: list[tuple[bool, bool]]) -> None:
    found, truth = np.array(pairs).T
    if found.any() or truth.any():
        ours = of_the_set(metrics.f1(found, truth, draws_of(len(pairs), 1)))
        assert ours == pytest.approx(f1_score(truth, found))


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=40))
def test_auroc_is_that_of_scikit_learn(pairs: list[tuple[int, bool]]) -> None:
    scores, truth = np.array([s for s, _ in pairs], float), np.array([t for _, t in pairs])
    if truth.any() and not truth.all():
        ours = of_the_set(metrics.auroc(scores, truth, draws_of(len(pairs), 1)))
        assert ours == pytest.approx(roc_auc_score(truth, scores))


@given(FLAG_PAIRS)
def test_an_interval_holds_its_own_bounds_in_order_and_within_what_is_possible(
    pairs: list[tuple[bool, bool]],
) -> None:
    found = np.array(pairs)[:, 0]
    told = Interval.of(metrics.rate(found, np.ones(len(pairs), bool), draws_of(len(pairs), 200)))
    assert 0 <= told.low <= told.high <= 1
    assert told.value == pytest.approx(found.mean())


def test_the_same_draws_are_made_again_and_the_first_is_the_set_itself() -> None:
    assert (draws_of(7) == draws_of(7)).all()
    assert (draws_of(7)[0] == 1).all()
    assert (draws_of(7).sum(axis=1) == 7).all()


def test_more_messages_give_a_narrower_interval() -> None:
    def width(copies: int) -> float:
        found = np.tile(flags("1101"), copies)
        told = Interval.of(metrics.rate(found, np.ones(len(found), bool), draws_of(len(found))))
        return told.high - told.low

    assert width(100) < width(10) < width(2)


@given(st.lists(st.tuples(*[st.booleans()] * 4), min_size=4, max_size=120), st.integers(2, 5))
def test_folds_are_of_one_size_and_the_rarest_label_is_in_each_equally_often(
    rows: list[tuple[bool, ...]], folds: int
) -> None:
    truth = np.array(rows, int)
    fold = stratified(truth, folds)
    rarest = int(np.argsort(truth.sum(axis=0), kind="stable")[0])
    counts = [int(truth[fold == f, rarest].sum()) for f in range(folds)]
    assert set(fold) <= set(range(folds))
    assert max(counts) - min(counts) <= 1
