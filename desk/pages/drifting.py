"""Two months side by side as bars, with the same said in words."""

from collections.abc import Callable
from dataclasses import dataclass

from casework.ports.learning import MonthHeard
from desk.pages.rendering import in_words, level_word
from recovery.drift import ENOUGH, Drift, Share, Verdict, compare

WIDTH, LABEL, ROW, BAR, FIGURES = 410, 138, 30, 10, 92
MOST_ROWS = 12


@dataclass(frozen=True, slots=True)
class Bars:
    """One kind in both months: where its bars are drawn."""

    name: str
    share: Share
    y: int
    before: float
    now: float

    @property
    def far(self) -> bool:
        return abs(self.share.surprise) >= 3


@dataclass(frozen=True, slots=True)
class Comparison:
    """One question about two months, answered in words and as a drawing."""

    title: str
    what: str
    drift: Drift
    bars: tuple[Bars, ...]
    left_out: int
    said: str
    width: int = WIDTH
    label: int = LABEL
    bar: int = BAR

    @property
    def height(self) -> int:
        return len(self.bars) * ROW


def comparisons(before: MonthHeard, now: MonthHeard) -> list[Comparison]:
    """Everything that is compared."""
    return [
        _compared("What went wrong", "challenge types named", before, now, "challenge", _type_name),
        _compared("What was not understood", "messages by why", before, now, "unclear", _unclear_name),
        _compared("How sure it was", "messages by confidence", before, now, "confidence", _bin_name, in_order=True),
        _compared("How customers felt", "messages by frustration", before, now, "level", _level_name, in_order=True),
    ]


def _compared(
    title: str,
    what: str,
    before: MonthHeard,
    now: MonthHeard,
    kind: str,
    name: Callable[[str], str],
    *,
    in_order: bool = False,
) -> Comparison:
    found = compare(before.kinds.get(kind, {}), now.kinds.get(kind, {}))
    shares = sorted(found.shares, key=lambda s: s.name) if in_order else list(found.shares)
    shown = shares[:MOST_ROWS]
    most = max((max(s.share_before, s.share_now) for s in shown), default=0) or 1
    scale = (WIDTH - LABEL - FIGURES) / most
    bars = tuple(
        Bars(name(s.name), s, n * ROW, round(s.share_before * scale, 1), round(s.share_now * scale, 1))
        for n, s in enumerate(shown)
    )
    return Comparison(title, what, found, bars, len(shares) - len(shown), in_sentences(found, name))


def in_sentences(found: Drift, name: Callable[[str], str]) -> str:
    """What can honestly be said."""
    if found.verdict is Verdict.TOO_FEW:
        return (
            f"Too few to say: {found.now} against {found.before}. With fewer than {ENOUGH} in a month, chance rules."
        )
    counted = f"{found.now:,} against {found.before:,} the month before"
    if found.verdict is Verdict.STEADY:
        return f"Steady: {counted}; what differs is what chance would do."
    how = {Verdict.SLIGHT: "Changed slightly", Verdict.CHANGED: "Changed", Verdict.CHANGED_MUCH: "Changed much"}
    moved = ", ".join(f"{name(s.name).lower()} {_points(s)}" for s in found.moved[:3])
    most = f" Most of all: {moved}." if moved else " No one kind stands out."
    return f"{how[found.verdict]}: {counted}.{most}"


def _points(share: Share) -> str:
    return f"{share.share_before:.0%} to {share.share_now:.0%}"


def _type_name(name: str) -> str:
    return "No challenge" if name == "none" else in_words(name)


def _unclear_name(name: str) -> str:
    return "Understood" if name == "clear" else in_words(name)


def _bin_name(name: str) -> str:
    return f"{int(name) * 10} to {int(name) * 10 + 10}% sure"


def _level_name(name: str) -> str:
    return in_words(level_word(int(name)))
