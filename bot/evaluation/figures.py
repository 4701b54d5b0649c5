"""The figures of a system's answers to a set: each over many draws, so that intervals and differences come from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.evaluation import metrics
from bot.evaluation.answers import LABELS, Judged
from bot.evaluation.metrics import Interval

Scores = dict[str, np.ndarray]
AIMS = {
    "challenge types, macro F1": "≥ .90",
    "false alarms on messages without a challenge": "≤ 3%",
    "frustration, quadratic kappa": "≥ .80",
    "frustration, F1 of level 1 and above": "≥ .85",
    "triggers, macro F1": "≥ .85",
    "dialogue acts, macro F1": "≥ .85",
}
OUT_OF_SCOPE = LABELS["acts"].index("out_of_scope")


def main_scores(judged: Judged, draws: np.ndarray) -> Scores:
    """What the aims are about, under the names of `AIMS`."""
    found, truth = judged.found, judged.truth
    none = ~truth["challenges"].any(axis=1)
    values = [
        metrics.macro_f1(found["challenges"], truth["challenges"], draws),
        metrics.rate(found["challenges"].any(axis=1), none, draws),
        metrics.quadratic_kappa(judged.level_found, judged.level_truth, draws),
        metrics.f1(judged.level_found > 0, judged.level_truth > 0, draws),
        metrics.macro_f1(found["triggers"], truth["triggers"], draws),
        metrics.macro_f1(found["acts"], truth["acts"], draws),
    ]
    return dict(zip(AIMS, values))


def scope_scores(judged: Judged, draws: np.ndarray) -> Scores:
    """Whether a message that is none of our business is seen as one."""
    truth, found = judged.truth["acts"][:, OUT_OF_SCOPE], judged.found["acts"][:, OUT_OF_SCOPE]
    unclear = np.array([answer["unclear"] is not None for answer in judged.answers])
    scores = {}
    if "acts" in judged.chances:
        chance = np.array(judged.chances["acts"])[:, OUT_OF_SCOPE]
        scores["AUROC of its chance"] = metrics.auroc(chance, truth, draws)
    return {
        **scores,
        "dialogue act `out_of_scope`, precision": metrics.precision(found, truth, draws),
        "dialogue act `out_of_scope`, recall": metrics.recall(found, truth, draws),
        "said to be unclear for any reason, precision": metrics.precision(unclear, truth, draws),
        "said to be unclear for any reason, recall": metrics.recall(unclear, truth, draws),
    }


def calibration(judged: Judged, draws: np.ndarray) -> Scores:
    """ECE by head, of the heads that give chances."""
    told = {head: judged.judgements(head) for head in LABELS}
    return {head: metrics.calibration_error(*found, draws) for head, found in told.items() if found}


def head_scores(judged: Judged, draws: np.ndarray) -> Scores:
    """One score a head that also means something on a few messages, or on messages that are all calm."""
    found, truth = judged.found, judged.truth
    every = np.ones(len(truth["acts"]), bool)
    return {
        "acts": metrics.rate((found["acts"] & truth["acts"]).any(axis=1), every, draws),
        "challenges": metrics.micro_f1(found["challenges"], truth["challenges"], draws),
        "levels": metrics.rate(judged.level_found == judged.level_truth, every, draws),
        "triggers": metrics.micro_f1(found["triggers"], truth["triggers"], draws),
    }


@dataclass(frozen=True)
class LabelScore:
    """How one label does, and how many messages have it."""

    label: str
    support: int
    f1: Interval
    precision: float
    recall: float


def label_scores(judged: Judged, head: str, draws: np.ndarray) -> list[LabelScore]:
    """For each label that the set has."""
    found, truth = judged.found[head], judged.truth[head]
    exact, sought = (score(found, truth, draws[:1])[0] for score in (metrics.precision, metrics.recall))
    scores = metrics.f1(found, truth, draws)
    return [LabelScore(label, int(truth[:, i].sum()), Interval.of(scores[:, i]), float(exact[i]), float(sought[i]))
            for i, label in enumerate(LABELS[head]) if truth[:, i].any()]  # fmt: skip


def intervals(scores: Scores) -> dict[str, Interval]:
    return {name: Interval.of(values) for name, values in scores.items()}


def differences(one: Scores, other: Scores) -> dict[str, Interval]:
    """One minus the other in the same draws: a paired bootstrap."""
    return {name: Interval.of(one[name] - other[name]) for name in one if name in other}
