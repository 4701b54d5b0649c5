"""erase: forget a person."""

import asyncio
from typing import Annotated

import typer

from casework.erasing import Erased
from redress import database
from redress import settings as reading
from redress.problem import Problem
from redress.settings import Settings


def register(app: typer.Typer) -> None:
    app.command()(erase)


def erase(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="The customer's address, as the CRM knows it.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete a customer with every conversation, case and file of theirs. There is no way back."""
    if not yes:
        typer.confirm(f"Delete everything of {email}? There is no way back", abort=True)
    settings = reading.load()
    with database.opened(settings) as url:
        gone = asyncio.run(_erase(settings, url, email))
    print(f"Erased, with {gone.conversations} conversations and {gone.files} files.")
    print("Backups that were made before still hold it.")


async def _erase(settings: Settings, url: str, email: str) -> Erased:
    from redress import wiring

    async with wiring.erasing(settings, url) as (crm, story):
        customer = await crm.find_by_email(email)
        if customer is None:
            raise Problem(f"No customer has the e-mail address {email}.")
        return await story.erase(customer.id)
