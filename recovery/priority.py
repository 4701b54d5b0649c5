"""How urgent a waiting conversation is: points for each reason, so that the order of the queue explains itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from recovery.sla import Standing
from recovery.words import FrustrationLevel, Severity, Tier


@dataclass(frozen=True, slots=True)
class Weights:
    """The playbook's points. The lists go up the scale: minor to critical, calm to furious, standard to gold."""

    rule: tuple[int, ...]  # of the escalation rule's priority, 1 first
    severity: tuple[int, ...]
    frustration: tuple[int, ...]
    tier: tuple[int, ...]
    vulnerable: int
    a_minute_waiting: int
    most_for_waiting: int
    sla_warned: int
    sla_breached: int
    callback: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """What the order of the queue rests on."""

    rule_priority: int  # 1 to 5
    severity: Severity | None
    frustration: FrustrationLevel
    tier: Tier | None
    vulnerable: bool
    waited: timedelta
    sla: Standing | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One reason with its points."""

    name: str
    points: int
    why: str


@dataclass(frozen=True, slots=True)
class Priority:
    """All reasons that count."""

    parts: tuple[Part, ...]

    @property
    def score(self) -> int:
        return sum(p.points for p in self.parts)


def priority_of(facts: Facts, weights: Weights) -> Priority:
    """The reasons that have points, the weightiest first."""
    parts = [part for part in _parts(facts, weights) if part.points]
    return Priority(tuple(sorted(parts, key=lambda p: -p.points)))


def _parts(f: Facts, w: Weights) -> Sequence[Part]:
    minutes = int(max(f.waited, timedelta()).total_seconds() // 60)
    waiting = min(minutes * w.a_minute_waiting, w.most_for_waiting)
    late = {Standing.WARNED: w.sla_warned, Standing.BREACHED: w.sla_breached}
    late_why = "target missed" if f.sla is Standing.BREACHED else "target near"
    return [
        Part("rule", w.rule[min(max(f.rule_priority, 1), len(w.rule)) - 1], f"priority {f.rule_priority} rule"),
        Part(
            "severity", w.severity[_place(f.severity, Severity)], f"severity {f.severity.word}" if f.severity else ""
        ),
        Part("frustration", w.frustration[f.frustration], f.frustration.word),
        Part("tier", w.tier[list(Tier).index(f.tier)] if f.tier else 0, f"{f.tier} customer" if f.tier else ""),
        Part("vulnerable", w.vulnerable if f.vulnerable else 0, "support need"),
        Part("waiting", waiting, f"{minutes} min waiting"),
        Part("sla", late.get(f.sla, 0) if f.sla else 0, late_why),
    ]


def _place(level: Severity | None, scale: type[Severity]) -> int:
    return list(scale).index(level) if level is not None else 0
