"""Whether a new model may take the place of the present one: both read the same labelled messages.

    python -m bot.gate --new MODEL [--now MODEL] --test tests/nlu/test.jsonl --out report.json

Scores of few messages move by luck, so a difference counts only when messages drawn again and again from the set
(a paired bootstrap: the same draws for both models) agree that it is one. Aggregates only: no message is shown, for a
test set that is read is soon trained for.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from bot.nlu.labels import ACTS, CHALLENGES, TRIGGERS
from bot.scores import read_messages, truth_of
from bot.understand import Parse, load, quiet

DRAWS = 2000
HEAD_TOLERANCE, HEAD_SURE = 0.005, 0.95  # a head is worse when it fell by more, and so many draws agree
LABEL_TOLERANCE, LABEL_SURE = 0.05, 0.99  # a single label rests on few messages, and there are many labels
RULES = (
    f"A head is worse when its score fell by more than {HEAD_TOLERANCE} and {HEAD_SURE:.0%} of {DRAWS} paired draws agree; "
    f"a label when its F1 fell by more than {LABEL_TOLERANCE} and {LABEL_SURE:.0%} agree."
)


class Heard:
    """What a model found in messages, beside the truth, as arrays [messages, labels]."""

    def __init__(self, messages: list[dict[str, Any]], results: list[dict[str, Any]]) -> None:
        truth = truth_of(messages)
        self.truth = {head: truth[head].astype(bool) for head in ("acts", "challenges", "triggers")}
        self.found = {
            "acts": np.array([[r["dialogue_act"]["name"] == act for act in ACTS] for r in results]),
            "challenges": _named(results, "challenges", "type", CHALLENGES),
            "triggers": _named(results, "triggers", "name", TRIGGERS),
        }
        self.level_truth = np.array([m["frustration"] for m in messages], float)
        self.level_found = np.array([r["frustration"]["level"] for r in results], float)


def _named(results: list[dict[str, Any]], field: str, key: str, names: tuple[str, ...]) -> np.ndarray:
    return np.array([[name in {entry[key] for entry in r[field]} for name in names] for r in results])


LABELS = {"acts": ACTS, "challenges": CHALLENGES, "triggers": TRIGGERS}


def heard_by(parse: Parse, messages: list[dict[str, Any]]) -> Heard:
    return Heard(messages, [parse(message["text"]) for message in messages])


def label_scores(heard: Heard, head: str, draws: np.ndarray) -> np.ndarray:
    """F1 of each label in each draw [draws, labels]; nan where a draw holds none of it."""
    found, truth = heard.found[head], heard.truth[head]
    hits = draws @ (found & truth).astype(float)
    total = draws @ (found.astype(float) + truth.astype(float))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total > 0, 2 * hits / total, np.nan)


def head_scores(heard: Heard, draws: np.ndarray) -> dict[str, np.ndarray]:
    """Each head's score in each draw, the higher the better."""
    scores = {f"{head}: macro F1": _macro(heard, head, draws) for head in LABELS}
    none = ~heard.truth["challenges"].any(axis=1)
    alarms = none & heard.found["challenges"].any(axis=1)
    scores["challenges: no false alarm"] = 1 - (draws @ alarms.astype(float)) / np.maximum(draws @ none.astype(float), 1)
    scores["frustration: quadratic kappa"] = _kappa(heard.level_truth, heard.level_found, draws)
    return scores


def _macro(heard: Heard, head: str, draws: np.ndarray) -> np.ndarray:
    there = heard.truth[head].any(axis=0)
    if not there.any():
        return np.ones(len(draws))
    return np.nanmean(label_scores(heard, head, draws)[:, there], axis=1)


def _kappa(truth: np.ndarray, found: np.ndarray, draws: np.ndarray) -> np.ndarray:
    size = draws.sum(axis=1)
    apart = draws @ (truth - found) ** 2 / size
    mean_t, mean_f = draws @ truth / size, draws @ found / size
    by_chance = draws @ truth**2 / size + draws @ found**2 / size - 2 * mean_t * mean_f
    return 1 - np.divide(apart, by_chance, out=np.zeros_like(apart), where=by_chance > 0)


def draws_of(size: int) -> np.ndarray:
    """How often each draw takes each message. The first takes each once: it is the set itself."""
    generator = np.random.default_rng(0)
    drawn = generator.multinomial(size, np.full(size, 1 / size), DRAWS)
    return np.vstack([np.ones(size), drawn]).astype(float)


def compare(now: Heard, new: Heard) -> dict[str, Any]:
    """Every score of both, and where the new one is worse."""
    draws = draws_of(len(now.level_truth))
    before, after = head_scores(now, draws), head_scores(new, draws)
    heads = {name: _difference(before[name], after[name], HEAD_TOLERANCE, HEAD_SURE) for name in before}
    labels = {}
    for head, names in LABELS.items():
        was, is_now = label_scores(now, head, draws), label_scores(new, head, draws)
        for i, name in enumerate(names):
            if now.truth[head][:, i].any():
                labels[f"{head}: {name}"] = _difference(was[:, i], is_now[:, i], LABEL_TOLERANCE, LABEL_SURE)
    worse = [name for name, score in {**heads, **labels}.items() if score["worse"]]
    return {"heads": heads, "labels": labels, "worse": worse, "rules": RULES}


def _difference(now: np.ndarray, new: np.ndarray, tolerance: float, sure: float) -> dict[str, Any]:
    """The first of each is the set's own score. `agree`: the share of draws in which the new one is below."""
    fell, comparable = now[0] - new[0], ~(np.isnan(now[1:]) | np.isnan(new[1:]))
    agree = float((new[1:] < now[1:])[comparable].mean()) if comparable.any() else 0.0
    worse = bool(fell > tolerance and agree >= sure)
    return {"now": _rounded(now[0]), "new": _rounded(new[0]), "agree": round(agree, 4), "worse": worse}


def _rounded(value: float) -> float:
    return round(float(value), 4)


def scores_of(heard: Heard) -> dict[str, float]:
    """A model's own scores, for its manifest."""
    whole = np.ones((1, len(heard.level_truth)))
    return {name: _rounded(values[0]) for name, values in head_scores(heard, whole).items()}


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare a new model with the present one.")
    parser.add_argument("--new", type=Path, required=True)
    parser.add_argument("--now", type=Path, help="without it, the new one is only measured")
    parser.add_argument("--test", type=Path, default=Path("tests/nlu/test.jsonl"))
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    quiet()
    messages = read_messages(options.test)
    new = heard_by(load(options.new), messages)
    report: dict[str, Any] = {"set": options.test.name, "messages": len(messages), "scores": scores_of(new)}
    if options.now:
        now = heard_by(load(options.now), messages)
        report |= {"scores_now": scores_of(now), **compare(now, new)}
    options.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
