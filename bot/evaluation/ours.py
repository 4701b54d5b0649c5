"""Our own pipeline's answers: live on messages that it does not know, and out of fold on its training messages."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from bot.evaluation.answers import Chances, result
from bot.nlu.calibration import Calibration
from bot.nlu.challenges import Challenges
from bot.nlu.frustration import Frustration
from bot.nlu.head import softmax
from bot.nlu.labels import ACTS, CHALLENGES, TRIGGERS
from bot.nlu.triggers import Triggers
from bot.nlu.unclear import pictures_only, why_unclear
from bot.out_of_fold import out_of_fold
from bot.scores import score_messages

FOLDS = 4
WARM_UP = 5
HEADS = {"challenges": Challenges, "levels": Frustration, "triggers": Triggers}


def chances_of(logits: dict[str, np.ndarray], texts: list[str]) -> dict[str, np.ndarray]:
    """By head, the calibrated chance of every label, as the components work it out from their raw scores."""
    acts = Calibration.of("acts", ACTS)
    chances = {"acts": softmax(acts.slope * logits["acts"] + acts.shift)}
    for name, head in HEADS.items():
        chances[name] = Calibration.of(head.name, head.labels).probabilities(logits[head.name])
    chances["levels"] = np.minimum.accumulate(chances["levels"], axis=1)
    nothing_said = np.array([withdrawn(text) for text in texts])
    for values in chances.values():
        values[nothing_said] = 0.0
    chances["acts"][nothing_said, ACTS.index("out_of_scope")] = 1.0
    return chances


def withdrawn(text: str) -> bool:
    """Whether the last component takes back what the heads concluded; see `bot.nlu.unclear`."""
    reason = why_unclear(text)
    return reason in ("gibberish", "other_language") or bool(reason and not pictures_only(text))


def concluded(chances: dict[str, np.ndarray], texts: list[str]) -> list[dict[str, Any]]:
    """What the pipeline says at these chances."""
    cut = {name: Calibration.of(head.name, head.labels).threshold for name, head in HEADS.items()}
    acts = chances["acts"].argmax(axis=1)
    levels = np.cumprod(chances["levels"] >= cut["levels"], axis=1).sum(axis=1)
    rows = zip(texts, acts, chances["challenges"] >= cut["challenges"], levels, chances["triggers"] >= cut["triggers"])
    return [result(ACTS[act], _where(CHALLENGES, kinds), int(level), _where(TRIGGERS, triggers), unclear(text, ACTS[act]))
            for text, act, kinds, level, triggers in rows]  # fmt: skip


def unclear(text: str, act: str) -> str | None:
    return why_unclear(text) or ("out_of_scope" if act == "out_of_scope" else None)


def _where(labels: tuple[str, ...], found: np.ndarray) -> list[str]:
    return [labels[i] for i in np.flatnonzero(found)]


def cross_validated(folder: Path, texts: list[str]) -> tuple[list[dict[str, Any]], Chances]:
    """Answers to the training messages, each by heads and a feature space that were fitted without it."""
    chances = chances_of(out_of_fold(folder, FOLDS).logits, texts)
    return concluded(chances, texts), listed(chances)


def live_chances(model: Path, messages: list[dict[str, Any]]) -> Chances:
    """The chances behind what a trained model answers."""
    logits = score_messages(model, messages).logits
    return listed(chances_of(logits, [message["text"] for message in messages]))


def listed(chances: dict[str, np.ndarray]) -> Chances:
    return {head: np.round(values, 4).tolist() for head, values in chances.items()}


def seconds(parse: Callable[[str], Any], texts: list[str]) -> list[float]:
    """How long each takes, one after another, once warm."""
    took = []
    for text in texts:
        started = time.perf_counter()
        parse(text)
        took.append(time.perf_counter() - started)
    return took[WARM_UP:]
