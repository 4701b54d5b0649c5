"""The labelling guide as the desk shows it: `docs/labelling.md` is the one place where labels are explained."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markupsafe import Markup, escape

GUIDE = Path(__file__).parents[2] / "docs" / "labelling.md"


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the guide. `rows` of a table, the first being its head; or else a paragraph."""

    heading: str = ""
    paragraph: Markup | None = None
    quoted: bool = False
    rows: Sequence[Sequence[Markup]] = ()


def inline(text: str) -> Markup:
    """Code, strong and stressed words; everything else as it is written."""
    html = str(escape(text))
    html = re.sub(r"`([^`]+)`", r"<code>\1</code>", html)
    html = re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", html)
    return Markup(re.sub(r"\*([^*]+)\*", r"<em>\1</em>", html))  # noqa: S704 - escaped above


def blocks(text: str) -> Iterator[Block]:
    """Headings, paragraphs, quotations and tables of the guide."""
    for part in re.split(r"\n\s*\n", text):
        lines = part.strip().splitlines()
        if not lines:
            continue
        if lines[0].startswith("#"):
            yield Block(heading=lines[0].lstrip("# "))
            lines = lines[1:]
        if lines and lines[0].startswith("|"):
            yield Block(rows=[_cells(line) for line in lines if not re.fullmatch(r"[|\s:-]+", line)])
        elif lines:
            quoted = lines[0].startswith(">")
            words = " ".join(line.lstrip("> ") if quoted else line for line in lines)
            yield Block(paragraph=inline(words), quoted=quoted)


def _cells(line: str) -> list[Markup]:
    return [inline(cell.strip()) for cell in line.strip().strip("|").split("|")]


@cache
def guide() -> Sequence[Block]:
    return tuple(blocks(GUIDE.read_text(encoding="utf-8")))


@cache
def help_of_labels() -> Mapping[str, str]:
    """One line for each label that a table of the guide explains."""
    found = {}
    for block in guide():
        head = [cell.striptags() for cell in block.rows[0]] if block.rows else []
        for row in block.rows[1:]:
            label, *rest = (cell.striptags() for cell in row)
            parts = (f"{name.capitalize()}: {text}" for name, text in zip(head[1:], rest, strict=False) if text)
            found[label.split()[0]] = ". ".join(parts) + "."
    return found
