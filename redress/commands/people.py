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
    ask: Annotated[bool, typer.Option("--ask", help="Ask for the password instead of making one.")] = False,
) -> None:
    """Take somebody on. A password is made and printed, or asked for."""
    password = (
        typer.prompt("Password", hide_input=True, confirmation_prompt=True) if ask else secrets.token_urlsafe(12)
    )
    with database.opened(reading.load()) as url:
        database.migrate(url)
        asyncio.run(_add(url, email, name, role, password))
    print(f"{email} can sign in as {role}." + ("" if ask else f" The password is {password}"))


async def _add(url: str, email: str, name: str, role: Position, password: str) -> None:
    from casework.errors import Conflict
    from recovery.words import Role
    from redress import wiring

    async with wiring.sign_in(url) as sign_in:
        try:
            await sign_in.add(email, name, Role(role), password)
        except Conflict as error:
            raise Problem(f"Somebody has the address {email} already. Choose another.") from error
        except ValueError as error:
            raise Problem(str(error)) from error
