"""First half of `redress evaluate`: every system answers every message; the answers go into one file.

    python -m bot.evaluation.collect --model MODEL --out FILE [--stock-epochs N | --without-stock]

Then the conversations' answers are read by the shadow rules (outside the engine's room), and `bot.evaluation.report`
makes the page.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from bot.evaluation import keywords, ours, stock
from bot.evaluation.answers import Chances
from bot.evaluation.material import (
    NLU,
    Asked,
    LabelledSet,
    conversation_sets,
    customer_turns,
    message_sets,
    training_set,
)
from bot.nlu import calibration
from bot.understand import load, quiet

TRAINING = "training"
Parts = dict[str, list[Asked]]


@dataclass
class Answered:
    """One system's answers and their chances, and seconds of single parses, by the name of what was asked."""

    answers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    chances: dict[str, Chances] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def questions(sets: list[LabelledSet]) -> Parts:
    """Every text to be understood: the sets', and the conversations' customer turns."""
    conversations = {f"conversations/{name}": customer_turns(c) for name, c in conversation_sets().items()}
    return {**{labelled.name: [Asked(text) for text in labelled.texts] for labelled in sets}, **conversations}


def ours_on(model: Path, sets: list[LabelledSet], asked: Parts, training: LabelledSet) -> Answered:
    say(f"Ours: {ours.FOLDS} folds over {len(training.messages)} training messages …")
    told, chances = ours.cross_validated(NLU, training.texts)
    found = Answered({TRAINING: told}, {TRAINING: chances})
    say(f"Ours: {sum(map(len, asked.values()))} messages that it does not know …")
    parse = load(model)
    found.answers |= {name: [parse(*one) for one in part] for name, part in asked.items()}
    found.chances |= {labelled.name: ours.live_chances(model, labelled.messages) for labelled in sets}
    found.seconds = ours.seconds(parse, sets[0].texts[: stock.TIMED + ours.WARM_UP])
    return found


def stock_on(sets: list[LabelledSet], asked: Parts, training: LabelledSet, epochs: int) -> Answered:
    told, chances, seconds = stock.answers(training, [one.text for part in asked.values() for one in part], epochs)
    found, start = Answered(seconds=seconds), 0
    for name, part in asked.items():
        these = slice(start, start + len(part))
        found.answers[name] = told[these]
        found.chances[name] = {head: rows[these] for head, rows in chances.items()}
        start += len(part)
    return found


def keywords_on(asked: Parts) -> Answered:
    return Answered({name: [keywords.answer(one.text) for one in part] for name, part in asked.items()})


def about(model: Path, training: LabelledSet, sets: list[LabelledSet], epochs: int | None) -> dict[str, Any]:
    """What was measured on what, so that a report can be told from another."""
    return {
        "at": datetime.now(timezone.utc).isoformat(timespec="minutes"),
        "model": model.name.partition(".")[0],
        "folds": ours.FOLDS,
        "stock_epochs": epochs,
        "training": {"messages": len(training.messages), "hash": training.hash()[:12]},
        "sets": {s.name: {"messages": len(s.messages), "hash": s.hash()[:12]} for s in sets},
        "calibration": hashlib.sha256(calibration.PATH.read_bytes()).hexdigest()[:12],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="Let every system answer every message.")
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--stock-epochs", type=int, default=stock.EPOCHS)
    parser.add_argument("--without-stock", action="store_true", help="leave the stock pipeline out")
    options = parser.parse_args()
    quiet()
    training, sets = training_set(), message_sets()
    asked, epochs = questions(sets), None if options.without_stock else options.stock_epochs
    ask: dict[str, Callable[[], Answered]] = {"ours": lambda: ours_on(options.model, sets, asked, training)}
    if epochs:
        ask["stock"] = lambda: stock_on(sets, asked, training, epochs)
    ask["keywords"] = lambda: keywords_on(asked)
    told = {name: vars(answer()) for name, answer in ask.items()}
    content = {"about": about(options.model, training, sets, epochs), "systems": told}
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
