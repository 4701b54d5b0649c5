"""train, nlu, model: the model."""

import asyncio
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from redress import database
from redress import settings as reading
from redress.problem import Problem
from redress.settings import Settings

models = typer.Typer(help="The trained models: which there are, which answers.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.command()(train)
    app.command()(nlu)
    app.add_typer(models, name="model")


def train(
    force: Annotated[bool, typer.Option(help="Train even if nothing changed.")] = False,
    review: Annotated[
        bool, typer.Option("--review", help="Add what supervisors accepted; publish if not worse.")
    ] = False,
    write: Annotated[bool, typer.Option("--write", help="With --review: also add it to data/nlu.")] = False,
) -> None:
    """Train the model if config.yml, domain.yml, data/ or bot/ changed."""
    from redress import model

    settings = reading.load()
    if write and not review:
        raise Problem("--write goes with --review: it adds reviewed messages to data/nlu.")
    if review:
        return _train_reviewed(settings, write=write)
    if model.path_of(settings).exists() and not force:
        print(f"The model is up to date: {model.path_of(settings)}")
        return None
    print("Training, which takes about a minute …", flush=True)
    started = time.monotonic()
    path = asyncio.run(model.ensure(settings, force=force))
    print(f"Trained in {time.monotonic() - started:.0f} s: {path}")
    return None


def _train_reviewed(settings: Settings, *, write: bool) -> None:
    from redress import reloading, retraining

    with database.opened(settings) as url:
        database.migrate(url)
        trained = asyncio.run(retraining.retrain(settings, url, lambda t: print(t, flush=True), write=write))
    print(f"Published: {trained.path}")
    for name, score in trained.report["heads"].items():
        print(f"  {name:<32} {score['now']:.3f} to {score['new']:.3f}")
    print(reloading.reload(settings, trained.path).told)


@models.callback()
def about_models() -> None:
    """The trained models: which there are, which answers."""


@models.command("list")
def list_models() -> None:
    """Every model of this home, the newest first."""
    from redress import model, registry

    settings = reading.load()
    in_use = model.path_of(settings)
    for path in registry.models(settings):
        print(registry.line_of(path, in_use))
    print("* answers   ! refused, for it was worse")


@models.command()
def show(
    name: Annotated[str, typer.Argument(help="A name, or its beginning; without it, the one that answers.")] = "",
) -> None:
    """One model: what it was made of, by whom, how good it is, and where it was worse."""
    from redress import model, registry, retraining

    settings = reading.load()
    path = registry.find(settings, name) if name else model.path_of(settings)
    if not path.exists():
        raise Problem("The model of the present sources is not trained yet. Run `redress train`.")
    told, report = registry.read_manifest(path)
    if told and not told.scores:
        print("Measuring it on the test set, which takes a few seconds …", file=sys.stderr, flush=True)
        report = retraining.measure(settings, path)
        told = replace(told, scores=report["scores"])
        registry.write_manifest(path, told, report)
    for line in registry.described(path, told, report):
        print(line)


@models.command()
def rollback() -> None:
    """Put the previous model back, in the running product too."""
    from casework.shadowing import Asked
    from redress import model, registry, reloading, understanding

    settings = reading.load()
    back = registry.file_of(settings, registry.earlier(settings).model)
    changed = reloading.reload(settings, back)
    if not changed.answers:  # no engine has shown that it loads, and one that does not must not be put to work
        understanding.understand(settings, back, [Asked("Does it load?")])
    registry.roll_back(settings, model.model_hash())
    print(f"Back to {registry.name_of(back)}. {changed.told}")


def nlu() -> None:
    """Understand messages: JSON lines {"id", "text"} in, one JSON line out for each."""
    from redress.understanding import run_in_bot

    settings = reading.load()
    raise typer.Exit(run_in_bot(settings, "bot.understand", "--model", str(ready_model(settings))))


def ready_model(settings: Settings) -> Path:
    """The model that answers, trained first if need be."""
    from redress import model

    if not model.path_of(settings).exists():
        print("Training the model first, which takes about a minute …", file=sys.stderr, flush=True)
    return asyncio.run(model.ensure(settings))
