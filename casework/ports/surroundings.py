"""What holds beyond one conversation: the budgets and what is left of them, surveys, contingencies."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from casework.errors import Conflict
from recovery.around import Around
from recovery.budgets import Draw


class Overdrawn(Conflict):
    """A budget has less left than is to be taken: decide again with what is left."""


class Surroundings(Protocol):
    """Read once for each turn; drawn from once for each grant."""

    async def around(self, customer_id: str | None, keys: Sequence[str], message_id: str, now: datetime) -> Around:
        """What holds now. What this very message has drawn from a budget before a crash does not count as spent."""

    async def draw(self, grant_key: str, draws: Sequence[Draw], message_id: str, at: datetime) -> None:
        """Take a grant's money from its budgets, all or nothing, and once per key. Raises Overdrawn."""

    async def give_back(self, grant_key: str) -> None:
        """Put back what a grant took that was refused after all."""
