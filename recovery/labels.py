"""What a person says a message means: the labels of the labelling guide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recovery.words import ChallengeType, DialogueAct, FrustrationLevel, Trigger


@dataclass(frozen=True, slots=True)
class Labels:
    """All labels of one message. `person_due`: whether a person should have been called; None where nobody said."""

    act: DialogueAct
    challenges: tuple[ChallengeType, ...] = ()
    level: FrustrationLevel = FrustrationLevel.CALM
    triggers: tuple[Trigger, ...] = ()
    person_due: bool | None = None

    def as_json(self) -> dict[str, Any]:
        """As labelled messages are written everywhere."""
        due = {} if self.person_due is None else {"person_due": self.person_due}
        return {
            "dialogue_act": str(self.act),
            "challenges": [str(c) for c in self.challenges],
            "frustration": int(self.level),
            "triggers": [str(t) for t in self.triggers],
            **due,
        }


def read_labels(given: Mapping[str, Any]) -> Labels:
    """Labels from JSON. Raises ValueError with a sentence for one that the guide does not know."""
    try:
        return Labels(
            DialogueAct(given["dialogue_act"]),
            _each(ChallengeType, given.get("challenges") or ()),
            FrustrationLevel(int(given.get("frustration") or 0)),
            _each(Trigger, given.get("triggers") or ()),
            given.get("person_due"),
        )
    except KeyError as error:
        raise ValueError("Choose a dialogue act first.") from error
    except (ValueError, TypeError) as error:
        raise ValueError(f"The labelling guide has no such label: {error}.") from error


def labels_of(result: Mapping[str, Any]) -> dict[str, Any]:
    """What the NLU heard, as labels: where a labeller begins."""
    return {
        "dialogue_act": (result.get("dialogue_act") or {}).get("name"),
        "challenges": [c["type"] for c in result.get("challenges") or ()],
        "frustration": int((result.get("frustration") or {}).get("level") or 0),
        "triggers": [t["name"] for t in result.get("triggers") or ()],
    }


def _each[T: (ChallengeType, Trigger)](kind: type[T], names: Sequence[str]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(kind(name) for name in names))
