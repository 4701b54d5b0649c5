"""up: the whole product."""

import typer

from redress import settings as reading


def register(app: typer.Typer) -> None:
    app.command()(up)


def up() -> None:
    """Start the whole product, and stop it with Ctrl-C."""
    from redress import supervise

    supervise.run(reading.load(), lambda text: print(text, flush=True))
