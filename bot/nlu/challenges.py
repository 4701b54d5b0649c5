"""Rasa component: the challenge types a message tells of: several, one or none."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.head_component import HeadComponent
from bot.nlu.labels import CHALLENGES, example_labels

FURTHER = 0.5  # a type beside the likeliest must be likelier than not: each becomes a case of its own
POSSIBLE, MOST_POSSIBLE = 0.08, 3  # least chance, and how many: told for who knows the customer's orders to weigh
GRAVE = np.isin(CHALLENGES, ("safety_incident", "privacy_security"))  # but these are not to be missed


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class Challenges(HeadComponent):
    """Names the types it stands by, most likely first; and apart from them, what may be meant."""

    name = "challenges"
    labels = CHALLENGES
    strength = 4.0
    weights = {"embedding": 1.0, "middle": 1.5, "cues": 0.7, "words": 1.0, "characters": 1.0}

    @classmethod
    def truth(cls, message: Message) -> list[bool] | None:
        labels = example_labels(message)
        return labels and [name in labels["challenges"] for name in CHALLENGES]

    def conclude(self, message: Message, logits: np.ndarray) -> None:
        stood_by, possible = told_apart(self.calibration.probabilities(logits), self.calibration.threshold)
        message.set("challenges", stood_by, add_to_output=True)
        message.set("possible", possible, add_to_output=True)


Named = list[dict[str, Any]]


def told_apart(chances: np.ndarray, threshold: np.ndarray) -> tuple[Named, Named]:
    """The types to stand by, and of the others those that may be meant; `chances` and `threshold` are [labels]."""
    leading = (np.arange(len(chances)) == chances.argmax()) | GRAVE
    stood_by = np.flatnonzero((chances >= threshold) & (leading | (chances >= FURTHER)))
    possible = np.setdiff1d(np.flatnonzero(chances >= POSSIBLE), stood_by)
    return _named(stood_by, chances), _named(possible, chances)[:MOST_POSSIBLE]


def _named(columns: np.ndarray, chances: np.ndarray) -> Named:
    """These types with their chances, most likely first."""
    order = columns[np.argsort(-chances[columns])]
    return [{"type": CHALLENGES[i], "confidence": round(float(chances[i]), 4)} for i in order]
