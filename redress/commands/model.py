"""train, nlu, evaluate: the model."""

import asyncio
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from redress import settings as reading
from redress.problem import Problem
from redress.settings import CHECKOUT, Settings, child_environment

TEST_SET = CHECKOUT / "tests" / "nlu" / "test.jsonl"


def register(app: typer.Typer) -> None:
    app.command()(train)
    app.command()(nlu)
    app.command()(evaluate)


def train(force: Annotated[bool, typer.Option(help="Train even if nothing changed.")] = False) -> None:
    """Train the model if config.yml, domain.yml, data/ or bot/ changed."""
    from redress import model

    settings = reading.load()
    if model.path_of(settings).exists() and not force:
        print(f"The model is up to date: {model.path_of(settings)}")
        return
    print("Training, which takes about half a minute …", flush=True)
    started = time.monotonic()
    path = asyncio.run(model.ensure(settings, force=force))
    print(f"Trained in {time.monotonic() - started:.0f} s: {path}")


def nlu() -> None:
    """Understand messages: JSON lines {"id", "text"} in, one JSON line out for each."""
    settings = reading.load()
    raise typer.Exit(_in_bot(settings, "bot.understand", "--model", str(ready_model(settings))))


def evaluate(
    sets: Annotated[list[Path] | None, typer.Argument(help="Labelled messages; without any, the test set.")] = None,
) -> None:
    """Measure understanding on labelled messages."""
    settings = reading.load()
    options = [str(path.absolute()) for path in sets] if sets else ["--hide-messages", str(TEST_SET)]
    raise typer.Exit(_in_bot(settings, "bot.evaluate", "--model", str(ready_model(settings)), *options))


def ready_model(settings: Settings) -> Path:
    """The model of the present sources, trained first if need be."""
    from redress import model

    if not model.path_of(settings).exists():
        print("Training the model first, which takes about half a minute …", file=sys.stderr, flush=True)
    return asyncio.run(model.ensure(settings))


def _in_bot(settings: Settings, module: str, *options: str) -> int:
    """Run a module of the engine's room; its input and output are ours."""
    from redress.model import BOT_PYTHON, engine_environment

    environment = child_environment(settings, **engine_environment(settings))
    try:
        done = subprocess.run(  # noqa: S603 - our own words only
            [str(BOT_PYTHON), "-m", module, *options], cwd=CHECKOUT, env=environment, check=False
        )
    except OSError as error:
        raise Problem("The engine's environment is not there. Run `make setup` first.") from error
    return done.returncode
