"""assess, scorecard: read finished conversations, whoever conducted them."""

import asyncio
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from casework import scoring, shadowing
from casework.shadowing import BadTranscript, Transcript
from recovery.scorecard import Scorecard
from redress import database
from redress import settings as reading
from redress.problem import Problem
from redress.settings import Settings


def register(app: typer.Typer) -> None:
    app.command()(assess)
    app.command()(scorecard)


def assess(file: Annotated[Path, typer.Argument(help="JSON lines of transcripts; - reads standard input.")]) -> None:
    """Read transcripts in shadow mode: one JSON line for each customer turn."""
    from redress.playbook import load

    settings = reading.load()
    playbook, now = load(settings.playbook), datetime.now(UTC)
    for transcript, understood in _understood(settings, file):
        for line in shadowing.assess(transcript, understood, playbook, now):
            print(json.dumps(line, ensure_ascii=False))


def scorecard(
    conversation: Annotated[str, typer.Argument(help="A conversation of ours; or use --file.")] = "",
    file: Annotated[Path | None, typer.Option(help="JSON lines of transcripts, as for assess; - is stdin.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line for each scorecard.")] = False,
) -> None:
    """Mark how well a conversation was recovered, step by step, with the messages that earned or lost each mark."""
    if bool(conversation) == bool(file):
        raise Problem("Name a conversation of ours, or a file of transcripts with --file.")
    settings = reading.load()
    for name, cards in _cards_of_file(settings, file) if file else _cards_of_ours(settings, conversation):
        for card in cards:
            shown = scoring.card_json(card, name)
            print(json.dumps(shown, ensure_ascii=False) if as_json else scoring.card_table(card, name))


def _cards_of_ours(settings: Settings, conversation: str) -> Iterator[tuple[str, tuple[Scorecard, ...]]]:
    from redress import wiring
    from redress.playbook import load

    async def transcript(url: str) -> Any:
        async with wiring.records(url) as records:
            return await records.transcript(conversation)

    with database.opened(settings) as url:
        record = asyncio.run(transcript(url))
    yield conversation, scoring.cards_of_record(record, load(settings.playbook).currency)


def _cards_of_file(settings: Settings, file: Path) -> Iterator[tuple[str, tuple[Scorecard, ...]]]:
    from redress.playbook import load

    currency, now = load(settings.playbook).currency, datetime.now(UTC)
    for transcript, understood in _understood(settings, file):
        yield transcript.id, scoring.cards_of_transcript(transcript, understood, currency, now)


def _understood(settings: Settings, file: Path) -> Iterator[tuple[Transcript, list[dict[str, Any]]]]:
    """The transcripts of a file, each with what the engine hears in its customer's turns."""
    from redress.commands.model import ready_model
    from redress.understanding import understand

    transcripts = _transcripts(file)
    asked = [turn for t in transcripts for turn in t.customer_turns]
    results = iter(understand(settings, ready_model(settings), asked))
    for transcript in transcripts:
        yield transcript, [next(results) for _ in transcript.customer_turns]


def _transcripts(file: Path) -> list[Transcript]:
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"{file} cannot be read: {error}") from error
    transcripts = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            transcripts.append(shadowing.read_line(json.loads(line)))
        except (json.JSONDecodeError, BadTranscript) as error:
            raise Problem(f"Line {number} of {file} is no transcript. {error}") from error
    return transcripts
