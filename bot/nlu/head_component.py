"""What the head components share: training from labelled examples, keeping and loading the weights."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.calibration import Calibration
from bot.nlu.encoder import ENCODING
from bot.nlu.features import stacked
from bot.nlu.featurizer import ROW, SPACE
from bot.nlu.head import Head
from bot.nlu.labels import columns

LOGITS = "logits"
# How much the adapted branch's own logits count beside a head's: together they know more than either.
OPINION_WEIGHT = 0.5


class HeadComponent(GraphComponent):
    """Subclasses say what is true of an example (`truth`) and what to write onto a message (`conclude`)."""

    name: ClassVar[str]  # of the head in the calibration file
    labels: ClassVar[tuple[str, ...]]
    strength: ClassVar[float]  # inverse regularisation; like the weights, chosen by cross-validation
    weights: ClassVar[dict[str, float]]  # how much each block of features counts

    def __init__(self, model_storage: ModelStorage, resource: Resource, head: Head | None) -> None:
        self.model_storage = model_storage
        self.resource = resource
        self.head = head
        self.calibration = Calibration.of(self.name, self.labels)

    @classmethod
    def create(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
               execution_context: ExecutionContext) -> HeadComponent:  # fmt: skip
        return cls(model_storage, resource, None)

    @classmethod
    def load(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
             execution_context: ExecutionContext, **kwargs: Any) -> HeadComponent:  # fmt: skip
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, Head.load(folder))

    @classmethod
    def truth(cls, message: Message) -> list[bool] | None:
        """Which of `labels` are true of a training example; None where it is not labelled for this head."""
        raise NotImplementedError

    def conclude(self, message: Message, logits: np.ndarray) -> None:
        """Write the head's result onto the message; `logits` [labels] are not calibrated yet."""
        raise NotImplementedError

    def train(self, training_data: TrainingData) -> Resource:
        pairs = [(message.get(ROW), self.truth(message)) for message in training_data.training_examples]
        labelled = [(row, truth) for row, truth in pairs if truth is not None]
        rows = stacked([row for row, _ in labelled])
        truth = np.asarray([truth for _, truth in labelled], np.int8)
        scale = training_data.training_examples[0].get(SPACE).scale(self.weights)
        self.head = Head.fit(self.labels, rows, truth, scale, self.strength)
        with self.model_storage.write_to(self.resource) as folder:
            self.head.save(folder)
        return self.resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            opinion = message.get(ENCODING).opinion[columns(self.name)]
            logits = self.head.logits(message.get(ROW)) + OPINION_WEIGHT * opinion
            message.set(LOGITS, {**(message.get(LOGITS) or {}), self.name: logits})  # for `bot.scores`
            self.conclude(message, logits)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data
