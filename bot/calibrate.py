"""Choose each head's calibration and thresholds from messages that the model was not trained on.

    python -m bot.calibrate --model MODEL

These are the development sets. (The training messages by cross-validation would not do: the encoder's adapted branch
has seen them.) Writes `bot/nlu/calibration.json`. The model's weights do not depend on it, so it is read when a model is
loaded: run this again after the training messages, the features or the heads change.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from scipy.ndimage import gaussian_filter
from scipy.optimize import minimize
from sklearn.metrics import cohen_kappa_score, f1_score

from bot.nlu import calibration
from bot.nlu.head import sigmoid, softmax
from bot.nlu.labels import ACTS, AT_LEAST, CHALLENGES, TRIGGERS
from bot.scores import Scores, read_messages, score_messages
from bot.understand import quiet

PRIOR_STRENGTH = 4.0  # how firmly a label's own calibration is held to its head's common one
LEAST, MOST = 0.3, 0.85  # thresholds outside would trust a few messages of the development set too much
FALSE_ALARMS = 0.03  # at most, on messages that tell of no challenge
HIGHEST_FLOOR = 0.45  # false alarms are kept rare only this far: beyond, too much would be missed
GRID = np.arange(LEAST, MOST + 0.001, 0.01)
SMOOTHING = 0.06  # width, in probability, over which a threshold's worth is averaged: the peak itself is luck


def loss(probabilities: np.ndarray, truth: np.ndarray) -> float:
    p = np.clip(probabilities, 1e-6, 1 - 1e-6)
    return float(-(truth * np.log(p) + (1 - truth) * np.log(1 - p)).sum())


def platt(logits: np.ndarray, truth: np.ndarray, prior: tuple[float, float] | None) -> tuple[float, float]:
    """Slope and shift that make sigmoid(slope * logit + shift) honest, near `prior` where there is one."""
    start = prior or (1.0, 0.0)

    def cost(x: np.ndarray) -> float:
        held = PRIOR_STRENGTH * float(((x - start) ** 2).sum()) if prior else 0.0
        return loss(sigmoid(x[0] * logits + x[1]), truth) + held

    found = minimize(cost, np.asarray(start), method="L-BFGS-B", bounds=[(0.1, 5), (-6, 6)])
    return float(found.x[0]), float(found.x[1])


def f1_curve(probabilities: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """F1 at every threshold of GRID."""
    chosen = probabilities[:, None] >= GRID[None, :]
    hits = (chosen & truth[:, None].astype(bool)).sum(axis=0)
    return 2 * hits / np.maximum(chosen.sum(axis=0) + truth.sum(), 1)


def threshold(probabilities: np.ndarray, truth: np.ndarray, common: np.ndarray) -> float:
    """The best threshold, judged by the label's own F1 and, for what that leaves open, its head's mean F1."""
    return best(f1_curve(probabilities, truth) + common)


def best(worth: np.ndarray) -> float:
    """Where a curve over GRID is highest once it is smoothed."""
    window = np.exp(-0.5 * ((GRID[:, None] - GRID[None, :]) / SMOOTHING) ** 2)
    smooth = window @ worth / window.sum(axis=1)
    return float(GRID[int(np.argmax(smooth))])


def label_entries(labels: tuple[str, ...], logits: np.ndarray, truth: np.ndarray) -> dict[str, Any]:
    """Calibration of a head whose labels are judged one by one; arrays are [messages, labels]."""
    common = platt(logits.ravel(), truth.ravel(), None)
    pairs = [platt(logits[:, i], truth[:, i], common) for i in range(len(labels))]
    chances = np.stack([sigmoid(a * logits[:, i] + b) for i, (a, b) in enumerate(pairs)], axis=1)
    mean = np.mean([f1_curve(chances[:, i], truth[:, i]) for i in range(len(labels))], axis=0)
    entries = {}
    for i, (label, (slope, shift)) in enumerate(zip(labels, pairs)):
        cut = threshold(chances[:, i], truth[:, i], mean)
        entries[label] = {"slope": round(slope, 4), "shift": round(shift, 4), "threshold": round(cut, 2)}
    return entries


def act_entries(logits: np.ndarray, truth: np.ndarray) -> dict[str, Any]:
    """One temperature for all dialogue acts, and a shift for each: the training messages have other shares of them."""
    right, rows = truth.argmax(axis=1), np.arange(len(truth))

    def cost(x: np.ndarray) -> float:
        chances = softmax(x[0] * logits + x[1:])[rows, right]
        return float(-np.log(chances + 1e-9).sum() + PRIOR_STRENGTH * (x[1:] ** 2).sum())

    found = minimize(cost, np.r_[1.0, np.zeros(len(ACTS))], method="L-BFGS-B").x
    slope = round(float(found[0]), 4)
    return {act: {"slope": slope, "shift": round(float(s), 4), "threshold": 0.5} for act, s in zip(ACTS, found[1:])}


def level_entries(logits: np.ndarray, truth: np.ndarray) -> dict[str, Any]:
    """Thresholds of the frustration levels, chosen together: they share one kappa."""
    entries = label_entries(AT_LEAST, logits, truth)
    chances = sigmoid(logits * [e["slope"] for e in entries.values()] + [e["shift"] for e in entries.values()])
    grid = np.arange(0.3, 0.701, 0.04)
    worth = np.array([[[level_worth(chances, truth, (a, b, c)) for c in grid] for b in grid] for a in grid])
    best = np.unravel_index(np.argmax(gaussian_filter(worth, 1.5, mode="nearest")), worth.shape)
    for entry, index in zip(entries.values(), best):
        entry["threshold"] = round(float(grid[index]), 2)
    return entries


def level_worth(chances: np.ndarray, truth: np.ndarray, cuts: tuple[float, ...]) -> float:
    """Quadratic kappa, the F1 of level 1 and above, and exact agreement, together."""
    found = np.cumprod(np.minimum.accumulate(chances, axis=1) >= cuts, axis=1)
    level, right = found.sum(axis=1), truth.sum(axis=1)
    kappa = cohen_kappa_score(right, level, weights="quadratic")
    return float(kappa + f1_score(truth[:, 0], found[:, 0]) + (level == right).mean())


def challenge_entries(logits: np.ndarray, truth: np.ndarray) -> dict[str, Any]:
    """One threshold for all types, no lower than what keeps false alarms rare.

    A threshold for each, from a few dozen messages that tell of it, did worse on every set that had no part in it.
    """
    entries = label_entries(CHALLENGES, logits, truth)
    chances = sigmoid(logits * [e["slope"] for e in entries.values()] + [e["shift"] for e in entries.values()])
    quiet_ones = chances[~truth.any(axis=1)]
    common = best(np.mean([f1_curve(chances[:, i], truth[:, i]) for i in range(len(CHALLENGES))], axis=0))
    floors = (f for f in np.arange(common, HIGHEST_FLOOR, 0.01)
              if (quiet_ones >= f).any(axis=1).mean() <= FALSE_ALARMS)  # fmt: skip
    floor = next(floors, max(common, HIGHEST_FLOOR))
    for entry in entries.values():
        entry["threshold"] = round(float(floor), 2)
    return entries


def calibrate(held: Scores) -> dict[str, Any]:
    logits, truth = held.logits, held.truth
    return {
        "acts": act_entries(logits["acts"], truth["acts"]),
        "challenges": challenge_entries(logits["challenges"], truth["challenges"]),
        "frustration": level_entries(logits["frustration"], truth["frustration"]),
        "triggers": label_entries(TRIGGERS, logits["triggers"], truth["triggers"]),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="Calibrate the heads on messages they do not know.")
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--dev", type=Path, nargs="+", default=sorted(Path("tests/nlu").glob("dev*.jsonl")))
    parser.add_argument("--out", type=Path, default=calibration.PATH)
    options = parser.parse_args()
    quiet()
    messages = [message for path in options.dev for message in read_messages(path)]
    found = calibrate(score_messages(options.model, messages))
    options.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(f"Calibration of {sum(map(len, found.values()))} labels written to {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
