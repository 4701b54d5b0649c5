"""What holds beyond one conversation: the budgets and what is left of them, surveys, contingencies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from casework.errors import Conflict
from recovery.around import Around
from recovery.budgets import Draw
from recovery.contingencies import Contingency
from recovery.words import ChallengeType


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


@dataclass(frozen=True, slots=True)
class NewContingency:
    """What a supervisor fills in. Texts go to customers as they are."""

    kind: str
    text: str
    doing: str
    starts_at: datetime
    ends_at: datetime
    couriers: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    products: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Switched:
    """One line of the audit trail."""

    what: str  # on, changed, off
    by: str
    at: datetime
    details: str = ""


@dataclass(frozen=True, slots=True)
class ContingencyRead:
    """One contingency with all that was done to it, oldest first."""

    contingency: Contingency
    off_at: datetime | None
    log: tuple[Switched, ...]

    def state(self, now: datetime) -> str:
        """planned, running, off (by somebody) or over (by itself)."""
        if self.off_at is not None:
            return "off"
        if now < self.contingency.starts_at:
            return "planned"
        return "running" if self.contingency.runs(now) else "over"


class ContingencyBook(Protocol):
    """The port to what was switched on."""

    async def on(self, new: NewContingency, challenges: Sequence[ChallengeType], by: str, at: datetime) -> str:
        """Its id."""

    async def until(self, contingency_id: str, ends_at: datetime, by: str, at: datetime) -> None:
        """Move the horizon. Raises NotFound; Conflict when it is off or over."""

    async def off(self, contingency_id: str, by: str, at: datetime) -> None:
        """Raises NotFound; Conflict when it is off or over."""

    async def get(self, contingency_id: str) -> ContingencyRead:
        """Raises NotFound."""

    async def latest(self, limit: int = 50) -> Sequence[ContingencyRead]:
        """Those that end last first."""
