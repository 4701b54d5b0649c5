"""Rasa component: triggers, each with the words that show it."""

from __future__ import annotations

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.encoder import ENCODING
from bot.nlu.evidence import credited, matched
from bot.nlu.featurizer import SPACE
from bot.nlu.frailty import SURER, shown
from bot.nlu.head_component import HeadComponent
from bot.nlu.labels import TRIGGERS, example_labels
from bot.nlu.text import readable

VULNERABILITY = TRIGGERS.index("vulnerability")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class Triggers(HeadComponent):
    """Only what the text itself says."""

    name = "triggers"
    labels = TRIGGERS
    strength = 4.0
    weights = {"embedding": 1.0, "middle": 1.5, "cues": 0.7, "words": 1.0, "characters": 1.0}

    @classmethod
    def truth(cls, message: Message) -> list[bool] | None:
        labels = example_labels(message)
        return labels and [name in labels["triggers"] for name in TRIGGERS]

    def conclude(self, message: Message, logits: np.ndarray) -> None:
        chances = self.calibration.probabilities(logits)
        found = np.flatnonzero(chances >= self._least(message))
        heard = [{"name": TRIGGERS[i], "evidence": self._evidence(message, i)} for i in found]
        message.set("triggers", heard, add_to_output=True)

    def _least(self, message: Message) -> np.ndarray:
        """The least chance of each trigger that is stood by, shape [labels]: family words alone show no vulnerability."""
        least = np.array(self.calibration.threshold)
        if not shown(readable(message.get(TEXT))):
            least[VULNERABILITY] = max(least[VULNERABILITY], SURER)
        return least

    def _evidence(self, message: Message, index: int) -> list[str]:
        """What the trigger's own cues match; where none does, the words that moved the head."""
        text = readable(message.get(TEXT))
        found = matched(text, (f"{TRIGGERS[index]}.",))
        spread, weights = message.get(SPACE).spread, self.head.weights[index]
        return found or credited(text, message.get(ENCODING), weights, spread)
