"""The `redress` command."""

import errno
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from redress.commands import (
    assessing,
    chaos,
    contingencies,
    database,
    erasing,
    evaluating,
    model,
    people,
    product,
    records,
    rules,
)
from redress.problem import Problem


class _Group(TyperGroup):
    """Tells what a person can do something about in one sentence, without a traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except Problem as problem:
            _end(str(problem))
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            _end("No space is left on the disk. Make room, or set REDRESS_HOME to a larger one.")
        except KeyboardInterrupt:
            _end("Stopped.", 130)


def _end(sentence: str, code: int = 1) -> None:
    print(f"redress: {sentence}", file=sys.stderr)
    raise typer.Exit(code)


app = typer.Typer(
    cls=_Group,
    help="Redress hears what failed, makes it right within the recovery policy, and hands over with reasons.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
for part in (product, chaos, model, evaluating, assessing, records, rules, contingencies, database, erasing, people):
    part.register(app)
