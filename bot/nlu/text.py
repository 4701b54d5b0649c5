"""What of a message is read at all, and its words."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

MAX_CHARACTERS = 4000  # enough for any complaint; keeps every pattern's work bounded
LONG_NUMBER = re.compile(r"\d{5,}")  # an order's, a tracking or a phone number
ANY_NUMBER = "1234567890"
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


class Word(NamedTuple):
    text: str
    start: int
    end: int


def readable(text: str | None) -> str:
    """The part of a message that is looked at: its beginning and its end, without control characters.

    Keeps the length of what it keeps, so that spans found in it are spans of a message that was not cut.
    """
    text = text or ""
    if len(text) > MAX_CHARACTERS:
        half = MAX_CHARACTERS // 2
        text = text[:half] + text[-half:]
    if text.isascii() and text.isprintable():
        return text
    return "".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn") else c for c in text)


def understood(text: str | None) -> str:
    """What the model reads: as above, with every long number the same, since which one it is tells of no trouble."""
    return LONG_NUMBER.sub(lambda found: _as_long_as(found[0]), readable(text))


def _as_long_as(number: str) -> str:
    return (ANY_NUMBER * (len(number) // len(ANY_NUMBER) + 1))[: len(number)]


def storable(text: str) -> str:
    """The text without what neither PostgreSQL nor an encoder takes: NUL, and half a surrogate pair."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def words(text: str) -> list[Word]:
    return [Word(m.group(), m.start(), m.end()) for m in WORD.finditer(text)]
