"""Whole conversations: whether a person was called for when one was due, and the mood after every customer turn."""

from __future__ import annotations

from typing import Any

import numpy as np

from bot.evaluation import metrics
from bot.evaluation.figures import Scores

AIM = {"a person is called for, F1": "≥ .90"}


def due_at(conversation: dict[str, Any]) -> int | None:
    """The turn after which a person was first due; None where none was."""
    if "escalate" in conversation:
        return conversation["escalate_at"] if conversation["escalate"] else None
    return next((i for i, turn in enumerate(conversation["turns"]) if turn.get("person_due")), None)


def called_at(readings: list[dict[str, Any]]) -> int | None:
    return next((reading["turn"] for reading in readings if reading["escalate"]), None)


def scores(conversations: list[dict[str, Any]], readings: list[list[dict[str, Any]]], draws: np.ndarray) -> Scores:
    """`readings` are those of `redress assess`, one for each customer turn; draws are of conversations."""
    due, called = [due_at(c) for c in conversations], [called_at(r) for r in readings]
    truth, found = (np.array([turn is not None for turn in turns]) for turns in (due, called))
    on_time = np.array([d is not None and d == c for d, c in zip(due, called)])
    told, read, owner = _levels(conversations, readings)
    return {
        "a person is called for, F1": metrics.f1(found, truth, draws),
        "a person is called for, precision": metrics.precision(found, truth, draws),
        "a person is called for, recall": metrics.recall(found, truth, draws),
        "of those due, called at the very turn": metrics.rate(on_time, truth, draws),
        "frustration after each turn, quadratic kappa": metrics.quadratic_kappa(read, told, draws[:, owner]),
    }


def _levels(conversations: list[dict[str, Any]], readings: list[list[dict[str, Any]]]) -> tuple[np.ndarray, ...]:
    """Labelled and read levels of all customer turns, and whose turn each is."""
    rows = []
    for number, (conversation, read) in enumerate(zip(conversations, readings)):
        told = [turn["frustration"] for turn in conversation["turns"] if turn["who"] == "customer"]
        rows += [(level, reading["level"], number) for level, reading in zip(told, read)]
    told_levels, read_levels, owner = np.array(rows, int).T
    return told_levels, read_levels, owner
