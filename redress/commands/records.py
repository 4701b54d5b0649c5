"""export, simulate, conformance: whole records, and scripted customers that leave some."""

import asyncio
import json
import random
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from redress import database
from redress import settings as reading


class Kind(StrEnum):
    """What can be exported."""

    CONVERSATION = "conversation"
    CASE = "case"


def register(app: typer.Typer) -> None:
    app.command()(export)
    app.command()(simulate)
    app.command()(conformance)


def export(kind: Kind, record_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Print one whole record as JSON, with its decisions and their evidence."""
    with database.opened(reading.load()) as url:
        record = asyncio.run(_record(url, kind, record_id))
    print(json.dumps(record, indent=2, ensure_ascii=False))


async def _record(url: str, kind: Kind, record_id: str) -> Any:
    from redress import wiring
    from redress.records import as_json

    async with wiring.records(url) as records:
        if kind is Kind.CONVERSATION:
            return as_json(await records.conversation(record_id))
        case = await records.case(record_id)
        conversation = case.case.conversation_id
        return {
            "case": as_json(case),
            "conversation": as_json(await records.conversation(conversation)) if conversation else None,
        }


def simulate(
    files: Annotated[list[Path], typer.Argument(help="Scripts; docs/simulate.md says how to write one.")],
    jobs: Annotated[int, typer.Option(min=1, max=64, help="How many customers at once.")] = 1,
    fresh: Annotated[bool, typer.Option(help="Play a new copy of the customer, with the same history.")] = True,
    within: Annotated[float, typer.Option(help="How many seconds a reply may take.")] = 10.0,
    telegram_peer: Annotated[str, typer.Option(help="Play on Telegram, through this Bot API server for tests.")] = "",
) -> None:
    """Play scripted customers against the running product, and check what must hold."""
    from redress import running, simulation

    settings = running.settings_of_running(reading.load())
    scripts = [(file, simulation.load(file)) for file in files]
    with database.opened(settings) as url:
        results = asyncio.run(
            simulation.play_all(settings, url, scripts, jobs=jobs, fresh=fresh, within=within, peer=telegram_peer)
        )
    print(simulation.table(results))
    if any(result.misses for _, result in results):
        raise typer.Exit(1)


def conformance(
    folder: Annotated[Path | None, typer.Argument(help="Without one, the suite in tests/conformance.")] = None,
    times: Annotated[int, typer.Option(min=1, max=100, help="How many passes.")] = 4,
    seed: Annotated[int | None, typer.Option(help="Of the scripts' order; printed, to repeat a run.")] = None,
) -> None:
    """Play the conformance suite several times over, on a product and a database of its own."""
    from redress.simulation import conformance as suite

    chosen = random.randrange(1_000_000) if seed is None else seed  # noqa: S311 - an order, no secret
    if not suite.conform(folder or suite.FOLDER, times, chosen, lambda line: print(line, flush=True)):
        raise typer.Exit(1)
    print("All of it held, each time.")
