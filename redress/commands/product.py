"""up, chat, bench: the whole product, a talk with it, and its measure."""

import asyncio
import sys
from typing import Annotated

import typer

from redress import database
from redress import settings as reading


def register(app: typer.Typer) -> None:
    app.command()(up)
    app.command()(chat)
    app.command()(bench)


def up() -> None:
    """Start the whole product, and stop it with Ctrl-C."""
    from redress import supervise

    supervise.run(reading.load(), lambda text: print(text, flush=True))


def chat(email: Annotated[str, typer.Option("--as", metavar="EMAIL", help="Be this demo customer.")] = "") -> None:
    """Talk with the running product in the terminal. Ctrl-D ends it."""
    from redress import running, talking

    settings = running.settings_of_running(reading.load())
    token = None
    if email:
        with database.opened(settings) as url:
            token = asyncio.run(talking.token_of(settings, url, email))
    asyncio.run(talking.talk(settings.desk_url, token))


def bench(training: Annotated[bool, typer.Option(help="Also train a model from nothing.")] = True) -> None:
    """Measure the running product, or one started for it: speed, load, memory."""
    from redress.measuring import figures, whole

    measured = whole.measure(reading.load(), lambda text: print(text, file=sys.stderr, flush=True), training=training)
    print(figures.table(measured))
