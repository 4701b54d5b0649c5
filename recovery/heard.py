"""What the NLU says of one message, as values."""

from dataclasses import dataclass
from datetime import datetime

from recovery.evidence import Evidence
from recovery.words import ChallengeType, DialogueAct, EvidenceKind, FrustrationLevel, Trigger


@dataclass(frozen=True, slots=True)
class TriggerHeard:
    """A trigger and the customer's words that show it."""

    name: Trigger
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entity:
    """A detail in a message: `value` is normalised, `text` is how the customer wrote it."""

    name: str
    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Heard:
    """One message of a customer, understood. `choice` is what a clicked button carried."""

    message_id: str
    text: str
    at: datetime
    act: DialogueAct
    challenges: tuple[ChallengeType, ...] = ()
    frustration: FrustrationLevel = FrustrationLevel.CALM
    frustration_words: tuple[str, ...] = ()
    triggers: tuple[TriggerHeard, ...] = ()
    entities: tuple[Entity, ...] = ()
    unclear: str = ""
    choice: str = ""
    files: tuple[str, ...] = ()  # what kinds came with it: photo, audio, video, file
    wordless: bool = False  # the text only names what came
    feeling: float = 0.0  # the expected frustration, finer than its level
    person_due: float | None = None  # the chance that a person should have the conversation by now, where it is told
    possible: tuple[ChallengeType, ...] = ()  # not stood by on the words alone: likely where the records agree

    @property
    def evidence(self) -> Evidence:
        return Evidence(EvidenceKind.MESSAGE, self.message_id)

    @property
    def picked_order(self) -> str:
        """The order that a click named: `order:10482`, or `challenge:late_delivery@10482`."""
        return (
            self.choice.removeprefix("order:") if self.choice.startswith("order:") else self.choice.partition("@")[2]
        )

    def trigger(self, name: Trigger) -> TriggerHeard | None:
        return next((t for t in self.triggers if t.name is name), None)

    def entity(self, name: str) -> str | None:
        """The first value of an entity of this name."""
        return next((e.value for e in self.entities if e.name == name), None)

    def values(self, name: str) -> tuple[str, ...]:
        return tuple(e.value for e in self.entities if e.name == name)

    @property
    def quote(self) -> str:
        """The message as a reason may quote it: one line, at most 120 characters."""
        line = " ".join(self.text.split())
        return line if len(line) <= 120 else line[:117].rstrip() + "…"
