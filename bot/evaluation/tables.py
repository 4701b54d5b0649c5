"""What the page's tables hold: scores of every system side by side, with what ours gains over stock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

import numpy as np

from bot.evaluation import figures, markdown, metrics
from bot.evaluation.answers import LABELS, Judged
from bot.evaluation.confusions import worst
from bot.evaluation.figures import Scores
from bot.evaluation.markdown import interval, number, quoted
from bot.evaluation.slices import slices

HEAD_NAMES = {"acts": "dialogue acts", "challenges": "challenge types", "levels": "frustration", "triggers": "triggers"}
SLICE_HEADS = {
    "acts": "acts, accuracy",
    "challenges": "challenge types, F1",
    "levels": "frustration, exact level",
    "triggers": "triggers, F1",
}
SYSTEMS = {"ours": "ours", "stock": "stock Rasa", "keywords": "keywords"}
CONFUSIONS, EXAMPLES = 5, 2
Systems = dict[str, Judged]  # by the name of the system; ours is always among them


@dataclass(frozen=True)
class Measured:
    """All that the page tells of. `judged[system][set]`; conversations by set, readings by set, then system."""

    about: dict[str, Any]
    judged: dict[str, dict[str, Judged]]
    conversations: dict[str, list[dict[str, Any]]]
    readings: dict[str, dict[str, list[list[dict[str, Any]]]]]
    seconds: dict[str, list[float]]

    def systems(self, name: str) -> Systems:
        return {system: sets[name] for system, sets in self.judged.items() if name in sets}


def draws_for(systems: Systems) -> np.ndarray:
    return metrics.draws_of(len(systems["ours"].messages))


def compared(scores: dict[str, Scores], aims: dict[str, str] | None = None) -> str:
    """One row a figure, one column a system; where stock is among them, the paired difference to it."""
    told = {system: figures.intervals(values) for system, values in scores.items()}
    gains = figures.differences(scores["ours"], scores["stock"]) if "stock" in scores else None
    heads = ["", *(SYSTEMS[system] for system in scores)]
    heads += (["ours − stock"] if gains is not None else []) + (["aim"] if aims else [])
    rows = []
    for figure in scores["ours"]:
        row = [figure, *(interval(told[system].get(figure)) for system in scores)]
        row += [interval(gains.get(figure), sign=True)] if gains is not None else []
        rows.append(row + ([aims.get(figure, "")] if aims else []))
    return markdown.table(heads, rows)


def calibration_rows(name: str, systems: Systems) -> Iterator[list[str]]:
    """The calibration error of every head, for the systems that give chances."""
    for system, judged in systems.items():
        if judged.chances:
            errors = figures.intervals(figures.calibration(judged, metrics.draws_of(len(judged.messages))))
            yield [name, SYSTEMS[system], *(interval(errors.get(head)) for head in LABELS)]


def slice_rows(systems: Systems) -> Iterator[list[str]]:
    """Ours with its interval and the stock pipeline's score after it, slice by slice."""
    shown = {system: judged for system, judged in systems.items() if system != "keywords"}
    for name, chosen in slices(systems["ours"].messages).items():
        draws, parts = metrics.draws_of(len(chosen)), {system: judged.only(chosen) for system, judged in shown.items()}
        told = {system: figures.intervals(figures.head_scores(part, draws)) for system, part in parts.items()}
        others = {head: [number(told[system][head].value) for system in told if system != "ours"] for head in SLICE_HEADS}
        yield [name, str(len(chosen)), *(" / ".join([interval(told["ours"][head]), *others[head]]) for head in SLICE_HEADS)]


def label_table(head: str, systems: Systems, dev: Judged) -> str:
    """Every label of a head: support, our F1 with precision and recall, and beside it the others' F1."""
    told = {system: figures.label_scores(judged, head, draws_for(systems)) for system, judged in systems.items()}
    others = [system for system in systems if system != "ours"]
    on_dev = {row.label: row.f1.value for row in figures.label_scores(dev, head, np.ones((1, len(dev.messages))))}
    rows = []
    for i, row in enumerate(told["ours"]):
        beside = [number(told[system][i].f1.value) for system in others]
        known = number(on_dev.get(row.label, np.nan))
        exact = [number(row.precision), number(row.recall)]
        rows.append([f"`{row.label}`", str(row.support), interval(row.f1), *exact, *beside, known])
    columns = ["n", "F1", "precision", "recall", *(f"{SYSTEMS[system]}, F1" for system in others), "ours on dev, F1"]
    return markdown.table([HEAD_NAMES[head], *columns], rows)


def confusion_lines(judged: Judged, head: str) -> Iterator[str]:
    """The most frequent confusions with their messages."""
    for confusion in worst(head, judged, CONFUSIONS):
        shown = "; ".join(quoted(message["text"]) for message in confusion.messages[:EXAMPLES])
        yield f"- {confusion.truth} → {confusion.found}, {len(confusion.messages)} times: {shown}"


def speed_rows(seconds: dict[str, list[float]]) -> Iterator[list[str]]:
    for system, took in seconds.items():
        if len(took) > 1:
            high = quantiles(took, n=20)[-1]
            yield [SYSTEMS[system], f"{median(took) * 1000:.1f} ms", f"{high * 1000:.1f} ms", str(len(took))]
