"""Read an NLU result as what was heard. The engine's output is checked here, once; unknown labels are left out."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from math import isnan
from typing import Any

from recovery.choosing import NO, YES
from recovery.dangers import with_hazard
from recovery.heard import Entity, Heard, TriggerHeard
from recovery.words import ChallengeType, DialogueAct, FrustrationLevel, Trigger

QUOTED_WORDS = 5
SURE_OF_AN_ANSWER = 0.5
A_BILLION = 10**9  # more is no amount of money, and too long to count


def heard_from(
    result: Mapping[str, Any],
    *,
    message_id: str,
    text: str,
    at: datetime,
    currency: str,
    choice: str = "",
    files: Iterable[str] = (),
    wordless: bool = False,
) -> Heard:
    """One message, as values.

    `result` is what the engine tells: dialogue_act {name}, challenges [{type}], possible [{type}],
    frustration {level, score, evidence}, triggers [{name, evidence}], entities [{name, value, text}], unclear,
    person_due.
    """
    frustration = fields(result.get("frustration"))
    heard = Heard(
        message_id=message_id,
        text=text,
        at=at,
        act=_act(fields(result.get("dialogue_act"))),
        challenges=tuple(_challenges(rows(result.get("challenges")))),
        possible=tuple(_challenges(rows(result.get("possible")))),
        frustration=_level(frustration.get("level")),
        feeling=_bounded(frustration.get("score"), 3.0) or 0.0,
        person_due=_bounded(result.get("person_due"), 1.0),
        frustration_words=_words(frustration.get("evidence")),
        triggers=tuple(_triggers(rows(result.get("triggers")))),
        entities=tuple(_entities(rows(result.get("entities")), currency)),
        unclear=str(result.get("unclear") or ""),
        choice=choice,
        files=tuple(files),
        wordless=wordless,
    )
    return with_hazard(heard)


def _act(told: Mapping[str, Any]) -> DialogueAct:
    """What a message does. Half a guess at a yes or a no is neither: "yday" agrees to nothing."""
    act = _label(DialogueAct, told.get("name")) or DialogueAct.OUT_OF_SCOPE
    sure = told.get("confidence")
    doubtful = isinstance(sure, int | float) and sure < SURE_OF_AN_ANSWER
    return DialogueAct.INFORM if doubtful and act in YES | NO else act


def fields(value: object) -> Mapping[str, Any]:
    """A JSON object; anything else holds nothing."""
    return value if isinstance(value, Mapping) else {}


def rows(value: object) -> list[Mapping[str, Any]]:
    """The objects in a JSON list; anything else holds none."""
    return [v for v in value if isinstance(v, Mapping)] if isinstance(value, list | tuple) else []


def _label[L: StrEnum](labels: type[L], name: object) -> L | None:
    return next((label for label in labels if label == name), None)


def _level(value: object) -> FrustrationLevel:
    try:
        return FrustrationLevel(min(3, max(0, int(float(str(value or 0))))))
    except (ValueError, OverflowError):
        return FrustrationLevel.CALM


def _bounded(value: object, most: float) -> float | None:
    """A number from 0 to `most`; None where it is none."""
    return min(most, max(0.0, float(value))) if isinstance(value, int | float) and not isnan(value) else None


def _words(evidence: object) -> tuple[str, ...]:
    found = evidence if isinstance(evidence, list | tuple) else ()
    return tuple(str(w) for w in found)[:QUOTED_WORDS]


def _challenges(found: Iterable[Mapping[str, Any]]) -> Iterable[ChallengeType]:
    return (label for c in found if (label := _label(ChallengeType, c.get("type"))) is not None)


def _triggers(found: Iterable[Mapping[str, Any]]) -> Iterable[TriggerHeard]:
    named = ((_label(Trigger, t.get("name")), t.get("evidence")) for t in found)
    return (TriggerHeard(name, _words(evidence)) for name, evidence in named if name is not None)


def _entities(found: Iterable[Mapping[str, Any]], currency: str) -> Iterable[Entity]:
    for entity in found:
        name, value, text = str(entity.get("name")), entity.get("value"), str(entity.get("text") or "")
        yield Entity(name, str(value), text)
        if name == "money" and isinstance(value, Mapping) and (pence := _pence(value, currency)) is not None:
            yield Entity("pence", str(pence), text)


def _pence(value: Mapping[str, Any], currency: str) -> int | None:
    """An amount in the playbook's currency, in pence; other currencies are not converted."""
    if value.get("currency") not in (currency, None):
        return None
    try:
        amount = Decimal(str(value.get("amount")))
    except InvalidOperation:
        return None
    return int(amount * 100) if amount.is_finite() and abs(amount) < A_BILLION else None
