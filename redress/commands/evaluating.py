"""evaluate: how well it understands, as a page with pictures, or of files of one's own on the screen."""

from pathlib import Path
from typing import Annotated

import typer

from redress import settings as reading
from redress.settings import CHECKOUT

PAGE = CHECKOUT / "docs" / "evaluation.md"
FILES = typer.Argument(help="Labelled messages of your own: their figures are printed, and no page is written.")
EPOCHS = typer.Option(min=1, help="How long the stock pipeline is trained, for each of its four models.")


def register(app: typer.Typer) -> None:
    app.command()(evaluate)


def evaluate(
    files: Annotated[list[Path] | None, FILES] = None,
    stock_epochs: Annotated[int | None, EPOCHS] = None,
    stock: Annotated[bool, typer.Option(help="Train and measure the stock Rasa pipeline too.")] = True,
    hide_messages: Annotated[bool, typer.Option("--hide-messages", help="With files: aggregates only.")] = False,
    page: Annotated[Path, typer.Option(help="The page to write the figures into; pictures go beside it.")] = PAGE,
) -> None:
    """Measure understanding: every head, set and conversation, beside the stock pipeline and keywords."""
    from redress import evaluation
    from redress.commands.model import ready_model

    settings = reading.load()
    model = ready_model(settings)
    if files:
        evaluation.print_figures(settings, model, files, hide_messages=hide_messages)
        return
    evaluation.write_page(settings, model, page.absolute(), stock_epochs=stock_epochs, stock=stock)
    print(f"Written: {page} and the pictures beside it.")
