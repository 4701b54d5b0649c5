"""Rasa component: order and tracking numbers, contacts, money, dates, quantities and products, by rules."""

from __future__ import annotations

import re
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import spacy
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.home import CHECKOUT
from bot.nlu.finders import Found
from bot.nlu.finders.contacts import find_emails, find_phones
from bot.nlu.finders.dates import find_dates
from bot.nlu.finders.goods import Products, Quantities
from bot.nlu.finders.money import find_money
from bot.nlu.finders.references import find_orders, find_tracking

READ = 4000  # characters; entities further on in a message are not looked for
LONG_RUN = re.compile(r"\S{60,}")  # no word: spaCy would take quadratic time to split it
SENT_AT = ("timestamp", "sent_at")  # where a message's metadata may tell when it was written


class EntityRules:
    """All finders, in order of trust: where two claim the same characters, the earlier one has them."""

    def __init__(self, products: Path) -> None:
        self.nlp = spacy.blank("en")
        self.quantities = Quantities(self.nlp)
        self.products = Products(self.nlp, products)

    def find(self, text: str, today: date) -> list[Found]:
        """Entities of `text`, in reading order, never overlapping."""
        kept: list[Found] = []
        for group in self._claims(text[:READ], today):
            for found in sorted(group, key=lambda f: (f.start - f.end, f.start)):  # the longest first
                if all(found.end <= other.start or found.start >= other.end for other in kept):
                    kept.append(found)
        return sorted(kept, key=lambda found: found.start)

    def _claims(self, text: str, today: date) -> list[list[Found]]:
        doc = self.nlp.make_doc(LONG_RUN.sub(_blank, text))
        finders = (find_emails, find_tracking, find_phones, find_money)
        claims = [list(finder(text)) for finder in finders]
        claims += [list(find_dates(text, today)), list(find_orders(text))]
        return [*claims, list(self.products.find(doc)), list(self.quantities.find(doc))]


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def day_of(message: Message) -> date:
    """The day a message was sent, by its metadata (ISO text or seconds since 1970), else today."""
    metadata = message.get("metadata") or {}
    for key in SENT_AT:
        try:
            stamp = metadata[key]
            if isinstance(stamp, (int, float)):
                return datetime.fromtimestamp(stamp, timezone.utc).date()
            return date.fromisoformat(str(stamp)[:10])
        except (KeyError, ValueError, OverflowError, OSError):
            continue
    return datetime.now(timezone.utc).date()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class Entities(GraphComponent):
    """Writes Rasa's `entities` and, under our own names, `redress_entities`."""

    def __init__(self, rules: EntityRules) -> None:
        self.rules = rules

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"products": "data/lookup/products.txt"}

    @classmethod
    def create(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
               execution_context: ExecutionContext) -> Entities:  # fmt: skip
        return cls(EntityRules(CHECKOUT / config["products"]))

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            found = self.rules.find(message.get(TEXT) or "", day_of(message))
            ours = [{"name": f.name, "value": f.value, "text": f.text} for f in found]
            rasas = [{"entity": f.name, "value": f.value, "start": f.start, "end": f.end,
                      "extractor": "Entities"} for f in found]  # fmt: skip
            message.set(ENTITIES, (message.get(ENTITIES) or []) + rasas, add_to_output=True)
            message.set("redress_entities", ours, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data
