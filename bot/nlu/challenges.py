"""Rasa component: the challenge types a message tells of: several, one or none."""

from __future__ import annotations

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.head_component import HeadComponent
from bot.nlu.labels import CHALLENGES, example_labels

FURTHER = 0.5  # a type beside the likeliest must be likelier than not: each becomes a case of its own
GRAVE = np.isin(CHALLENGES, ("safety_incident", "privacy_security"))  # but these are not to be missed


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class Challenges(HeadComponent):
    """Names only the types it stands by, most likely first."""

    name = "challenges"
    labels = CHALLENGES
    strength = 4.0
    weights = {"embedding": 1.0, "middle": 1.5, "cues": 0.7, "words": 1.0, "characters": 1.0}

    @classmethod
    def truth(cls, message: Message) -> list[bool] | None:
        labels = example_labels(message)
        return labels and [name in labels["challenges"] for name in CHALLENGES]

    def conclude(self, message: Message, logits: np.ndarray) -> None:
        chances = self.calibration.probabilities(logits)
        leading = (np.arange(len(chances)) == chances.argmax()) | GRAVE
        stood_by = np.flatnonzero((chances >= self.calibration.threshold) & (leading | (chances >= FURTHER)))
        order = stood_by[np.argsort(-chances[stood_by])]
        found = [{"type": CHALLENGES[i], "confidence": round(float(chances[i]), 4)} for i in order]
        message.set("challenges", found, add_to_output=True)
