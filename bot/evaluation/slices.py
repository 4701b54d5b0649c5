"""Parts of a set: by the variety of writing that its authors noted, and by length."""

from __future__ import annotations

from typing import Any

from bot.nlu.text import words

LENGTHS = {"1 to 5 words": (0, 5), "6 to 15 words": (6, 15), "16 to 40 words": (16, 40), "over 40 words": (41, 10**6)}
ENGLISHES = {
    "us_en": "American English",
    "in_en": "Indian English",
    "sg_en": "Singapore English",
    "ng_en": "Nigerian English",
    "l2_en": "English as a second language",
}
PLAIN = "no variety noted"
LEAST = 3  # messages: fewer are no slice


def slices(messages: list[dict[str, Any]]) -> dict[str, list[int]]:
    """The indices of each slice's messages: varieties first, the most frequent ahead, then lengths."""
    found: dict[str, list[int]] = {}
    for index, message in enumerate(messages):
        for tag in message.get("variety") or [PLAIN]:
            found.setdefault(ENGLISHES.get(tag, tag.replace("_", " ")), []).append(index)
    ordered = dict(sorted(found.items(), key=lambda part: -len(part[1])))
    sizes = [len(words(message["text"])) for message in messages]
    for name, (least, most) in LENGTHS.items():
        ordered[name] = [index for index, size in enumerate(sizes) if least <= size <= most]
    return {name: indices for name, indices in ordered.items() if len(indices) >= LEAST}
