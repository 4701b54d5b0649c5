"""Rasa component: puts the sentence encoder's vectors onto each message, as the attribute `encoding`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.home import home
from bot.nlu import ahead
from bot.nlu.encoding_cache import EncodingCache
from bot.nlu.sentence_encoder import SentenceEncoder, plain_encoder, shared_encoder
from bot.nlu.text import understood

ENCODING = "encoding"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class Encoder(GraphComponent):
    """One ONNX pass a message; every head reads its result."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"folder": None}  # None: `encoder/` in the engine's home

    @classmethod
    def create(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
               execution_context: ExecutionContext) -> Encoder:  # fmt: skip
        folder = Path(config["folder"]) if config["folder"] else home() / "encoder"
        return cls(shared_encoder(folder))

    def __init__(self, encoder: SentenceEncoder) -> None:
        self.encoder = encoder

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            message.set(ENCODING, self.encoder.encode(understood(message.get(TEXT))))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        ahead.end()
        cache = EncodingCache(home() / "cache" / "encodings", plain_encoder(self.encoder.folder))
        cache.learn([understood(message.get(TEXT)) for message in training_data.training_examples])
        for message in training_data.training_examples:
            message.set(ENCODING, cache.encode(understood(message.get(TEXT))))
        cache.save()
        return training_data
