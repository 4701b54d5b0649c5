"""Templates, and how times, amounts and words are written on the staff's pages."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from casework.ports.learning import Wrong
from desk.parts import STATIC, TEMPLATES
from recovery.words import ChallengeType

LEVELS = ("calm", "annoyed", "frustrated", "furious")
WRONG = {
    Wrong.CHALLENGE: "Wrong challenge type",
    Wrong.FRUSTRATION: "Wrong frustration",
    Wrong.ESCALATED: "Should not have escalated",
    Wrong.NOT_ESCALATED: "Should have escalated earlier",
}
PRIORITIES = ("", "urgent", "high", "normal", "low", "lowest")


def in_words(name: object) -> str:
    """`late_delivery` as `Late delivery`."""
    text = str(name or "").replace("_", " ").strip()
    return text[:1].upper() + text[1:]


def level_word(level: int) -> str:
    return LEVELS[min(3, max(0, level))]


def span(length: timedelta | None) -> str:
    """`40 s`, `12 min`, `3 h 5 min`, `2 d 4 h`."""
    if length is None:
        return "–"
    seconds = max(0, int(length.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min"
    hours, minutes = seconds // 3600, seconds % 3600 // 60
    if hours < 24:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{hours // 24} d {hours % 24} h" if hours % 24 else f"{hours // 24} d"


def in_bytes(size: int) -> str:
    """`840 kB`, `2.4 MB`."""
    return f"{size / 1e6:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))} kB"


def share(part: int, whole: int) -> str:
    """A percentage, or a dash where there is nothing to count."""
    return f"{round(100 * part / whole)}%" if whole else "–"


def marked(text: str, words: str) -> Markup:
    """Text with the searched words marked. The text is escaped here."""
    wanted = [re.escape(w) for w in re.findall(r"\w{2,}", words)]
    if not wanted:
        return escape(text)
    pieces = re.split(rf"(\b(?:{'|'.join(wanted)})\w*)", text, flags=re.IGNORECASE)
    return Markup("").join(
        Markup("<mark>{}</mark>").format(piece) if i % 2 else escape(piece) for i, piece in enumerate(pieces)
    )


def excerpt(text: str, words: str = "", most: int = 160) -> str:
    """One line of a text, around the first of the searched words."""
    line = " ".join(text.split())
    starts = [line.lower().find(w.lower()) for w in re.findall(r"\w{2,}", words)]
    start = max(0, min((s for s in starts if s >= 0), default=0) - 40)
    cut = line[start : start + most]
    return f"{'…' if start else ''}{cut}{'…' if start + most < len(line) else ''}"


@cache
def asset(name: str) -> str:
    """The address of a static file, new whenever its content is."""
    version = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={version}"


@dataclass(frozen=True, slots=True)
class Times:
    """Moments as the company's people read them."""

    zone: ZoneInfo

    def clock(self, at: datetime) -> str:
        return at.astimezone(self.zone).strftime("%H:%M")

    def day(self, at: datetime | date) -> str:
        local = at.astimezone(self.zone) if isinstance(at, datetime) else at
        return f"{local.day} {local:%b %Y}"

    def when(self, at: datetime) -> str:
        local = at.astimezone(self.zone)
        return f"{local.day} {local:%b %Y, %H:%M}"

    def stamp(self, at: datetime, form: str = "when") -> Markup:
        """A `<time>` element: exact for machines, short for people."""
        short = {"clock": self.clock, "day": self.day}.get(form, self.when)(at)
        exact = at.astimezone(self.zone).isoformat(timespec="seconds")
        return Markup('<time datetime="{}" title="{}">{}</time>').format(exact, exact, short)


class Templates:
    """Renders a template. Everything is escaped, and an unknown name is an error."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        times = Times(zone)
        self._environment.filters |= {
            "words": in_words,
            "level_word": level_word,
            "span": span,
            "bytes": in_bytes,
            "clock": lambda at: times.stamp(at, "clock"),
            "day": lambda at: times.stamp(at, "day") if isinstance(at, datetime) else times.day(at),
            "when": times.stamp,
            "marked": marked,
            "excerpt": excerpt,
        }
        self._environment.globals |= {"asset": asset, "share": share, "LEVELS": LEVELS, "PRIORITIES": PRIORITIES}
        self._environment.globals |= {"WRONG": WRONG, "CHALLENGE_TYPES": tuple(ChallengeType)}

    def render(self, name: str, context: Mapping[str, Any]) -> str:
        return self._environment.get_template(name).render(context)
