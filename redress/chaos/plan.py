"""What a run does, all of it from one seed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

ANSWERS_WITHIN_S = 30.0  # after the last kill


@dataclass(frozen=True, slots=True)
class Plan:
    """One run. `seconds`: how long processes are killed; the start before and the check after come on top."""

    seed: int
    seconds: float
    customers: int = 30
    agents: int = 2
    desks: int = 1
    engines: int = 1
    telegram: bool = True  # half of the customers are there, and it dies like everything else
    pause_s: tuple[float, float] = (1.0, 5.0)  # between two kills

    def dice(self, whose: str) -> Random:
        """Luck of one's own: what one does never changes what another throws."""
        return Random(f"{self.seed}/{whose}")  # noqa: S311 - luck, not a secret


def kills(plan: Plan, victims: Sequence[str]) -> Iterator[tuple[float, str]]:
    """Endless pauses and victims, in rounds in which each has its turn once."""
    dice = plan.dice("kills")
    while True:
        for victim in dice.sample(list(victims), len(victims)):
            yield dice.uniform(*plan.pause_s), victim
