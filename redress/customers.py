"""The customers whom the commands may play."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from casework.crm import Crm
from casework.errors import NotFound
from recovery.records import Customer
from redress.problem import Problem

type Played = tuple[Customer, Mapping[str, str]]  # with what the original's order numbers and address are called now


@dataclass(frozen=True, slots=True)
class Customers:
    """Finds customers by e-mail address, or makes a throw-away copy of one."""

    crm: Crm
    copy: Callable[[str], Awaitable[Played]]

    async def one(self, email: str, *, fresh: bool) -> Played:
        """A customer to play. Raises Problem."""
        try:
            found = await self.copy(email) if fresh else (await self.crm.find_by_email(email), {})
        except NotFound:
            found = None, {}
        customer, names = found
        if customer is None:
            raise Problem(f"No customer has the e-mail address {email}.")
        return customer, names
