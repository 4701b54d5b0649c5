"""Assess transcripts in shadow mode, whoever conducted them, with the rules that run live."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from casework.hearing import heard_from
from casework.outcome import sentence_json
from recovery.playbook import Playbook
from recovery.shadow import Reading, Spoken, read_transcript

SPEAKERS = ("customer", "bot", "agent")
LOOKED_BACK = 12  # turns: more the engine does not look at


class BadTranscript(ValueError):
    """A line that is no transcript; the message says what is wrong with it."""


class Asked(NamedTuple):
    """A message to be understood, and the turns before it, each who said what."""

    text: str
    before: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Transcript:
    """One conversation: who said what, in order, and the customer's name where it is known."""

    id: str
    turns: tuple[tuple[str, str], ...]
    customer: str = ""

    @property
    def customer_turns(self) -> list[Asked]:
        """What the customer says, each with the turns before it."""
        places = [i for i, (who, _) in enumerate(self.turns) if who == "customer"]
        return [Asked(self.turns[i][1], self.turns[max(0, i - LOOKED_BACK) : i]) for i in places]


def read_line(value: object) -> Transcript:
    """A transcript from `{"id", "turns": [{"who", "text"}]}`. Raises BadTranscript."""
    if not isinstance(value, Mapping) or not isinstance(value.get("turns"), list):
        raise BadTranscript('A transcript is {"id": …, "turns": [{"who": …, "text": …}]}.')
    turns = tuple(_turn(t) for t in value["turns"])
    return Transcript(str(value.get("id", "")), turns, str(value.get("customer") or ""))


def _turn(value: object) -> tuple[str, str]:
    if not isinstance(value, Mapping) or value.get("who") not in SPEAKERS or not isinstance(value.get("text"), str):
        raise BadTranscript(f"A turn needs a text, and a who that is one of {', '.join(SPEAKERS)}.")
    return value["who"], value["text"]


def assess(
    transcript: Transcript, understood: Sequence[Mapping[str, Any]], playbook: Playbook, now: datetime
) -> Iterator[dict[str, Any]]:
    """One reading for each customer turn; `understood` are the NLU's results for them, in order."""
    results = iter(understood)
    spoken, places = [], []
    for index, (who, text) in enumerate(transcript.turns):
        heard = None
        if who == "customer":
            message_id = f"{transcript.id}/{index}"
            currency = playbook.currency
            heard = heard_from(next(results), message_id=message_id, text=text, at=now, currency=currency)
            places.append(index)
        spoken.append(Spoken(who, text, heard))
    readings = read_transcript(tuple(spoken), playbook, now)
    for place, reading in zip(places, readings, strict=True):
        yield {"id": transcript.id, "turn": place, **_reading_json(reading)}


def _reading_json(reading: Reading) -> dict[str, Any]:
    return {
        "frustration": {"level": reading.level, "score": reading.score},
        "triggers": [t.name.value for t in reading.heard.triggers],
        "challenges": [c.value for c in reading.heard.challenges],
        "escalate": reading.escalate,
        "rules": list(reading.rules),
        "rationale": [sentence_json(s) for s in reading.rationale],
    }
