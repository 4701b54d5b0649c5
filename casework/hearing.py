"""Read an NLU result as what was heard. The engine's output is checked here, once; unknown labels are left out."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from recovery.heard import Entity, Heard, TriggerHeard
from recovery.words import ChallengeType, DialogueAct, FrustrationLevel, Trigger

QUOTED_WORDS = 5


def heard_from(
    result: Mapping[str, Any], *, message_id: str, text: str, at: datetime, currency: str, choice: str = ""
) -> Heard:
    """One message, as values.

    `result` is what the engine tells: dialogue_act {name}, challenges [{type}], frustration {level, evidence},
    triggers [{name, evidence}], entities [{name, value, text}], unclear.
    """
    frustration = result.get("frustration") or {}
    return Heard(
        message_id=message_id,
        text=text,
        at=at,
        act=_act((result.get("dialogue_act") or {}).get("name")),
        challenges=tuple(_challenges(result.get("challenges") or ())),
        frustration=FrustrationLevel(min(3, max(0, int(frustration.get("level") or 0)))),
        frustration_words=_words(frustration.get("evidence")),
        triggers=tuple(_triggers(result.get("triggers") or ())),
        entities=tuple(_entities(result.get("entities") or (), currency)),
        unclear=str(result.get("unclear") or ""),
        choice=choice,
    )


def _act(name: object) -> DialogueAct:
    return DialogueAct(str(name)) if name in set(DialogueAct) else DialogueAct.OUT_OF_SCOPE


def _words(evidence: Iterable[object] | None) -> tuple[str, ...]:
    return tuple(str(w) for w in evidence or ())[:QUOTED_WORDS]


def _challenges(found: Iterable[Mapping[str, Any]]) -> Iterable[ChallengeType]:
    return (ChallengeType(c["type"]) for c in found if c.get("type") in set(ChallengeType))


def _triggers(found: Iterable[Mapping[str, Any]]) -> Iterable[TriggerHeard]:
    known = (t for t in found if t.get("name") in set(Trigger))
    return (TriggerHeard(Trigger(t["name"]), _words(t.get("evidence"))) for t in known)


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
        return int(Decimal(str(value.get("amount"))) * 100)
    except (InvalidOperation, OverflowError, ValueError):
        return None
