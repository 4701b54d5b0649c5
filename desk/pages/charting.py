"""Frustration over time as a small drawing, with the same said in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from casework.read_records import MessageRead
from desk.pages.rendering import level_word

WIDTH, HEIGHT, MARGIN, LEFT = 320, 84, 10, 70
AT_MOST = 40  # points; more cannot be told apart


@dataclass(frozen=True, slots=True)
class Point:
    """One customer message: where it is drawn and what it says of the feeling."""

    x: float
    y: float
    level: int
    message_id: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """The drawing. `summary` is its text alternative."""

    points: tuple[Point, ...]
    line: str
    summary: str
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def grid(self) -> list[tuple[float, str]]:
        """A line for each level, with its name."""
        return [(round(height_of(level), 1), level_word(level)) for level in range(4)]


def height_of(level: int) -> float:
    """Calm at the foot, furious on top."""
    return HEIGHT - MARGIN - level * (HEIGHT - 2 * MARGIN) / 3


def chart_of(messages: Sequence[MessageRead]) -> Chart | None:
    """The levels of the customer's understood words, a pressed button being none; None when there are none."""
    heard = [m for m in messages if m.author == "customer" and m.nlu and not m.payload][-AT_MOST:]
    if not heard:
        return None
    step = (WIDTH - LEFT - MARGIN) / max(1, len(heard) - 1)
    points = tuple(_point(m, round(LEFT + i * step, 1)) for i, m in enumerate(heard))
    line = " ".join(f"{p.x},{p.y}" for p in points)
    return Chart(points, line, _summary([p.level for p in points]))


def _point(message: MessageRead, x: float) -> Point:
    feeling = (message.nlu or {}).get("frustration") or {}
    level = min(3, max(0, int(feeling.get("level") or 0)))
    return Point(x, round(height_of(level), 1), level, message.id, tuple(map(str, feeling.get("evidence") or ())))


def _summary(levels: Sequence[int]) -> str:
    count = "1 message" if len(levels) == 1 else f"{len(levels)} messages"
    if len(set(levels)) == 1:
        return f"{count}, all {level_word(levels[0])}." if len(levels) > 1 else f"{count}: {level_word(levels[0])}."
    return f"{count}: began {level_word(levels[0])}, peaked {level_word(max(levels))}, now {level_word(levels[-1])}."
