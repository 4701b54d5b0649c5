"""chaos: customers talk while processes are killed."""

import secrets
from pathlib import Path
from typing import Annotated

import typer

MINUTES = 10.0


def register(app: typer.Typer) -> None:
    app.command()(chaos)


def chaos(
    files: Annotated[list[Path], typer.Argument(help="Scripted conversations, as for `simulate`.")],
    minutes: Annotated[
        float, typer.Option(envvar="MINUTES", min=0.1, help="How long processes are killed.")
    ] = MINUTES,
    seed: Annotated[int, typer.Option(envvar="SEED", help="0: any, and it is told.")] = 0,
    customers: Annotated[int, typer.Option(envvar="CUSTOMERS", min=1, max=200, help="At any time.")] = 30,
    desks: Annotated[int, typer.Option(envvar="DESKS", min=1, max=4, help="Desk processes.")] = 1,
    telegram: Annotated[bool, typer.Option(help="Half of the customers are on Telegram, played by a peer.")] = True,
    engines: Annotated[int, typer.Option(envvar="ENGINES", min=1, max=4, help="Engine processes.")] = 1,
) -> None:
    """Kill the processes of a product of its own at random, and check that nothing was lost or doubled."""
    from redress import simulation
    from redress.chaos import Plan, run

    plan = Plan(
        seed or secrets.randbelow(10**6) + 1, minutes * 60, customers, desks=desks, engines=engines, telegram=telegram
    )
    print(
        f"seed {plan.seed}, {customers} customers, {minutes:g} minutes, {desks} desks, {engines} engines", flush=True
    )
    report = run(plan, [simulation.load(file) for file in files], lambda text: print(text, flush=True))
    print("\n".join(report.lines()))
    if not report.held:
        raise typer.Exit(1)
