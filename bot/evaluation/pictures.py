"""Pictures as SVG text of a few KB: confusion matrices and reliability diagrams, readable on light and dark pages."""

from __future__ import annotations

from html import escape

import numpy as np

STYLE = """<style>
text{font:11px system-ui,sans-serif;fill:#24292f}.t{font-weight:600;font-size:13px}.q{fill:#57606a}
.c{fill:#0969da}.l{stroke:#8c959f;fill:none}.d{stroke-dasharray:4 3}.g{stroke:#d0d7de}.on{fill:#fff}
.a{fill:#0969da}.b{fill:#bc4c00}.la{stroke:#0969da;fill:none}.lb{stroke:#bc4c00;fill:none}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.q{fill:#9198a1}.c,.a{fill:#58a6ff}.b{fill:#f0883e}
.la{stroke:#58a6ff}.lb{stroke:#f0883e}.g{stroke:#30363d}.on{fill:#0d1117}}
</style>"""
CELL = 24
NARROWEST = 230  # the title has to fit
SIDE = 260  # of a reliability diagram
Points = list[tuple[float, float, int]]


def _svg(width: int, height: int, title: str, parts: list[str]) -> str:
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">'
    return "\n".join([head, f"<title>{escape(title)}</title>", STYLE, *parts, "</svg>"]) + "\n"


def _text(x: float, y: float, words: str, extra: str = "") -> str:
    return f'<text x="{x:g}" y="{y:g}"{extra}>{escape(words)}</text>'


def confusion_matrix(title: str, names: tuple[str, ...], counts: np.ndarray) -> str:
    """Rows are the truth, columns what was found; a cell is as dark as its share of its row."""
    left, top = 12 + 6.3 * max(map(len, names)), 44 + 6.3 * max(map(len, names))
    size = CELL * len(names)
    parts = [_text(8, 18, title, ' class="t"'), _text(8, 34, "rows: truth, columns: found", ' class="q"')]
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    for i, name in enumerate(names):
        x, y = left + CELL * i, top + CELL * i
        parts.append(_text(left - 5, y + 16, name, ' text-anchor="end"'))
        parts.append(_text(0, 0, name, f' transform="translate({x + 16:g} {top - 5:g}) rotate(-90)"'))
    for row, column in np.argwhere(counts):
        parts += _cell(left + CELL * column, top + CELL * row, int(counts[row, column]), shares[row, column])
    frame = f'<rect class="l g" x="{left:g}" y="{top:g}" width="{size}" height="{size}"/>'
    return _svg(max(int(left + size + 12), NARROWEST), int(top + size + 12), title, [*parts, frame])


def _cell(x: float, y: float, count: int, share: float) -> list[str]:
    square = f'<rect class="c" x="{x:g}" y="{y:g}" width="{CELL}" height="{CELL}" fill-opacity="{0.08 + 0.92 * share:.2f}"/>'
    inside = ' text-anchor="middle"' + (' class="on"' if share > 0.65 else "")
    return [square, _text(x + CELL / 2, y + 16, str(count), inside)]


def reliability_diagram(title: str, curves: dict[str, Points]) -> str:
    """The chance given (across) against the share that came true (up), for one or two systems; dots grow with n."""
    left, top = 44, 30
    parts = [_text(8, 18, title, ' class="t"')]
    for tenth in (0, 2, 4, 6, 8, 10):
        x, y = left + SIDE * tenth / 10, top + SIDE * (1 - tenth / 10)
        parts.append(f'<path class="l g" d="M{x:g} {top}v{SIDE}M{left} {y:g}h{SIDE}"/>')
        parts.append(_text(left - 6, y + 4, f"{tenth / 10:g}", ' text-anchor="end" class="q"'))
        parts.append(_text(x, top + SIDE + 16, f"{tenth / 10:g}", ' text-anchor="middle" class="q"'))
    parts.append(f'<path class="l d" d="M{left} {top + SIDE}L{left + SIDE} {top}"/>')
    for number, ((name, points), tone) in enumerate(zip(curves.items(), "ab")):
        parts += _curve(points, tone, left, top)
        parts.append(f'<circle class="{tone}" cx="{left + 12}" cy="{top + 14 + 16 * number}" r="4"/>')
        parts.append(_text(left + 21, top + 18 + 16 * number, name))
    parts.append(_text(left + SIDE / 2, top + SIDE + 32, "chance given", ' text-anchor="middle" class="q"'))
    upright = f' transform="translate(13 {top + SIDE / 2:g}) rotate(-90)" text-anchor="middle" class="q"'
    parts.append(_text(0, 0, "share that came true", upright))
    return _svg(left + SIDE + 16, top + SIDE + 42, title, parts)


def _curve(points: Points, tone: str, left: float, top: float) -> list[str]:
    placed = [(left + SIDE * told, top + SIDE * (1 - came), n) for told, came, n in points]
    most = max((n for *_, n in placed), default=1)
    line = "L".join(f"{x:.1f} {y:.1f}" for x, y, _ in placed)
    dots = [f'<circle class="{tone}" cx="{x:.1f}" cy="{y:.1f}" r="{2 + 5 * (n / most) ** 0.5:.1f}"/>' for x, y, n in placed]
    return ([f'<path class="l{tone}" d="M{line}"/>'] if placed else []) + dots
