"""What is taken for what: as counts for pictures, and with messages for people to read."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.evaluation.answers import LABELS, Judged, named
from bot.evaluation.material import labels_of

NOTHING = "nothing"  # missed without another in its place, or found where there was none
SEVERAL = ("challenges", "triggers")  # heads whose messages may have several labels, or none


@dataclass(frozen=True)
class Confusion:
    truth: str
    found: str
    messages: list[dict[str, Any]]


def names(head: str) -> tuple[str, ...]:
    return (*LABELS[head], NOTHING) if head in SEVERAL else LABELS[head]


def pairs(head: str, message: dict[str, Any], answer: dict[str, Any]) -> list[tuple[str, str]]:
    """(truth, found) of one message: hits first, then every missed label against every one found in its place."""
    truth, found = labels_of(head, message), named(head, answer)
    hits = [(label, label) for label in truth if label in found]
    missed = [label for label in truth if label not in found] or [NOTHING]
    extra = [label for label in found if label not in truth] or [NOTHING]
    return hits + [(m, e) for m in missed for e in extra if (m, e) != (NOTHING, NOTHING)]


def matrix(head: str, judged: Judged) -> np.ndarray:
    """Counts [truth, found] in the order of `names`."""
    order = {name: i for i, name in enumerate(names(head))}
    counts = np.zeros((len(order), len(order)), int)
    for message, answer in zip(judged.messages, judged.answers):
        for truth, found in pairs(head, message, answer):
            counts[order[truth], order[found]] += 1
    return counts


def worst(head: str, judged: Judged, most: int) -> list[Confusion]:
    """The most frequent confusions, with their messages."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for message, answer in zip(judged.messages, judged.answers):
        for pair in pairs(head, message, answer):
            if pair[0] != pair[1]:
                found[pair].append(message)
    ordered = sorted(found.items(), key=lambda entry: -len(entry[1]))
    return [Confusion(*pair, messages) for pair, messages in ordered[:most]]
