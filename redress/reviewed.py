"""Reviewed messages as training data: which of them may be trained on, and how they are written down."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from casework.ports.learning import ReviewItem
from recovery.likeness import Likeness, Texts
from redress.problem import Problem
from redress.settings import CHECKOUT

NLU, HELD_OUT = CHECKOUT / "data" / "nlu", CHECKOUT / "tests" / "nlu"
WRITTEN = NLU / "reviewed.yml"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An accepted message that is not trained on, and the message that it is nearly."""

    item: ReviewItem
    like: Likeness
    held_out: bool  # it would leak a development or test message; else it is in the training data already


@dataclass(frozen=True, slots=True)
class Material:
    """What is trained on beside the checkout's own messages."""

    kept: Sequence[ReviewItem]
    left_out: Sequence[LeftOut]

    @property
    def leaks(self) -> list[LeftOut]:
        return [each for each in self.left_out if each.held_out]


def material_of(items: Iterable[ReviewItem], held_out: Texts, trained_on: Texts) -> Material:
    """What may be trained on: nothing that is nearly a held-out message, and nothing twice."""
    kept: list[ReviewItem] = []
    left_out: list[LeftOut] = []
    for item in items:
        if like := held_out.nearly(item.text):
            left_out.append(LeftOut(item, like, True))
        elif like := trained_on.nearly(item.text):
            left_out.append(LeftOut(item, like, False))
        else:
            kept.append(item)
            trained_on.add(item.text)
    return Material(kept, left_out)


def held_out_texts(folder: Path = HELD_OUT) -> Texts:
    """The development and test sets' messages, and what customers say in their conversations. Raises Problem."""
    files = sorted(folder.glob("*.jsonl"))
    if not any(file.name == "test.jsonl" for file in files):
        raise Problem(f"The test set is not in {folder}, so nothing can be compared with it.")
    return Texts(text for file in files for text in _texts(file))


def _texts(file: Path) -> Iterable[str]:
    for line in filter(str.strip, file.read_text(encoding="utf-8").splitlines()):
        told = json.loads(line)
        yield from [told["text"]] if "text" in told else [t["text"] for t in told["turns"] if t["who"] == "customer"]


def training_texts(folder: Path = NLU) -> Texts:
    return Texts(text for _, text, _ in examples_of(*sorted(folder.glob("*.yml"))))


def examples_of(*files: Path) -> list[tuple[str, str, dict[str, Any]]]:
    """Act, text and labels of every message."""
    found = []
    for file in files:
        for block in yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["nlu"]:
            found += [(block["intent"], e["text"], e["metadata"]) for e in block["examples"]]
    return found


def example(item: ReviewItem) -> tuple[str, str, dict[str, Any]]:
    """A reviewed message as `examples_of` gives them."""
    labels = dict(item.labels or {})
    names = ("challenges", "frustration", "triggers")
    return labels["dialogue_act"], item.text, {name: labels[name] for name in names}


def as_training_data(examples: Iterable[tuple[str, str, dict[str, Any]]]) -> str:
    """As the files of `data/nlu` are written, by dialogue act."""
    by_act: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for act, text, labels in examples:
        by_act.setdefault(act, []).append((text, labels))
    lines = ['version: "3.1"', "", "nlu:"]
    for act in sorted(by_act):
        lines += [f"  - intent: {act}", "    examples:"]
        for text, labels in by_act[act]:
            told = ", ".join(f"{name}: {_flow(value)}" for name, value in labels.items())
            lines += [f"      - text: {json.dumps(text, ensure_ascii=False)}", f"        metadata: {{{told}}}"]
    return "\n".join(lines) + "\n"


def _flow(value: Any) -> str:
    return f"[{', '.join(value)}]" if isinstance(value, list) else str(value)


def as_lines(items: Iterable[ReviewItem]) -> str:
    """As development and test sets are written, with whether a person was due where somebody said so."""
    rows = ({"id": f"r{item.id}", "text": item.text, **(item.labels or {})} for item in items)
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def write_into_checkout(items: Iterable[ReviewItem]) -> None:
    """Add messages to the checkout's own training data."""
    place = WRITTEN
    there = examples_of(place) if place.exists() else []
    place.write_text(as_training_data([*there, *map(example, items)]), encoding="utf-8")
