"""Rasa component: the dialogue act, which is Rasa's intent."""

from __future__ import annotations

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.head import softmax
from bot.nlu.head_component import HeadComponent
from bot.nlu.labels import ACTS

RANKED = 5


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class DialogueActs(HeadComponent):
    """Exactly one act a message: the main purpose."""

    name = "acts"
    labels = ACTS
    strength = 4.0
    weights = {"embedding": 1.0, "middle": 1.5, "cues": 0.7, "words": 1.0, "characters": 1.0}

    @classmethod
    def truth(cls, message: Message) -> list[bool] | None:
        intent = message.get(INTENT)
        return [act == intent for act in ACTS] if intent in ACTS else None

    def conclude(self, message: Message, logits: np.ndarray) -> None:
        chances = softmax(self.calibration.slope * logits + self.calibration.shift)
        order = np.argsort(-chances)[:RANKED]
        ranking = [{"name": ACTS[i], "confidence": round(float(chances[i]), 4)} for i in order]
        message.set("intent_ranking", ranking, add_to_output=True)
        message.set("intent", dict(ranking[0]), add_to_output=True)
        message.set("dialogue_act", dict(ranking[0]), add_to_output=True)
