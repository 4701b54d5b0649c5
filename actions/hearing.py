"""Read the tracker's latest message as what was heard. The engine's output is checked here, once."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from recovery.heard import Entity, Heard, TriggerHeard
from recovery.words import ChallengeType, DialogueAct, FrustrationLevel, Trigger

QUOTED_WORDS = 5


def heard_in(message: Mapping[str, Any], currency: str, now: datetime) -> Heard:
    """The latest message of a tracker, as values. Labels that nobody knows are left out."""
    metadata = message.get("metadata") or {}
    frustration = message.get("frustration") or {}
    return Heard(
        message_id=str(message["message_id"]),
        text=str(metadata.get("text") or message.get("text") or ""),
        at=_time(metadata.get("at"), now),
        act=_act((message.get("intent") or {}).get("name")),
        challenges=tuple(_challenges(message.get("challenges") or ())),
        frustration=FrustrationLevel(min(3, max(0, int(frustration.get("level") or 0)))),
        frustration_words=tuple(str(w) for w in frustration.get("evidence") or ())[:QUOTED_WORDS],
        triggers=tuple(_triggers(message.get("triggers") or ())),
        entities=tuple(_entities(message.get("redress_entities") or (), currency)),
        unclear=str(message.get("unclear") or ""),
        choice=_choice(message.get("entities") or ()),
    )


def _time(value: object, now: datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return now
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _act(name: object) -> DialogueAct:
    return DialogueAct(str(name)) if name in set(DialogueAct) else DialogueAct.OUT_OF_SCOPE


def _challenges(found: Iterable[Mapping[str, Any]]) -> Iterable[ChallengeType]:
    return (ChallengeType(c["type"]) for c in found if c.get("type") in set(ChallengeType))


def _triggers(found: Iterable[Mapping[str, Any]]) -> Iterable[TriggerHeard]:
    for trigger in found:
        if trigger.get("name") in set(Trigger):
            words = tuple(str(w) for w in trigger.get("evidence") or ())[:QUOTED_WORDS]
            yield TriggerHeard(Trigger(trigger["name"]), words)


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


def _choice(entities: Iterable[Mapping[str, Any]]) -> str:
    """What a clicked button carried. Typed text never has this entity: the engine reads payloads only."""
    return next((str(e.get("value")) for e in entities if e.get("entity") == "choice"), "")
