"""What holds beyond this conversation and this customer's history: budgets, the last survey, contingencies."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from recovery.contingencies import Contingency


@dataclass(frozen=True, slots=True)
class Around:
    """Read once for each turn. `spent` is by a budget's key; `surveyed_at` is when this customer was last asked.

    `mails_codes`: a stranger can prove by a one-time code who they are.
    """

    contingencies: tuple[Contingency, ...] = ()
    spent: Mapping[str, int] = field(default_factory=dict)
    surveyed_at: datetime | None = None
    mails_codes: bool = False


NOTHING = Around()
