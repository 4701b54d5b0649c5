"""How well a trained model understands labelled messages that it was not trained on.

    python -m bot.evaluate --model MODEL [--json FILE] [--hide-messages] tests/nlu/dev.jsonl …

Prints one table for each set, with 95% intervals by bootstrap over messages, and the worst confusions.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import cohen_kappa_score

from bot.nlu.labels import ACTS, CHALLENGES, TRIGGERS
from bot.scores import read_messages, truth_of
from bot.understand import load, quiet

SAMPLES = 500
BINS = 10
Metric = Callable[[np.ndarray], float]


def f1(found: np.ndarray, truth: np.ndarray) -> float:
    """F1 of one label; 1 where there was nothing to find and nothing was found."""
    total = int(found.sum() + truth.sum())
    return 2 * int((found & truth).sum()) / total if total else 1.0


def macro_f1(found: np.ndarray, truth: np.ndarray) -> float:
    """Mean F1 over the labels (columns) that the set has."""
    scores = [f1(found[:, i], truth[:, i]) for i in range(truth.shape[1]) if truth[:, i].any()]
    return float(np.mean(scores))


def calibration_error(confidence: np.ndarray, right: np.ndarray) -> float:
    """ECE: the mean gap between confidence and accuracy over bins of confidence."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = [abs(confidence[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean() for b in set(bins)]
    return float(sum(gaps))


class Judged:
    """Results beside truth, as arrays over messages."""

    def __init__(self, messages: list[dict[str, Any]], results: list[dict[str, Any]]) -> None:
        truth = truth_of(messages)
        self.messages, self.results = messages, results
        self.act_truth = truth["acts"].astype(bool)
        self.act_found = np.array([[r["dialogue_act"]["name"] == act for act in ACTS] for r in results])
        self.act_confidence = np.array([r["dialogue_act"]["confidence"] for r in results])
        self.challenge_truth = truth["challenges"].astype(bool)
        self.challenge_found = _named(results, "challenges", "type", CHALLENGES)
        self.trigger_truth = truth["triggers"].astype(bool)
        self.trigger_found = _named(results, "triggers", "name", TRIGGERS)
        self.level_truth = np.array([m["frustration"] for m in messages])
        self.level_found = np.array([r["frustration"]["level"] for r in results])

    def metrics(self) -> dict[str, Metric]:
        """Each a function of the message indices it is computed on."""
        none = ~self.challenge_truth.any(axis=1)
        return {
            "acts macro F1": lambda i: macro_f1(self.act_found[i], self.act_truth[i]),
            "acts accuracy": lambda i: float((self.act_found & self.act_truth)[i].any(axis=1).mean()),
            "acts calibration error": lambda i: calibration_error(
                self.act_confidence[i], (self.act_found & self.act_truth)[i].any(axis=1)
            ),
            "challenges macro F1": lambda i: macro_f1(self.challenge_found[i], self.challenge_truth[i]),
            "challenges false alarms": lambda i: float(self.challenge_found[i][none[i]].any(axis=1).mean()),
            "challenges calibration error": self._challenge_calibration,
            "frustration quadratic kappa": lambda i: float(
                cohen_kappa_score(self.level_truth[i], self.level_found[i], weights="quadratic", labels=[0, 1, 2, 3])
            ),
            "frustration F1 (level >= 1)": lambda i: f1(self.level_found[i] > 0, self.level_truth[i] > 0),
            "triggers macro F1": lambda i: macro_f1(self.trigger_found[i], self.trigger_truth[i]),
        }

    def _challenge_calibration(self, indices: np.ndarray) -> float:
        pairs = [(c["confidence"], c["type"] in self.messages[i]["challenges"])
                 for i in indices for c in self.results[i]["challenges"]]  # fmt: skip
        confidence, right = np.array(pairs, float).T
        return calibration_error(confidence, right)

    def confusions(self) -> dict[str, list[tuple[str, int]]]:
        """The most frequent mistakes, "truth -> found"."""
        acts: Counter[str] = Counter()
        kinds: Counter[str] = Counter()
        for message, result in zip(self.messages, self.results):
            found = result["dialogue_act"]["name"]
            acts[f"{message['dialogue_act']} -> {found}"] += found != message["dialogue_act"]
            kinds.update(_differences(set(message["challenges"]), {c["type"] for c in result["challenges"]}))
        levels = Counter(f"{t} -> {f}" for t, f in zip(self.level_truth, self.level_found) if t != f)
        return {"acts": (+acts).most_common(8), "challenges": kinds.most_common(8), "levels": levels.most_common(6)}

    def by_label(self) -> dict[str, float]:
        heads = ((CHALLENGES, self.challenge_found, self.challenge_truth),
                 (TRIGGERS, self.trigger_found, self.trigger_truth),
                 (ACTS, self.act_found, self.act_truth))  # fmt: skip
        return {name: round(f1(found[:, i], truth[:, i]), 3)
                for names, found, truth in heads for i, name in enumerate(names)}  # fmt: skip

    def mistakes(self) -> list[dict[str, Any]]:
        """Messages whose labels were missed, for people to read."""
        rows = zip(self.messages, self.results)
        return [{**m, "found": r} for m, r in rows if m["dialogue_act"] != r["dialogue_act"]["name"]
                or set(m["challenges"]) != {c["type"] for c in r["challenges"]}
                or set(m["triggers"]) != {t["name"] for t in r["triggers"]}
                or m["frustration"] != r["frustration"]["level"]]  # fmt: skip


