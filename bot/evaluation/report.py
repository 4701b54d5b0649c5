"""Second half of `redress evaluate`: from everything that was answered, the page and its pictures.

    python -m bot.evaluation.report --answers FILE --readings FILE --page docs/evaluation.md

Only what stands between the page's two markers is written anew; the prose around them is people's.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from bot import without_tensorflow
from bot.evaluation import metrics, pictures
from bot.evaluation.answers import Judged
from bot.evaluation.confusions import matrix, names
from bot.evaluation.material import conversation_sets, message_sets, training_set
from bot.evaluation.page import PICTURES, page
from bot.evaluation.tables import HEAD_NAMES, SYSTEMS, Measured

BEGIN = "<!-- made by `redress evaluate` -->"
END = "<!-- end of what `redress evaluate` made -->"


class NoMarkers(Exception):
    """The page has no place for the figures."""


def placed(text: str, made: str) -> str:
    """The page's text with what was made between its markers."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise NoMarkers(f"The page needs the lines {BEGIN} and {END}: the figures go between them.")
    return f"{before}{BEGIN}\n\n{made}\n{END}{after}"


def measured_from(collected: dict[str, Any], readings: dict[str, Any]) -> Measured:
    known = {labelled.name: labelled.messages for labelled in (training_set(), *message_sets())}
    judged = {
        system: {name: Judged(known[name], told["answers"][name], told["chances"].get(name, {}))
                 for name in known if name in told["answers"]}
        for system, told in collected["systems"].items()
    }  # fmt: skip
    seconds = {system: told["seconds"] for system, told in collected["systems"].items()}
    return Measured(collected["about"], judged, conversation_sets(), readings, seconds)


def draw(measured: Measured) -> dict[str, str]:
    """By file name, the pictures of the test set."""
    systems = measured.systems("test")
    drawn = {}
    for head, name in HEAD_NAMES.items():
        title = f"{name.capitalize()}, test set"
        drawn[f"confusion-{head}.svg"] = pictures.confusion_matrix(title, names(head), matrix(head, systems["ours"]))
        told = {SYSTEMS[system]: judged.judgements(head) for system, judged in systems.items()}
        curves = {system: metrics.reliability(*found[:2]) for system, found in told.items() if found}
        drawn[f"reliability-{head}.svg"] = pictures.reliability_diagram(title, curves)
    return drawn


def main() -> int:
    parser = argparse.ArgumentParser(description="Write the page and the pictures.")
    parser.add_argument("--answers", type=Path, required=True)
    parser.add_argument("--readings", type=Path, required=True)
    parser.add_argument("--page", type=Path, required=True)
    options = parser.parse_args()
    without_tensorflow.install()
    collected, readings = (json.loads(path.read_text("utf-8")) for path in (options.answers, options.readings))
    measured = measured_from(collected, readings)
    options.page.write_text(placed(options.page.read_text("utf-8"), page(measured)), encoding="utf-8")
    folder = options.page.parent / PICTURES
    folder.mkdir(exist_ok=True)
    for name, drawn in draw(measured).items():
        (folder / name).write_text(drawn, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
