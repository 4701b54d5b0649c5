"""Medians, percentiles, and a table of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `aim` is what the design asks for."""

    what: str
    value: str
    aim: str = ""


def milliseconds(what: str, seconds: Sequence[float], aim: str = "") -> Figure:
    """Median and 95th percentile of some durations."""
    high = quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0]
    value = f"{median(seconds) * 1000:7.1f} ms   95th {high * 1000:7.1f} ms   of {len(seconds)}"
    return Figure(what, value, aim)


def table(figures: Sequence[Figure]) -> str:
    """The figures, one a line."""
    width = max(len(figure.what) for figure in figures)
    lines = [f"{f.what:<{width}}  {f.value:<48}{f'aim: {f.aim}' if f.aim else ''}".rstrip() for f in figures]
    return "\n".join(lines)