def _named(results: list[dict[str, Any]], field: str, key: str, names: tuple[str, ...]) -> np.ndarray:
    return np.array([[name in {entry[key] for entry in r[field]} for name in names] for r in results])


def _differences(truth: set[str], found: set[str]) -> list[str]:
    missed, extra = sorted(truth - found) or ["nothing"], sorted(found - truth) or ["nothing"]
    return [f"{a} -> {b}" for a in missed for b in extra if (a, b) != ("nothing", "nothing")]


def interval(metric: Metric, size: int) -> tuple[float, float, float]:
    """The value and its 95% bootstrap interval."""
    generator = np.random.default_rng(0)
    samples = [metric(generator.integers(0, size, size)) for _ in range(SAMPLES)]
    low, high = np.nanpercentile(samples, [2.5, 97.5])
    return metric(np.arange(size)), float(low), float(high)


def evaluate(parse: Callable[[str], dict[str, Any]], path: Path, hide: bool) -> dict[str, Any]:
    messages = read_messages(path)
    judged = Judged(messages, [parse(message["text"]) for message in messages])
    rows = {name: interval(metric, len(messages)) for name, metric in judged.metrics().items()}
    report = {"set": path.name, "messages": len(messages), "f1_by_label": judged.by_label()}
    report["metrics"] = {n: {"value": v, "low": lo, "high": hi} for n, (v, lo, hi) in rows.items()}
    if not hide:
        report |= {"confusions": judged.confusions(), "mistakes": judged.mistakes()}
    return report


def show(report: dict[str, Any]) -> None:
    print(f"\n{report['set']}: {report['messages']} messages\n{'':30} value   95% interval")
    for name, m in report["metrics"].items():
        print(f"{name:30} {m['value']:.3f}   {m['low']:.3f} to {m['high']:.3f}")
    print("F1 by label: " + ", ".join(f"{name} {value:.2f}" for name, value in report["f1_by_label"].items()))
    for head, pairs in report.get("confusions", {}).items():
        print(f"Confusions, {head} (truth -> found): " + ", ".join(f"{pair} ×{n}" for pair, n in pairs))


def main() -> int:
    parser = argparse.ArgumentParser(description="Evaluate a model on labelled messages.")
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--json", type=Path, help="also write everything here")
    parser.add_argument("--hide-messages", action="store_true", help="aggregates only: what a test set may show")
    parser.add_argument("sets", type=Path, nargs="+")
    options = parser.parse_args()
    quiet()
    parse = load(options.model)
    reports = [evaluate(parse, path, options.hide_messages) for path in options.sets]
    for report in reports:
        show(report)
    if options.json:
        options.json.write_text(json.dumps(reports, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
