"""contingency: what hits many customers at once."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from casework.contingencies import Contingencies
from casework.errors import PortError
from casework.ports import NewContingency
from redress import database, wiring
from redress import settings as reading
from redress.problem import Problem

contingency = typer.Typer(
    help="What hits many customers at once: a strike, an outage, a recall.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
BY = "the command line"


def register(app: typer.Typer) -> None:
    app.add_typer(contingency, name="contingency")


@contingency.callback()
def contingencies() -> None:
    """What hits many customers at once: a strike, an outage, a recall."""


@contingency.command("list")
def list_all() -> None:
    """What runs, and what ran."""

    async def show(story: Contingencies) -> None:
        now = wiring.clock()
        for found in await story.book.latest():
            c = found.contingency
            print(f"{c.id:>4}  {found.state(now):8}  {c.kind}, until {c.ends_at:%Y-%m-%d %H:%M %Z}: {c.text}")

    _with(show)


@contingency.command()
def on(
    kind: Annotated[str, typer.Argument(help="One of the playbook's contingencies.yml.")],
    until: Annotated[datetime, typer.Option(help="Its horizon, in the company's time.")],
    text: Annotated[str, typer.Option(help="What happened; without it, the playbook's own words.")] = "",
    doing: Annotated[str, typer.Option(help="What is done about it; without it, the playbook's own words.")] = "",
    courier: Annotated[list[str] | None, typer.Option()] = None,
    region: Annotated[list[str] | None, typer.Option()] = None,
    product: Annotated[list[str] | None, typer.Option()] = None,
) -> None:
    """Switch one on, from now until its horizon."""

    async def switch(story: Contingencies) -> None:
        own = story.playbook().contingencies.get(kind)
        words = (text or (own.text if own else ""), doing or (own.doing if own else ""))
        ends = until.replace(tzinfo=ZoneInfo(reading.load().timezone))
        named = (tuple(courier or ()), tuple(region or ()), tuple(product or ()))
        made = await story.switch_on(NewContingency(kind, *words, wiring.clock(), ends, *named), BY)
        print(f"Contingency {made} is on until {ends:%Y-%m-%d %H:%M %Z}.")

    _with(switch)


@contingency.command()
def off(contingency_id: Annotated[str, typer.Argument(help="Its number, as `list` shows it.")]) -> None:
    """Switch one off before its horizon."""

    async def switch(story: Contingencies) -> None:
        await story.switch_off(contingency_id, BY)
        print(f"Contingency {contingency_id} is off.")

    _with(switch)


def _with(do: Callable[[Contingencies], Awaitable[None]]) -> None:
    """Do something with the switch, on the database in use."""
    settings = reading.load()

    async def run(url: str) -> None:
        async with wiring.contingencies(url, settings) as story:
            await do(story)

    with database.opened(settings) as url:
        database.migrate(url)
        try:
            asyncio.run(run(url))
        except PortError as error:
            raise Problem(str(error)) from error
