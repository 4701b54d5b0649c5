"""Words that show a danger to life: a customer who speaks of harming themselves, or who threatens our people.

Read from the text alone, so that it also holds where no engine reads along: while a person owns the conversation, or
while the engine is down. In doubt it errs toward a person; idioms and plain denials are let pass.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from recovery.choosing import plain
from recovery.danger_words import (
    HAZARD_NOW,
    HURT_BY_A_THING,
    NOT_HAZARD,
    NOT_SELF_HARM,
    NOT_STAFF_THREAT,
    SELF_HARM,
    SOFT_SELF_HARM,
    STAFF_THREAT,
)
from recovery.heard import Heard, TriggerHeard
from recovery.words import ChallengeType, Trigger


class DangerKind(StrEnum):
    """What the words show."""

    SELF_HARM = "self_harm"
    STAFF_THREAT = "staff_threat"
    HAZARD = "safety"  # an injury, a fire: where the engine reads along, it hears more of them


@dataclass(frozen=True, slots=True)
class Danger:
    """One danger and the customer's words that show it."""

    kind: DangerKind
    words: str


# A denial just before the words takes them back: "I'm not going to hurt anybody". These do not deny.
_DENIES = re.compile(
    r"(?:\b(?:not|never|no longer|nobody|without|hardly|cannot|"
    r"(?:do|did|does|wo|would|ca|could|should|is|was|ai|have|had)nt)\b|n't\b)"
    r"(?P<between>(?:\s+[\w']+){0,5})\s*$"
)
_NEW_SUBJECT = re.compile(r"\b(?:i|we|he|she|they|you)(?:'\w+)?\b")
_NO_DENIAL = re.compile(
    r"^\s*(?:joking|kidding|lying|bluffing|exaggerating|being (?:funny|dramatic)|messing|stop|help|know|sure|just"
    r"|only|care|long before|far (?:off|from)|afraid|scared|help but|think of anything (?:but|except))\b"
)
_MORE = re.compile(r"^\s*(?:so|more|as) (?:much|badly|than|bad|much as)\b")
_CLAUSE = re.compile(r"[.,;:!?\n()]|\b(?:but|because|so|and then|until|unless)\b")

_FOUND = {
    DangerKind.SELF_HARM: (re.compile("|".join(SELF_HARM)), re.compile("|".join(NOT_SELF_HARM))),
    DangerKind.STAFF_THREAT: (re.compile("|".join(STAFF_THREAT)), re.compile("|".join(NOT_STAFF_THREAT))),
}
_HAZARD_NOW, _NOT_HAZARD = re.compile("|".join(HAZARD_NOW)), re.compile("|".join(NOT_HAZARD))
_HURT_BY_A_THING = re.compile(HURT_BY_A_THING)
_SPACES = re.compile(r"[^\S\n]+")
_SOFT = re.compile("|".join(SOFT_SELF_HARM))
_HEAVY = (Trigger.VULNERABILITY, Trigger.SAFETY_RISK)
_OF_A_THING = {ChallengeType.FAULTY_PRODUCT, ChallengeType.DAMAGED_ITEM, ChallengeType.NOT_AS_DESCRIBED}


HAZARD = re.compile(
    r"\b(?:fire|flames?|smok(?:e|ing)|sparks?|sparking|burn(?:s|t|ed|ing)?|melt(?:s|ed|ing)?|gas|shocks?"
    r"|tingl\w+|explo\w+|fumes|carbon monoxide|bleeding|injur\w+|hospital|ambulance|chok\w+|poison\w*|swallowed)\b"
)


def dangers_in(text: str) -> tuple[Danger, ...]:
    """The dangers that a text shows by itself, each kind once."""
    whole = _SPACES.sub(" ", plain(text))
    found = (_first(kind, sure, idioms, whole) for kind, (sure, idioms) in _FOUND.items())
    return tuple(d for d in found if d is not None)


def hazards_in(text: str) -> tuple[Danger, ...]:
    """An injury, a fire or the like that is told in so many words, for where no engine reads along."""
    found = _first(DangerKind.HAZARD, _HAZARD_NOW, _NOT_HAZARD, _SPACES.sub(" ", plain(text)))
    return (found,) if found else ()


def with_hazard(heard: Heard) -> Heard:
    """Who tells of something broken in words that show a hazard is heard so, whatever the engine made of them.

    So is who says that a thing hurt them: "I burnt my hand on it, it's fine, just send a new one".
    Only there: what caught fire elsewhere, and a sale that is on fire, the engine knows better.
    """
    missed = heard.trigger(Trigger.SAFETY_RISK) is None and ChallengeType.SAFETY_INCIDENT not in heard.challenges
    by_a_thing = _HURT_BY_A_THING.search(plain(heard.text)) is not None  # whatever else it was taken for
    if not missed or not (by_a_thing or not _OF_A_THING.isdisjoint(heard.challenges)):
        return heard
    shown = tuple(TriggerHeard(Trigger.SAFETY_RISK, (danger.words,)) for danger in hazards_in(heard.text))
    return replace(heard, triggers=(*heard.triggers, *shown))


def perils_in(text: str) -> str:
    """The kinds of danger and hazard that a text may tell of, in one word; empty where it tells of none.

    Wide on purpose: only the engine tells sparks from sparklers, and to have it read once more costs nothing.
    """
    kinds = sorted({d.kind.value for d in dangers_in(text)})
    return "+".join([*kinds, "hazard"] if HAZARD.search(plain(text)) else kinds)


def dangers_of(heard: Heard) -> tuple[Danger, ...]:
    """The dangers of a message: what its words show, and weaker words where the NLU heard a need beside them."""
    sure = dangers_in(heard.text)
    if any(d.kind is DangerKind.SELF_HARM for d in sure) or not any(heard.trigger(t) for t in _HEAVY):
        return sure
    soft = _SOFT.search(plain(heard.text))
    return (*sure, Danger(DangerKind.SELF_HARM, soft[0].strip())) if soft else sure


def _first(kind: DangerKind, sure: re.Pattern[str], idioms: re.Pattern[str], text: str) -> Danger | None:
    """The first words that show it and are not taken back."""
    cleared = idioms.sub(lambda m: " " * len(m[0]), text)
    words = next((m[0] for m in _stated(sure, cleared)), None)
    return Danger(kind, " ".join(words.split())) if words else None


def _stated(sure: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    return (m for m in sure.finditer(text) if not _denied(text, m))


def _denied(text: str, match: re.Match[str]) -> bool:
    before = _CLAUSE.split(text[: match.start()])[-1]
    denial = _DENIES.search(before)
    if denial is None:
        return False
    between = denial["between"]
    return not (_NO_DENIAL.match(between) or _NEW_SUBJECT.search(between) or _MORE.match(text[match.end() :]))
