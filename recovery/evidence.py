"""Evidence, and the rationale that may not exist without it."""

from collections.abc import Iterable
from dataclasses import dataclass

from recovery.words import EvidenceKind


class RationaleRefused(ValueError):
    """A rationale that code does not let through."""


class UncitedSentence(RationaleRefused):
    """A sentence that cites nothing."""


class UnknownEvidence(RationaleRefused):
    """A sentence that cites a record nobody has stored."""


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """A reference to one stored record."""

    kind: EvidenceKind
    id: str

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a rationale with the records that bear it out."""

    text: str
    evidence: tuple[Evidence, ...]

    def __post_init__(self) -> None:
        if not self.evidence:
            raise UncitedSentence(f"This sentence cites no evidence: {self.text!r}")

    def __str__(self) -> str:
        return f"{self.text} [{', '.join(str(e) for e in self.evidence)}]"


@dataclass(frozen=True, slots=True)
class Rationale:
    """Why a rule fired: at least one sentence, each with its evidence."""

    sentences: tuple[Sentence, ...]

    def __post_init__(self) -> None:
        if not self.sentences:
            raise UncitedSentence("A rationale needs at least one sentence with evidence.")

    @property
    def evidence(self) -> frozenset[Evidence]:
        return frozenset(e for s in self.sentences for e in s.evidence)

    def checked_against(self, stored: Iterable[Evidence]) -> "Rationale":
        """Return itself, or raise UnknownEvidence when it cites a record that is not among `stored`."""
        if unknown := self.evidence - frozenset(stored):
            names = ", ".join(str(e) for e in sorted(unknown))
            raise UnknownEvidence(f"The rationale cites records that are not stored: {names}")
        return self

    def __str__(self) -> str:
        return " ".join(str(s) for s in self.sentences)
