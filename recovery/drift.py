"""Whether what customers say, or how sure the NLU is of it, has changed from one month to the next.

Two questions are kept apart: how much it changed (the population stability index), and whether so much would come
about by chance (a chi-squared test). Both must answer yes before a change is spoken of.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

ENOUGH = 100  # messages in each month; with fewer nothing is said
SMALL, LARGE = 0.1, 0.25  # the index's customary marks
CHANCE = 0.01
LEAST_EXPECTED = 5.0  # rarer kinds are counted together: the test is not honest about them
_SMOOTHING = 0.5


class Verdict(StrEnum):
    """What can be said of two months."""

    TOO_FEW = "too few to say"
    STEADY = "steady"
    SLIGHT = "changed slightly"
    CHANGED = "changed"
    CHANGED_MUCH = "changed much"


@dataclass(frozen=True, slots=True)
class Share:
    """One kind's part of each month. `surprise`: how many standard errors apart they are."""

    name: str
    before: int
    now: int
    share_before: float
    share_now: float
    surprise: float


@dataclass(frozen=True, slots=True)
class Drift:
    """Two months compared. `chance`: how often a difference as large comes about when nothing changed."""

    before: int
    now: int
    index: float
    chance: float
    verdict: Verdict
    shares: tuple[Share, ...]

    @property
    def moved(self) -> tuple[Share, ...]:
        """The kinds that moved more than chance explains, the most surprising first."""
        if self.verdict in (Verdict.TOO_FEW, Verdict.STEADY):
            return ()
        far = [s for s in self.shares if abs(s.surprise) >= 3]
        return tuple(sorted(far, key=lambda s: (-round(abs(s.surprise), 6), s.name)))


def compare(before: Mapping[str, int], now: Mapping[str, int]) -> Drift:
    """Counts of each kind in two months."""
    names = sorted({*before, *now}, key=lambda name: (-before.get(name, 0) - now.get(name, 0), name))
    pairs = [(before.get(name, 0), now.get(name, 0)) for name in names]
    first, second = sum(b for b, _ in pairs), sum(n for _, n in pairs)
    index, chance = stability_index(pairs), chance_of(pairs)
    shares = tuple(_share(name, b, n, first, second) for name, (b, n) in zip(names, pairs, strict=True))
    return Drift(first, second, index, chance, _verdict(min(first, second), index, chance), shares)


def _verdict(fewest: int, index: float, chance: float) -> Verdict:
    if fewest < ENOUGH:
        return Verdict.TOO_FEW
    if chance >= CHANCE:
        return Verdict.STEADY
    if index < SMALL:
        return Verdict.SLIGHT
    return Verdict.CHANGED if index < LARGE else Verdict.CHANGED_MUCH


def _share(name: str, before: int, now: int, first: int, second: int) -> Share:
    a, b = before / first if first else 0.0, now / second if second else 0.0
    if not first or not second:
        return Share(name, before, now, a, b, 0.0)
    both = (before + now) / (first + second)
    error = math.sqrt(both * (1 - both) * (1 / first + 1 / second))
    return Share(name, before, now, a, b, (b - a) / error if error else 0.0)


def stability_index(pairs: list[tuple[int, int]]) -> float:
    """The population stability index. Half a message is added to each kind: a new kind must not make it endless."""
    first = sum(b for b, _ in pairs) + _SMOOTHING * len(pairs)
    second = sum(n for _, n in pairs) + _SMOOTHING * len(pairs)
    parts = [((b + _SMOOTHING) / first, (n + _SMOOTHING) / second) for b, n in pairs]
    return sum((q - p) * math.log(q / p) for p, q in parts)


def chance_of(pairs: list[tuple[int, int]]) -> float:
    """Pearson's test that both months are draws from one mixture."""
    first, second = sum(b for b, _ in pairs), sum(n for _, n in pairs)
    if not first or not second:
        return 1.0
    cells = _with_rare_ones_together(pairs, first, second)
    if len(cells) < 2:
        return 1.0
    both = first + second
    statistic = 0.0
    for b, n in cells:
        for seen, of in ((b, first), (n, second)):
            expected = (b + n) * of / both
            statistic += (seen - expected) ** 2 / expected
    return chi_squared_tail(statistic, len(cells) - 1)


def _with_rare_ones_together(pairs: list[tuple[int, int]], first: int, second: int) -> list[tuple[int, int]]:
    smaller = min(first, second) / (first + second)
    common = [p for p in pairs if sum(p) * smaller >= LEAST_EXPECTED]
    rare = [p for p in pairs if sum(p) > 0 and sum(p) * smaller < LEAST_EXPECTED]
    rest = (sum(b for b, _ in rare), sum(n for _, n in rare))
    if sum(rest) * smaller >= LEAST_EXPECTED or (rest != (0, 0) and not common):
        return [*common, rest]
    if rest != (0, 0):  # too few even together: they join the smallest of the others
        common.sort(key=sum)
        common[0] = (common[0][0] + rest[0], common[0][1] + rest[1])
    return common


def chi_squared_tail(statistic: float, degrees: int) -> float:
    """P(X >= statistic) for a chi-squared X: the upper regularised gamma function."""
    a, x = degrees / 2, statistic / 2
    if x <= 0:
        return 1.0
    lead = math.exp(a * math.log(x) - x - math.lgamma(a))
    return max(0.0, 1 - lead * _series(a, x)) if x < a + 1 else min(1.0, lead * _fraction(a, x))


def _series(a: float, x: float) -> float:
    term = total = 1 / a
    n = a
    while term > total * 1e-14:
        n += 1
        term *= x / n
        total += term
    return total


def _fraction(a: float, x: float) -> float:
    """Lentz's continued fraction."""
    tiny = 1e-300
    b = x + 1 - a
    c, d = 1 / tiny, 1 / b
    value = d
    for i in range(1, 500):
        step = -i * (i - a)
        b += 2
        d = 1 / (step * d + b or tiny)
        c = b + step / c or tiny
        value *= c * d
        if abs(c * d - 1) < 1e-14:
            break
    return value
