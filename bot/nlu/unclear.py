"""Rasa component: says why a message cannot be understood: gibberish, another language, too short, out of scope.

Runs last. In gibberish and other languages the heads see English that is not there, so what they concluded is withdrawn.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.language import is_foreign, is_gibberish
from bot.nlu.result import CALM
from bot.nlu.text import readable

NOTHING_SAID = {"name": "out_of_scope", "confidence": 1.0}


def why_unclear(text: str) -> str | None:
    """From the text alone; None where it reads as English."""
    letters = [c for c in text if c.isalpha()]
    if not letters and not any(c.isdigit() for c in text):
        return "too_short"
    if is_foreign(text, letters):
        return "other_language"
    if is_gibberish(text):
        return "gibberish"
    return "too_short" if len(letters) == 1 and len(text.strip()) <= 2 else None


def pictures_only(text: str) -> bool:
    """Emoji without a word still show a feeling."""
    return any(unicodedata.category(c) == "So" for c in text)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Unclear(GraphComponent):
    """Writes `unclear`, and what follows from it for the dialogue act."""

    @classmethod
    def create(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
               execution_context: ExecutionContext) -> Unclear:  # fmt: skip
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = readable(message.get(TEXT))
            reason = why_unclear(text)
            if reason in ("gibberish", "other_language") or (reason and not pictures_only(text)):
                self._withdraw(message)
            if reason is None and (message.get("intent") or {}).get("name") == "out_of_scope":
                reason = "out_of_scope"
            message.set("unclear", reason, add_to_output=True)
        return messages

    def _withdraw(self, message: Message) -> None:
        message.set("intent", dict(NOTHING_SAID), add_to_output=True)
        message.set("dialogue_act", dict(NOTHING_SAID), add_to_output=True)
        message.set("intent_ranking", [dict(NOTHING_SAID)], add_to_output=True)
        message.set("challenges", [], add_to_output=True)
        message.set("possible", [], add_to_output=True)
        message.set("triggers", [], add_to_output=True)
        message.set("frustration", dict(CALM), add_to_output=True)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data
