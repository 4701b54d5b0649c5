"""`redress evaluate`: the engine's room answers and counts; the live rules read the conversations here."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from casework import shadowing
from casework.shadowing import Transcript
from recovery.playbook import Playbook
from redress.playbook import load
from redress.problem import Problem
from redress.settings import CHECKOUT, Settings
from redress.understanding import run_in_bot

SETS = CHECKOUT / "tests" / "nlu"
CONVERSATIONS = {"dev": "conversations-dev*.jsonl", "test": "conversations.jsonl"}
Readings = dict[str, dict[str, list[list[dict[str, Any]]]]]


def write_page(settings: Settings, model: Path, page: Path, *, stock_epochs: int | None, stock: bool) -> None:
    """Let every system answer, read the conversations, and write the figures into the page."""
    folder = settings.home / "evaluation"
    answers, readings = folder / "answers.json", folder / "readings.json"
    options = [] if stock else ["--without-stock"]
    options += ["--stock-epochs", str(stock_epochs)] if stock_epochs else []
    _in_bot(settings, "bot.evaluation.collect", "--model", str(model), "--out", str(answers), *options)
    collected = json.loads(answers.read_text(encoding="utf-8"))
    told = read_conversations(collected["systems"], load(settings.playbook), datetime.now(UTC))
    readings.write_text(json.dumps(told), encoding="utf-8")
    files = ("--answers", str(answers), "--readings", str(readings), "--page", str(page))
    _in_bot(settings, "bot.evaluation.report", *files)


def print_figures(settings: Settings, model: Path, files: Sequence[Path], *, hide_messages: bool) -> None:
    """Our own figures on labelled messages, and the confusions unless they are to stay unread."""
    options = ["--hide-messages"] if hide_messages else []
    names = [str(file.absolute()) for file in files]
    _in_bot(settings, "bot.evaluation.files", "--model", str(model), *options, *names)


def read_conversations(systems: Mapping[str, Any], playbook: Playbook, now: datetime) -> Readings:
    """By set and system: for each conversation, what `redress assess` says of each of its customer turns."""
    found: Readings = {}
    for name, pattern in CONVERSATIONS.items():
        lines = [
            line for path in sorted(SETS.glob(pattern)) for line in path.read_text(encoding="utf-8").splitlines()
        ]
        transcripts = [shadowing.read_line(json.loads(line)) for line in lines if line.strip()]
        found[name] = {
            system: list(_read(transcripts, told["answers"][f"conversations/{name}"], playbook, now))
            for system, told in systems.items()
        }
    return found


def _read(
    transcripts: Sequence[Transcript], answers: Sequence[Mapping[str, Any]], playbook: Playbook, now: datetime
) -> Iterator[list[dict[str, Any]]]:
    results = iter(answers)
    for transcript in transcripts:
        understood = [next(results) for _ in transcript.customer_turns]
        read = shadowing.assess(transcript, understood, playbook, now)
        yield [{"turn": r["turn"], "level": r["frustration"]["level"], "escalate": r["escalate"]} for r in read]


def _in_bot(settings: Settings, module: str, *options: str) -> None:
    """Run a part of the evaluation. Raises Problem when it fails."""
    if code := run_in_bot(settings, module, *options):
        raise Problem(f"{module} ended with code {code}; what it said is above.")
