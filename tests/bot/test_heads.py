"""Heads, their calibration and the evidence beside them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calibrate import GRID, platt, threshold
from bot.nlu import calibration, cues
from bot.nlu.challenges import MOST_POSSIBLE, POSSIBLE, told_apart
from bot.nlu.evidence import matched, within_none
from bot.nlu.features import Row, stacked
from bot.nlu.head import Head, sigmoid, softmax
from bot.nlu.labels import ACTS, CHALLENGES, TRIGGERS

ROWS = [Row(np.array([i]), np.ones(1, np.float32), 6) for i in range(6)]
TRUTH = np.array([[1, 0], [1, 0], [1, 0], [0, 0], [0, 0], [0, 0]])


def fitted() -> Head:
    return Head.fit(("seen", "never"), stacked(ROWS), TRUTH, np.ones(6, np.float32), 4.0)


def scores(head: Head) -> np.ndarray:
    return np.stack([head.logits(row) for row in ROWS])


def test_a_head_tells_what_it_was_taught() -> None:
    assert (scores(fitted())[:, 0] > 0).tolist() == [True, True, True, False, False, False]


def test_a_label_that_was_never_true_stays_silent() -> None:
    assert (sigmoid(scores(fitted())[:, 1]) < 0.01).all()


def test_a_head_survives_being_stored(tmp_path: Path) -> None:
    head = fitted()
    head.save(tmp_path)
    assert np.allclose(scores(Head.load(tmp_path)), scores(head))


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=20))
def test_chances_of_acts_add_up_to_one(scores: list[float]) -> None:
    assert np.isclose(softmax(np.array(scores)).sum(), 1)


def test_calibration_makes_overconfidence_modest() -> None:
    logits = np.array([8.0] * 10 + [-8.0] * 10)
    truth = np.array([1] * 8 + [0] * 2 + [0] * 8 + [1] * 2)
    slope, shift = platt(logits, truth, None)
    assert sigmoid(slope * 8 + shift) == pytest.approx(0.8, abs=0.02)


def test_a_threshold_lies_between_the_right_and_the_wrong() -> None:
    chances = np.array([0.9, 0.8, 0.85, 0.3, 0.2, 0.32])
    truth = np.array([1, 1, 1, 0, 0, 0])
    assert 0.32 < threshold(chances, truth, np.zeros_like(GRID)) < 0.8


@pytest.mark.parametrize(("head", "labels"), [("acts", ACTS), ("challenges", CHALLENGES), ("triggers", TRIGGERS)])
def test_every_label_is_calibrated(head: str, labels: tuple[str, ...]) -> None:
    assert set(calibration.stored()[head]) == set(labels)


@pytest.mark.parametrize(
    ("trigger", "text", "words"),
    [("legal_threat", "see you in court, my solicitor says", ["court", "solicitor"]),
     ("long_wait", "three weeks now", ["three weeks"]),
     ("human_request", "let me talk to a real person", ["talk to", "real person"])],
)  # fmt: skip
def test_a_triggers_evidence_is_its_own_words(trigger: str, text: str, words: list[str]) -> None:
    assert matched(text, (f"{trigger}.",)) == words


def test_evidence_shows_no_word_twice() -> None:
    assert within_none(["same thing", "thing", "bot"]) == ["same thing", "bot"]


def test_every_trigger_has_a_cue() -> None:
    assert {name.split(".")[0] for name in cues.PATTERNS} >= set(TRIGGERS) | set(CHALLENGES)


def test_a_cue_counts_however_it_is_typed() -> None:
    shouted, said = cues.count("This is RIDICULOUS, THIRD time"), cues.count("this is ridiculous, third time")
    assert np.array_equal(shouted[: len(cues.PATTERNS)], said[: len(cues.PATTERNS)])
    assert said[: len(cues.PATTERNS)].any()


@given(st.lists(st.floats(0, 1), min_size=len(CHALLENGES), max_size=len(CHALLENGES)))
def test_what_may_be_meant_is_apart_from_what_is_stood_by_and_never_a_long_list(chances: list[float]) -> None:
    stood_by, possible = told_apart(np.array(chances), np.full(len(CHALLENGES), 0.4))
    assert not {t["type"] for t in stood_by} & {t["type"] for t in possible}
    assert len(possible) <= MOST_POSSIBLE
    assert all(t["confidence"] >= POSSIBLE - 1e-4 for t in possible)
    assert all(t["confidence"] >= 0.4 - 1e-4 for t in stood_by)
