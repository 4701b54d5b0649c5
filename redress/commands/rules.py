"""playbook: the company's own rules."""

from pathlib import Path
from typing import Annotated

import typer

from redress import settings as reading
from redress.problem import Problem
from redress.settings import CHECKOUT

playbook = typer.Typer(help="The company's own rules.", no_args_is_help=True, rich_markup_mode=None)


def register(app: typer.Typer) -> None:
    app.add_typer(playbook, name="playbook")


@playbook.callback()
def rules() -> None:
    """The company's own rules: recovery policy, empowerment, escalation and the rest."""


@playbook.command()
def check(folder: Annotated[Path | None, typer.Argument(help="Without one, the playbook in use.")] = None) -> None:
    """Check every file of the playbook, and that all of it fits together."""
    from redress.playbook import PlaybookBroken, load

    used = folder or reading.load().playbook
    try:
        rules = load(used, CHECKOUT / "data" / "responses")
    except PlaybookBroken as broken:
        print("\n".join(broken.problems))
        raise Problem(f"{len(broken.problems)} things are wrong in {used}.") from broken
    print(f"The playbook is in order. Its version is {rules.version}.")


@playbook.command()
def table(
    write: Annotated[Path | None, typer.Option(help="Put it into this document, between its marks.")] = None,
) -> None:
    """What is recovered how, as a Markdown table."""
    from redress.playbook import load
    from redress.playbook.table import replaced_in
    from redress.playbook.table import table as made_from

    made = made_from(load(reading.load().playbook))
    if write is None:
        print(made)
        return
    write.write_text(replaced_in(write.read_text(encoding="utf-8"), made), encoding="utf-8")
