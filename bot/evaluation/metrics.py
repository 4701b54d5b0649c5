"""Scores, as pure functions of arrays, for a set of messages and for many draws from it at once.

`draws` [draws, messages] says how often each draw takes each message; its first row is the set itself, so the first of
what a function returns is the score and the rest its bootstrap. A score that a draw cannot tell is nan.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SAMPLES = 1000
BINS = 10
MANY = 2000  # negatives compared at most for AUROC: more change the third decimal at most


def draws_of(size: int, samples: int = SAMPLES) -> np.ndarray:
    """The set itself, then draws of as many messages with replacement; the same for every system."""
    if not size:
        return np.zeros((1 + samples, 0))
    drawn = np.random.default_rng(0).multinomial(size, np.full(size, 1 / size), samples)
    return np.vstack([np.ones(size), drawn]).astype(float)


@dataclass(frozen=True)
class Interval:
    """A score with its 95% bootstrap interval."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, scores: np.ndarray) -> Interval:
        known = scores[1:][~np.isnan(scores[1:])]
        low, high = np.percentile(known, [2.5, 97.5]) if len(known) else (np.nan, np.nan)
        return cls(float(scores[0]), float(low), float(high))


def over(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Division, nan where there is nothing to divide by."""
    part, whole = np.broadcast_arrays(np.asarray(part, float), np.asarray(whole, float))
    return np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)


def rate(event: np.ndarray, among: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """How often `event` holds among the messages where `among` does."""
    return over(draws @ (event & among).astype(float), draws @ among.astype(float))


def precision(found: np.ndarray, truth: np.ndarray, draws: np.ndarray) -> np.ndarray:
    return rate(truth, found, draws)


def recall(found: np.ndarray, truth: np.ndarray, draws: np.ndarray) -> np.ndarray:
    return rate(found, truth, draws)


def f1(found: np.ndarray, truth: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """F1 of one label, or with arrays [messages, labels] of each: [draws, labels]."""
    hits = draws @ (found & truth).astype(float)
    return over(2 * hits, draws @ found.astype(float) + draws @ truth.astype(float))


def macro_f1(found: np.ndarray, truth: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """Mean F1 over the labels (columns) that the set has; a draw without one of them leaves it out."""
    there = truth.any(axis=0)
    if not there.any():
        return np.full(len(draws), np.nan)
    scores = f1(found[:, there], truth[:, there], draws)
    known = ~np.isnan(scores)
    return over(np.where(known, scores, 0).sum(axis=1), known.sum(axis=1))


def quadratic_kappa(found: np.ndarray, truth: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """Agreement of two scales beyond chance, a mistake of two steps counting four times one of one."""
    found, truth, size = found.astype(float), truth.astype(float), draws.sum(axis=1)
    apart = over(draws @ (truth - found) ** 2, size)
    means = over(draws @ truth, size) * over(draws @ found, size)
    by_chance = over(draws @ truth**2 + draws @ found**2, size) - 2 * means
    return 1 - over(apart, by_chance)


def calibration_error(chances: np.ndarray, right: np.ndarray, owner: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """ECE: the gap between the chance given and the share that came true, weighted over ten bins of chance.

    One chance for each judgement [n]; `owner` [n] is the message it was about, for messages are what is drawn.
    """
    told, came, counted = (np.zeros((draws.shape[1], BINS)) for _ in range(3))
    place = (owner, bins_of(chances))
    np.add.at(told, place, chances)
    np.add.at(came, place, right.astype(float))
    np.add.at(counted, place, 1.0)
    gaps = np.abs(draws @ told - draws @ came).sum(axis=1)
    return over(gaps, (draws @ counted).sum(axis=1))


def bins_of(chances: np.ndarray) -> np.ndarray:
    return np.clip((chances * BINS).astype(int), 0, BINS - 1)


def reliability(chances: np.ndarray, right: np.ndarray) -> list[tuple[float, float, int]]:
    """For every bin that has any: the mean chance, the share that came true, how many."""
    bins = bins_of(chances)
    there = [bins == b for b in range(BINS) if (bins == b).any()]
    return [(float(chances[b].mean()), float(right[b].mean()), int(b.sum())) for b in there]


def auroc(scores: np.ndarray, truth: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """How often a message of which it is true scores above one of which it is not; ties count half."""
    yes, no = np.flatnonzero(truth), np.flatnonzero(~truth)
    if len(no) > MANY:
        no = np.random.default_rng(0).choice(no, MANY, replace=False)
    above = (scores[yes][:, None] > scores[no]) + 0.5 * (scores[yes][:, None] == scores[no])
    weight_yes, weight_no = draws[:, yes], draws[:, no]
    return over(((weight_yes @ above) * weight_no).sum(axis=1), weight_yes.sum(axis=1) * weight_no.sum(axis=1))


def micro_f1(found: np.ndarray, truth: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """F1 over all labels [messages, labels] together: steadier than the macro F1 where there are few messages."""
    hits = draws @ (found & truth).sum(axis=1).astype(float)
    return over(2 * hits, draws @ (found.sum(axis=1) + truth.sum(axis=1)).astype(float))
