"""Contingencies: what hits many customers at once, switched on by a supervisor until its horizon."""

from dataclasses import dataclass
from datetime import datetime

from recovery.words import ChallengeType


@dataclass(frozen=True, slots=True)
class Contingency:
    """A strike, an outage, a recall. What is not named (courier, region, product, challenge) is not asked for."""

    id: str
    kind: str  # of the playbook's contingencies.yml
    text: str
    doing: str
    starts_at: datetime
    ends_at: datetime
    challenges: tuple[ChallengeType, ...] = ()
    couriers: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    products: tuple[str, ...] = ()

    def runs(self, now: datetime) -> bool:
        """It ends by itself at its horizon."""
        return self.starts_at <= now < self.ends_at
