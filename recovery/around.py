"""What holds beyond this conversation and this customer's history: budgets, the last survey, contingencies."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from recovery.contingencies import Contingency


@dataclass(frozen=True, slots=True)
class Around:
    """Read once for each turn. `spent` is by a budget's key; `surveyed_at` is when this customer was last asked."""

    contingencies: tuple[Contingency, ...] = ()
    spent: Mapping[str, int] = field(default_factory=dict)
    surveyed_at: datetime | None = None


NOTHING = Around()
