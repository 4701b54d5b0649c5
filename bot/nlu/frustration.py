"""Rasa component: how the customer feels towards us, from calm (0) to furious (3)."""

from __future__ import annotations

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.head_component import HeadComponent
from bot.nlu.labels import LEVELS, example_labels


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class Frustration(HeadComponent):
    """Ordinal: three heads ask whether the level is at least 1, 2 and 3; their chances add up to the score."""

    name = "frustration"
    labels = tuple(f"at_least_{level}" for level in LEVELS[1:])

    @classmethod
    def truth(cls, message: Message) -> list[bool] | None:
        labels = example_labels(message)
        return labels and [labels["frustration"] >= level for level in LEVELS[1:]]

    def conclude(self, message: Message, logits: np.ndarray) -> None:
        chances = self.calibration.probabilities(logits)
        score = float(chances.sum())
        level = int((chances >= self.calibration.threshold).sum())
        result = {"level": level, "score": round(score, 3), "evidence": []}
        message.set("frustration", result, add_to_output=True)
