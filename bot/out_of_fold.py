"""What the heads say of training messages that they were not trained on: raw scores by cross-validation.

The development set is small; thresholds and calibration stand on both.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from rasa.shared.nlu.training_data.message import Message
from ruamel.yaml import YAML

from bot.folds import stratified
from bot.home import home
from bot.nlu.acts import DialogueActs
from bot.nlu.challenges import Challenges
from bot.nlu.encoding_cache import EncodingCache
from bot.nlu.features import FeatureSpace, stacked
from bot.nlu.frustration import Frustration
from bot.nlu.head import Head
from bot.nlu.sentence_encoder import plain_encoder
from bot.nlu.text import understood
from bot.nlu.triggers import Triggers
from bot.scores import Scores

HEADS = (DialogueActs, Challenges, Frustration, Triggers)


def read_examples(folder: Path) -> list[Message]:
    """The training messages with their labels, as the pipeline gets them."""
    yaml, found = YAML(typ="safe"), []
    for path in sorted(folder.glob("*.yml")):
        for block in yaml.load(path)["nlu"]:
            found += [_message(block["intent"], example) for example in block["examples"]]
    return found


def _message(intent: str, example: dict[str, Any]) -> Message:
    return Message({"text": example["text"], "intent": intent, "metadata": {"example": example["metadata"]}})


def out_of_fold(folder: Path, folds: int) -> Scores:
    """Every message scored by heads and a feature space that were fitted without it."""
    messages = read_examples(folder)
    texts = [understood(message.get("text")) for message in messages]
    cache = EncodingCache(home() / "cache" / "encodings", plain_encoder(home() / "encoder"))
    encodings = [cache.encode(text) for text in texts]
    truth = {head.name: np.array([head.truth(m) for m in messages], int) for head in HEADS}
    logits = {name: np.zeros(values.shape) for name, values in truth.items()}
    fold = stratified(np.hstack(list(truth.values())), folds)
    for held in range(folds):
        inside, outside = np.flatnonzero(fold != held), np.flatnonzero(fold == held)
        space = FeatureSpace().fit([texts[i] for i in inside], [encodings[i] for i in inside])
        rows = space.rows(texts, encodings)
        known = stacked([rows[i] for i in inside])
        for head in HEADS:
            scale = space.scale(head.weights)
            fitted = Head.fit(head.labels, known, truth[head.name][inside], scale, head.strength)
            logits[head.name][outside] = [fitted.logits(rows[i]) for i in outside]
    return Scores(logits, truth)
