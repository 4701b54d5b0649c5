"""Rasa component: how the customer feels towards us, from calm (0) to furious (3)."""

from __future__ import annotations

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.encoder import ENCODING
from bot.nlu.evidence import credited, matched, within_none
from bot.nlu.featurizer import SPACE
from bot.nlu.head_component import HeadComponent
from bot.nlu.labels import AT_LEAST, LEVELS, example_labels
from bot.nlu.text import readable

# The cues that show frustration; others, such as politeness, speak against it.
SHOWING = tuple(
    f"frustration.{cue}"
    for cue in ("profanity", "mild_oath", "insult", "fury", "weary", "challenge", "ultimatum", "despair", "sarcasm")
)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class Frustration(HeadComponent):
    """Ordinal: three heads ask whether the level is at least 1, 2 and 3; their chances add up to the score."""

    name = "frustration"
    labels = AT_LEAST
    strength = 2.0
    weights = {"embedding": 0.5, "middle": 2.0, "cues": 0.7, "words": 0.7, "characters": 0.7}

    @classmethod
    def truth(cls, message: Message) -> list[bool] | None:
        labels = example_labels(message)
        return labels and [labels["frustration"] >= level for level in LEVELS[1:]]

    def conclude(self, message: Message, logits: np.ndarray) -> None:
        chances = self.calibration.probabilities(logits)
        chances = np.minimum.accumulate(chances)  # at least 2 is never likelier than at least 1
        level = int(np.cumprod(chances >= self.calibration.threshold).sum())
        result = {"level": level, "score": round(float(chances.sum()), 3), "evidence": []}
        if level:
            result["evidence"] = self._evidence(message, level)
        message.set("frustration", result, add_to_output=True)

    def _evidence(self, message: Message, level: int) -> list[str]:
        """The lexicon's words first; where it knows none, the words that moved the head for this level."""
        text = readable(message.get(TEXT))
        found = matched(text, SHOWING)
        spread, weights = message.get(SPACE).spread, self.head.weights[level - 1]
        return within_none(found) or credited(text, message.get(ENCODING), weights, spread)
