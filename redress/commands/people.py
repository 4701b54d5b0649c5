"""user: the staff."""

import asyncio
import secrets
from enum import StrEnum
from typing import Annotated

import typer

from redress import database
from redress import settings as reading
from redress.problem import Problem

user = typer.Typer(help="The staff: agents and supervisors.", no_args_is_help=True, rich_markup_mode=None)


class Position(StrEnum):
    """What a member of staff may be."""

    AGENT = "agent"
    SPECIALIST = "specialist"
    SENIOR = "senior"
    SUPERVISOR = "supervisor"


def register(app: typer.Typer) -> None:
    app.add_typer(user, name="user")


@user.callback()
def staff() -> None:
    """The staff: agents and supervisors."""


@user.command()
def add(
    email: str,
    name: Annotated[str, typer.Option(help="Customers see the first name.")],
    role: Annotated[Position, typer.Option(help="What this person may do.")] = Position.AGENT,
    team: Annotated[list[str] | None, typer.Option(help="A team of teams.yml; none: all of them.")] = None,
    ask: Annotated[bool, typer.Option("--ask", help="Ask for the password instead of making one.")] = False,
) -> None:
    """Take somebody on. A password is made and printed, or asked for."""
    password = (
        typer.prompt("Password", hide_input=True, confirmation_prompt=True) if ask else secrets.token_urlsafe(12)
    )
    _check_teams(tuple(team or ()))
    with database.opened(reading.load()) as url:
        database.migrate(url)
        asyncio.run(_add(url, email, name, role, password, tuple(team or ())))
    print(f"{email} can sign in as {role}." + ("" if ask else f" The password is {password}"))


@user.command()
def teams(
    email: str,
    team: Annotated[list[str] | None, typer.Option(help="A team of teams.yml; none: all of them.")] = None,
) -> None:
    """Say whose conversations somebody is asked to take."""
    _check_teams(tuple(team or ()))
    with database.opened(reading.load()) as url:
        database.migrate(url)
        asyncio.run(_set_teams(url, email, tuple(team or ())))
    print(f"{email} serves {', '.join(team) if team else 'every team'}.")


def _check_teams(named: tuple[str, ...]) -> None:
    from redress.playbook import load

    known = load(reading.load().playbook).staffing.teams
    for name in named:
        if name not in known:
            raise Problem(f"There is no team {name} in teams.yml. Choose of: {', '.join(known)}.")


async def _set_teams(url: str, email: str, named: tuple[str, ...]) -> None:
    from redress import wiring

    async with wiring.sign_in(url) as sign_in:
        found = await sign_in.users.by_email(email)
        if found is None:
            raise Problem(f"Nobody signs in as {email}.")
        await sign_in.users.set_teams(found[0].id, named)


async def _add(url: str, email: str, name: str, role: Position, password: str, named: tuple[str, ...]) -> None:
    from casework.errors import Conflict
    from recovery.words import Role
    from redress import wiring

    async with wiring.sign_in(url) as sign_in:
        try:
            member = await sign_in.add(email, name, Role(role), password)
            if named:
                await sign_in.users.set_teams(member.id, named)
        except Conflict as error:
            raise Problem(f"Somebody has the address {email} already. Choose another.") from error
        except ValueError as error:
            raise Problem(str(error)) from error
