"""assess: read finished conversations with the rules that run live."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from casework import shadowing
from casework.shadowing import BadTranscript, Transcript
from redress import settings as reading
from redress.problem import Problem


def register(app: typer.Typer) -> None:
    app.command()(assess)


def assess(file: Annotated[Path, typer.Argument(help="JSON lines of transcripts; - reads standard input.")]) -> None:
    """Read transcripts in shadow mode: one JSON line for each customer turn."""
    from redress.commands.model import ready_model
    from redress.playbook import load
    from redress.understanding import understand

    settings = reading.load()
    transcripts = _transcripts(file)
    texts = [text for t in transcripts for text in t.customer_texts]
    results = iter(understand(settings, ready_model(settings), texts))
    playbook, now = load(settings.playbook), datetime.now(UTC)
    for transcript in transcripts:
        understood = [next(results) for _ in transcript.customer_texts]
        for line in shadowing.assess(transcript, understood, playbook, now):
            print(json.dumps(line, ensure_ascii=False))


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
