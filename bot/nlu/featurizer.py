"""Rasa component: fits the feature space and puts each message's row onto it, as the attribute `row`.

The space itself travels as `space`: heads need its column scales in training and its spread for evidence.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.encoder import ENCODING
from bot.nlu.features import FeatureSpace
from bot.nlu.text import understood

ROW = "row"
SPACE = "space"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class Featurizer(GraphComponent):
    """Shared by all heads, so that each message is looked at once."""

    def __init__(self, model_storage: ModelStorage, resource: Resource, space: FeatureSpace) -> None:
        self.model_storage = model_storage
        self.resource = resource
        self.space = space

    @classmethod
    def create(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
               execution_context: ExecutionContext) -> Featurizer:  # fmt: skip
        return cls(model_storage, resource, FeatureSpace())

    @classmethod
    def load(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
             execution_context: ExecutionContext, **kwargs: Any) -> Featurizer:  # fmt: skip
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, FeatureSpace.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        messages = training_data.training_examples
        texts = [understood(message.get(TEXT)) for message in messages]
        self.space.fit(texts, [message.get(ENCODING) for message in messages])
        with self.model_storage.write_to(self.resource) as folder:
            self.space.save(folder)
        return self.resource

    def process(self, messages: list[Message]) -> list[Message]:
        texts, encodings = [understood(m.get(TEXT)) for m in messages], [m.get(ENCODING) for m in messages]
        for message, row in zip(messages, self.space.rows(texts, encodings) if messages else ()):
            message.set(ROW, row)
            message.set(SPACE, self.space)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data
