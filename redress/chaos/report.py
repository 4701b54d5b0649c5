"""What a run counted."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from redress.chaos.checks import Finding, repeated, told_apart
from redress.chaos.customers import Crowd
from redress.chaos.killing import Kill
from redress.chaos.plan import Plan
from redress.chaos.stored import Stored
from redress.chaos.transcript import Transcript

_TOLD = 5  # of each kind of finding


@dataclass(frozen=True, slots=True)
class Report:
    """Figures and findings; a run without findings held."""

    plan: Plan
    figures: dict[str, int]
    kills: Sequence[Kill]
    answered_in_s: Mapping[str, float]  # by channel, from the last kill
    settled_in_s: float  # from when everybody had stopped
    findings: Sequence[Finding]

    @property
    def held(self) -> bool:
        return not self.findings

    def lines(self) -> list[str]:
        """For people to read."""
        killed = Counter(kill.victim for kill in self.kills)
        slowest = max(self.kills, key=lambda kill: kill.recovery_s, default=None)
        lines = [f"{name:<38}{count:>7,}" for name, count in self.figures.items()]
        lines.append(
            f"{'kills':<38}{len(self.kills):>7,}   " + ", ".join(f"{n} {c}" for n, c in sorted(killed.items()))
        )
        if slowest:
            lines.append(f"{'slowest recovery':<38}{slowest.recovery_s:>7.1f} s ({slowest.victim})")
        for channel, took in self.answered_in_s.items():
            lines.append(f"{f'answered after the last kill, {channel}':<38}{took:>7.1f} s")
        lines.append(f"{'nothing waited any more after':<38}{self.settled_in_s:>7.1f} s")
        lines += self._findings()
        seed = f"seed {self.plan.seed}"
        lines.append(f"All of it held, {seed}." if self.held else f"{len(self.findings)} findings, {seed}.")
        return lines

    def _findings(self) -> Iterator[str]:
        """The first few of each kind say enough."""
        kinds = Counter(finding.kind for finding in self.findings)
        for kind, count in kinds.items():
            told = [finding.sentence for finding in self.findings if finding.kind == kind]
            yield from (f"FINDING  {kind}: {sentence}" for sentence in told[:_TOLD])
            if count > _TOLD:
                yield f"         {kind}: and {count - _TOLD} more"


def figures(crowd: Crowd, transcripts: Sequence[Transcript], stored: Stored) -> dict[str, int]:
    """The counts, in the order in which they are told."""
    by = Counter(m.author for m in stored.messages)
    owners = Counter(c.owner for c in stored.conversations)
    shown = [one for t in transcripts for one in t.seen if one.author != "customer"]
    return {
        "customers": crowd.came,
        "conversations": len(stored.conversations),
        "messages acknowledged": sum(len(t.acknowledged) for t in transcripts),
        "messages stored": by["customer"],
        "replies stored": len(stored.messages) - by["customer"],
        "replies delivered": len(shown),
        "replies delivered more than once": len(shown) - len({(s.conversation, s.id) for s in shown}),
        "replies perhaps sent twice on Telegram": repeated(transcripts, stored),
        "replies withheld": sum(m.status == "withheld" for m in stored.messages),
        "cases": len(stored.cases),
        "one trouble with a case on each channel": told_apart(stored),
        "compensations": len(stored.compensations),
        "with the bot at the end": owners["bot"],
        "in the queue at the end": owners["queue"],
        "with an agent at the end": owners["agent"],
    }
