"""Labelled messages, and every head's raw scores for them, from a trained model."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot import without_tensorflow
from bot.nlu.labels import ACTS, CHALLENGES, LEVELS, TRIGGERS


@dataclass(frozen=True)
class Scores:
    """By head name: `logits` and 0/1 `truth`, both [messages, labels]."""

    logits: dict[str, np.ndarray]
    truth: dict[str, np.ndarray]


def read_messages(path: Path) -> list[dict[str, Any]]:
    """JSON lines {"id", "text", "dialogue_act", "challenges", "frustration", "triggers"}."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def truth_of(messages: list[dict[str, Any]]) -> dict[str, np.ndarray]:
    return {
        "acts": np.array([[m["dialogue_act"] == act for act in ACTS] for m in messages], int),
        "challenges": np.array([[name in m["challenges"] for name in CHALLENGES] for m in messages], int),
        "frustration": np.array([[m["frustration"] >= level for level in LEVELS[1:]] for m in messages], int),
        "triggers": np.array([[name in m["triggers"] for name in TRIGGERS] for m in messages], int),
    }


def score_messages(model: Path, messages: list[dict[str, Any]]) -> Scores:
    """What the heads say before calibration, each head asked as it is loaded live."""
    without_tensorflow.install()
    from rasa.core.channels.channel import UserMessage
    from rasa.core.processor import MessageProcessor
    from rasa.shared.core.trackers import DialogueStateTracker

    _, metadata, runner = MessageProcessor._load_model(str(model))
    tracker = DialogueStateTracker("scores", [])
    collected: dict[str, list[np.ndarray]] = {}
    for message in messages:
        inputs = {"__message__": [UserMessage(message["text"])], "__tracker__": tracker}
        parsed = runner.run(inputs=inputs, targets=[metadata.nlu_target])[metadata.nlu_target][0]
        for head, logits in parsed.get("logits").items():
            collected.setdefault(head, []).append(logits.astype(float))
    return Scores({head: np.stack(rows) for head, rows in collected.items()}, truth_of(messages))
