"""Products from the shop's list, and how many of something."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from spacy.language import Language
from spacy.matcher import Matcher, PhraseMatcher
from spacy.tokens import Doc, Span

from bot.nlu.finders import Found
from bot.nlu.finders.numbers import UNITS, whole

THINGS = ["item", "box", "package", "parcel", "piece", "unit", "bottle", "pack", "pair", "set", "bag", "plate", "mug", "glass", "cup", "bowl", "dish", "chair", "cushion", "pillow", "towel", "shirt", "shoe", "book", "candle", "lamp", "bulb", "battery", "filter", "capsule", "tin", "jar", "can", "roll", "tile", "panel", "screw", "shelf", "drawer", "leg", "part", "copy", "order", "voucher", "card", "ticket", "seat", "room", "laptop", "phone", "charger", "cable", "plant", "rose"]  # fmt: skip
IRREGULAR = {"box": "boxes", "glass": "glasses", "battery": "batteries", "shelf": "shelves", "copy": "copies"}
PLURALS = [IRREGULAR.get(thing, f"{thing}s") for thing in THINGS]
NUMBER = {"LOWER": {"REGEX": rf"^(?:[1-9][0-9]{{0,2}}|{'|'.join(sorted(set(UNITS) - {'a', 'an', 'couple'}))})$"}}
TIMES = re.compile(r"^x(?=[0-9])|(?<=[0-9])x$")
LARGEST = 999


class Quantities:
    """ "3 mugs", "two of the plates", "x4", "qty 2"; never hours, days, calls or prices."""

    def __init__(self, nlp: Language) -> None:
        self.matcher = Matcher(nlp.vocab)
        things = {"LOWER": {"IN": [*PLURALS, *THINGS]}}
        any_word = {"IS_ALPHA": True, "OP": "?"}
        self.matcher.add("things", [[NUMBER, any_word, things]])
        self.matcher.add("of", [[NUMBER, {"LOWER": "of"}, {"LOWER": {"IN": ["the", "them", "these", "those", "my"]}}]])
        self.matcher.add("times", [[{"LOWER": {"REGEX": r"^(?:x[1-9][0-9]?|[1-9][0-9]?x)$"}}]])
        self.matcher.add("named", [[{"LOWER": {"IN": ["qty", "quantity"]}}, {"IS_PUNCT": True, "OP": "?"}, NUMBER]])

    def find(self, doc: Doc) -> Iterator[Found]:
        for match in self.matcher(doc):
            span = Span(doc, match[1], match[2])
            counts = (whole(TIMES.sub("", token.lower_)) for token in span)
            value = next((count for count in counts if count is not None), 0)
            if 0 < value <= LARGEST:
                yield Found("quantity", value, span.text, span.start_char, span.end_char)


class Products:
    """Names of the shop's products, one a line in its list; singular and plural, in any case."""

    def __init__(self, nlp: Language, path: Path) -> None:
        self.matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
        for name in _lines(path):
            self.matcher.add(name, [nlp.make_doc(name), nlp.make_doc(f"{name}s")])

    def find(self, doc: Doc) -> Iterator[Found]:
        for key, start, end in self.matcher(doc):
            span = Span(doc, start, end)
            yield Found("product", doc.vocab.strings[key], span.text, span.start_char, span.end_char)


def _lines(path: Path) -> list[str]:
    if not path.exists():
        return []
    lines = (line.strip().removeprefix("- ").strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]
