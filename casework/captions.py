"""An album is one message, and its captions are one text: which lines are whose is kept, to correct one alone."""

from collections.abc import Mapping, Sequence
from typing import Any

from casework.intake import LONGEST

CAPTIONS = "captions"  # in a message's meta: whose, and how many lines, in the order of the text
type Caption = tuple[str, str]


def laid_out(captions: Sequence[Caption]) -> list[list[Any]]:
    """Whose caption each is, and how many lines it has."""
    return [[whose, len(_lines(text))] for whose, text in captions]


def recaptioned(text: str, meta: Mapping[str, Any], whose: str, caption: str) -> tuple[str, list[list[Any]] | None]:
    """The text with one caption in another's place, or at its end, and its new layout.

    A message without captions, or one whose lines are not as they were laid out, says the new one and nothing else.
    """
    captions = _taken_apart(text, meta)
    if captions is None:
        return caption, None
    captions[whose] = caption
    return "\n".join(captions.values())[:LONGEST], laid_out(tuple(captions.items()))


def _taken_apart(text: str, meta: Mapping[str, Any]) -> dict[str, str] | None:
    layout, lines = meta.get(CAPTIONS), _lines(text)
    if layout is None:
        return None
    if meta.get("wordless"):  # the text is ours
        return {}
    if sum(count for _, count in layout) != len(lines):
        return None
    captions, begun = {}, 0
    for whose, count in layout:
        captions[whose] = "\n".join(lines[begun : begun + count])
        begun += count
    return captions


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
