"""Rasa component: triggers, each with the words that show it."""

from __future__ import annotations

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.head_component import HeadComponent
from bot.nlu.labels import TRIGGERS, example_labels


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class Triggers(HeadComponent):
    """Only what the text itself says."""

    name = "triggers"
    labels = TRIGGERS

    @classmethod
    def truth(cls, message: Message) -> list[bool] | None:
        labels = example_labels(message)
        return labels and [name in labels["triggers"] for name in TRIGGERS]

    def conclude(self, message: Message, logits: np.ndarray) -> None:
        chances = self.calibration.probabilities(logits)
        found = np.flatnonzero(chances >= self.calibration.threshold)
        message.set("triggers", [{"name": TRIGGERS[i], "evidence": []} for i in found], add_to_output=True)
