"""The customers whom the commands may play."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from casework.crm import Crm
from casework.errors import NotFound
from recovery.records import Case, Compensation, Customer, OrderEvent
from recovery.words import FollowUpKind, Tier
from redress.problem import Problem

type Played = tuple[Customer, Mapping[str, str]]  # with what the original's order numbers and address are called now


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What is otherwise with a copy than with the original."""

    tier: Tier | None = None
    support_need: str = ""
    past: tuple[tuple[Case, tuple[Compensation, ...]], ...] = ()
    events: tuple[OrderEvent, ...] = ()


AS_THEY_ARE = Otherwise()


@dataclass(frozen=True, slots=True)
class Customers:
    """Finds customers by e-mail address, or makes a throw-away copy of one."""

    crm: Crm
    copy: Callable[[str, Otherwise], Awaitable[Played]]
    bring_forward: Callable[[str, FollowUpKind], Awaitable[int]]  # a conversation's follow-ups; how many it was

    async def one(self, email: str, *, fresh: bool, otherwise: Otherwise = AS_THEY_ARE) -> Played:
        """A customer to play. Raises Problem."""
        if not fresh and otherwise != AS_THEY_ARE:
            raise Problem("A script that changes its customer needs a copy: leave out --no-fresh.")
        try:
            found = await self.copy(email, otherwise) if fresh else (await self.crm.find_by_email(email), {})
        except NotFound:
            found = None, {}
        customer, names = found
        if customer is None:
            raise Problem(f"No customer has the e-mail address {email}.")
        return customer, names
