"""Small pieces of a Markdown page."""

from __future__ import annotations

import math
from collections.abc import Sequence

from bot.evaluation.metrics import Interval

MISSING = "–"
LONGEST = 220  # characters of a message that is shown


def number(value: float) -> str:
    """As the tables write scores: .873."""
    if math.isnan(value):
        return MISSING
    return f"{value:.3f}".replace("0.", ".", 1)


def interval(found: Interval | None, sign: bool = False) -> str:
    if found is None or math.isnan(found.value):
        return MISSING
    written = [number(v) for v in (found.value, found.low, found.high)]
    if sign:
        written = [f"+{w}" if v > 0 else w.replace("-", "−") for w, v in zip(written, (found.value, found.low, found.high))]
    return f"{written[0]} ({written[1]} to {written[2]})"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [" | ".join(cells) for cells in (heads, ["---"] * len(heads), *rows)]
    return "\n".join(f"| {line} |" for line in lines)


def quoted(text: str) -> str:
    """A customer's words on one line, as text and not as Markdown."""
    text = " ".join(text.split())
    text = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    for special in "\\`*_<>[]|~":
        text = text.replace(special, f"\\{special}")
    return f"“{text}”"
