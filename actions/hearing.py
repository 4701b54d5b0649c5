"""Read the tracker's latest message as what was heard."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from casework.hearing import fields, heard_from, rows
from recovery.heard import Heard


def heard_in(message: Mapping[str, Any], currency: str, now: datetime) -> Heard:
    """The latest message of a tracker, as values; `now` stands in where the desk gave no time."""
    metadata = fields(message.get("metadata"))
    result = {**message, "dialogue_act": message.get("intent"), "entities": message.get("redress_entities")}
    return heard_from(
        result,
        message_id=str(message["message_id"]),
        text=str(metadata.get("text") or message.get("text") or ""),
        at=_time(metadata.get("at"), now),
        currency=currency,
        choice=_choice(rows(message.get("entities"))),
        files=[str(kind) for kind in metadata.get("files") or ()],
        wordless=metadata.get("wordless") is True,
    )


def _time(value: object, now: datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return now
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _choice(entities: Iterable[Mapping[str, Any]]) -> str:
    """What a clicked button carried. Typed text never has this entity: the engine reads payloads only."""
    return next((str(e.get("value")) for e in entities if e.get("entity") == "choice"), "")
