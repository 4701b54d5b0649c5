"""What one system answers about some messages, in the shape in which our NLU answers, and as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from bot.evaluation.material import HEADS, labels_of
from bot.nlu.labels import ACTS, CHALLENGES, LEVELS, TRIGGERS

LABELS: dict[str, tuple[str, ...]] = {
    "acts": ACTS,
    "challenges": CHALLENGES,
    "levels": tuple(str(level) for level in LEVELS),
    "triggers": TRIGGERS,
}
LEAST_CHANCE = 0.1  # of a label among several, to be judged for calibration: nearly all the others are surely absent
Chances = dict[str, list[list[float]]]


def result(act: str, challenges: list[str], level: int, triggers: list[str], unclear: str | None = None) -> dict[str, Any]:
    """An answer in the NLU's own shape."""
    return {
        "dialogue_act": {"name": act},
        "challenges": [{"type": name} for name in challenges],
        "frustration": {"level": level, "evidence": []},
        "triggers": [{"name": name, "evidence": []} for name in triggers],
        "entities": [],
        "unclear": unclear,
    }


def named(head: str, answer: dict[str, Any]) -> tuple[str, ...]:
    """The labels that an answer gives for a head."""
    if head == "acts":
        return (answer["dialogue_act"]["name"],)
    if head == "levels":
        return (str(answer["frustration"]["level"]),)
    key = {"challenges": "type", "triggers": "name"}[head]
    return tuple(entry[key] for entry in answer[head])


def table(head: str, rows: list[tuple[str, ...]]) -> np.ndarray:
    """True where a row names a label: [messages, labels of the head]."""
    return np.array([[label in row for label in LABELS[head]] for row in rows], bool).reshape(len(rows), -1)


@dataclass(frozen=True)
class Judged:
    """A system's answers beside the truth. `chances`, by head, may be missing: not every system has any.

    Chances of `acts`, `challenges` and `triggers` are [messages, labels]; of `levels`, that it is at least 1, 2 and 3.
    """

    messages: list[dict[str, Any]]
    answers: list[dict[str, Any]]
    chances: Chances

    @cached_property
    def found(self) -> dict[str, np.ndarray]:
        return {head: table(head, [named(head, answer) for answer in self.answers]) for head in HEADS}

    @cached_property
    def truth(self) -> dict[str, np.ndarray]:
        return {head: table(head, [labels_of(head, message) for message in self.messages]) for head in HEADS}

    @cached_property
    def level_found(self) -> np.ndarray:
        return np.array([answer["frustration"]["level"] for answer in self.answers])

    @cached_property
    def level_truth(self) -> np.ndarray:
        return np.array([message["frustration"] for message in self.messages])

    def judgements(self, head: str) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
        """Every chance that was given, whether it came true, and of which message: what calibration is judged by."""
        if head not in self.chances:
            return None
        chances, truth = np.array(self.chances[head]), self.truth[head]
        if head == "acts":
            best = chances.argmax(axis=1)
            rows = np.arange(len(best))
            return chances[rows, best], truth[rows, best], rows
        if head == "levels":
            truth = np.stack([self.level_truth >= level for level in LEVELS[1:]], axis=1)
            rows = np.repeat(np.arange(len(truth)), truth.shape[1])
            return chances.ravel(), truth.ravel(), rows
        owner, column = np.nonzero(chances >= LEAST_CHANCE)
        return chances[owner, column], truth[owner, column], owner

    def only(self, chosen: list[int]) -> Judged:
        """A part of the messages."""
        chances = {head: [rows[i] for i in chosen] for head, rows in self.chances.items()}
        return Judged([self.messages[i] for i in chosen], [self.answers[i] for i in chosen], chances)
