"""A model's figures on files of labelled messages, on the screen.

python -m bot.evaluation.files --model MODEL [--hide-messages] FILE …
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot.evaluation import figures, metrics
from bot.evaluation.answers import LABELS, Judged
from bot.evaluation.confusions import worst
from bot.evaluation.markdown import interval
from bot.evaluation.ours import live_chances
from bot.scores import read_messages
from bot.understand import load, quiet

CONFUSIONS = 8


def show(name: str, judged: Judged, hide: bool) -> None:
    draws = metrics.draws_of(len(judged.messages))
    print(f"\n{name}: {len(judged.messages)} messages, 95% intervals in brackets")
    errors = {f"calibration error, {head}": values for head, values in figures.calibration(judged, draws).items()}
    for figure, found in figures.intervals({**figures.main_scores(judged, draws), **errors}).items():
        print(f"{figure:<48}{interval(found)}")
    for head in LABELS:
        rows = figures.label_scores(judged, head, draws[:1])
        print(f"F1 by label, {head}: " + ", ".join(f"{row.label} {row.f1.value:.2f} of {row.support}" for row in rows))
    for head in () if hide else LABELS:
        print(f"Confusions, {head} (truth -> found):")
        for confusion in worst(head, judged, CONFUSIONS):
            examples = " | ".join(message["text"] for message in confusion.messages[:3])
            print(f"  {confusion.truth} -> {confusion.found} ×{len(confusion.messages)}: {examples}")


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure a model on labelled messages.")
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--hide-messages", action="store_true", help="aggregates only: what a test set may show")
    parser.add_argument("files", type=Path, nargs="+")
    options = parser.parse_args()
    quiet()
    parse = load(options.model)
    for path in options.files:
        messages = read_messages(path)
        answers = [parse(message["text"]) for message in messages]
        show(str(path), Judged(messages, answers, live_chances(options.model, messages)), options.hide_messages)
    return 0


if __name__ == "__main__":
    sys.exit(main())
