"""Rasa component: how likely it is that a person should have the conversation by now.

Learned from whole conversations in which somebody marked the turn at which a person was due. Rules see what is said
in so many words; this sees where a conversation is going.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.linear_model import LogisticRegression

from bot.home import CHECKOUT, home
from bot.nlu.course import CUSTOMER, Encode, Said, features
from bot.nlu.encoder import ENCODING
from bot.nlu.encoding_cache import EncodingCache
from bot.nlu.head import sigmoid
from bot.nlu.sentence_encoder import shared_encoder
from bot.nlu.text import understood

CONVERSATIONS = CHECKOUT / "data" / "conversations"
BEFORE = "before"  # of a message's metadata: the turns before it, [{"who", "text"}], the oldest first
STRENGTH = 1.0  # inverse regularisation, by leaving out one set of conversations after the other
AGENT = "agent"
REMEMBERED = 512  # texts: what was said before is encoded once


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class PersonDue(GraphComponent):
    """Writes the chance (0 to 1) onto each message as `person_due`."""

    def __init__(self, model_storage: ModelStorage, resource: Resource) -> None:
        self.model_storage, self.resource = model_storage, resource
        self.encoder = shared_encoder(home() / "encoder")
        self.encode = lru_cache(REMEMBERED)(lambda text: self.encoder.encode(understood(text)))
        self.weights, self.bias = np.zeros(0, np.float32), 0.0

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """The conversations are no training data of Rasa's: it cannot see that they changed."""
        return hashlib.sha256(b"".join(file.read_bytes() for file in sorted(CONVERSATIONS.glob("*.jsonl")))).hexdigest()

    @classmethod
    def create(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
               execution_context: ExecutionContext) -> PersonDue:  # fmt: skip
        return cls(model_storage, resource)

    @classmethod
    def load(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
             execution_context: ExecutionContext, **kwargs: Any) -> PersonDue:  # fmt: skip
        loaded = cls(model_storage, resource)
        with model_storage.read_from(resource) as folder, np.load(folder / "person_due.npz") as stored:
            loaded.weights, loaded.bias = stored["weights"], float(stored["bias"])
        return loaded

    def train(self, training_data: TrainingData) -> Resource:
        conversations = read_conversations(CONVERSATIONS)
        cache = EncodingCache(home() / "cache" / "encodings", self.encoder)
        cache.learn([understood(turn["text"]) for turns in conversations for turn in turns])
        rows, truth = rows_of(conversations, lambda text: cache.encode(understood(text)))
        cache.save()
        model = LogisticRegression(C=STRENGTH, max_iter=3000).fit(rows, truth)
        self.weights, self.bias = model.coef_[0].astype(np.float32), float(model.intercept_[0])
        with self.model_storage.write_to(self.resource) as folder:
            np.savez(folder / "person_due.npz", weights=self.weights, bias=self.bias)
        return self.resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            before = [Said(turn["who"], turn["text"]) for turn in (message.get("metadata") or {}).get(BEFORE, ())]
            row = features(message.get(TEXT), message.get(ENCODING), before, self.encode)
            chance = sigmoid(row @ self.weights + self.bias)
            message.set("person_due", round(float(chance), 4), add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data


def read_conversations(folder: Path) -> list[list[dict[str, Any]]]:
    """The turns of every conversation in the folder's files, JSON lines {"id", "turns"}."""
    lines = (line for file in sorted(folder.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines())
    return [json.loads(line)["turns"] for line in lines if line.strip()]


def rows_of(conversations: list[list[dict[str, Any]]], encode: Encode) -> tuple[np.ndarray, np.ndarray]:
    """A row and a truth for each customer turn until a person came: shapes [turns, features] and [turns]."""
    found = [pair for turns in conversations for pair in _pairs(turns, encode)]
    rows, truth = zip(*found)
    return np.stack(rows), np.asarray(truth, bool)


def _pairs(turns: list[dict[str, Any]], encode: Encode) -> Iterator[tuple[np.ndarray, bool]]:
    before: list[Said] = []
    for turn in itertools.takewhile(lambda turn: turn["who"] != AGENT, turns):
        if turn["who"] == CUSTOMER:
            yield features(turn["text"], encode(turn["text"]), before, encode), turn["person_due"]
        before.append(Said(turn["who"], turn["text"]))
