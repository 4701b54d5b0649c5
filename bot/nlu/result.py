"""The one shape in which an understood message leaves the engine."""

from __future__ import annotations

from typing import Any

CALM = {"level": 0, "score": 0.0, "evidence": []}


def result_of(parse_data: dict[str, Any]) -> dict[str, Any]:
    """What the pipeline put onto a message, under the names that everything outside the engine uses."""
    intent = parse_data.get("intent") or {}
    act = {"name": intent.get("name"), "confidence": round(float(intent.get("confidence") or 0), 4)}
    return {
        "dialogue_act": parse_data.get("dialogue_act") or act,
        "challenges": parse_data.get("challenges") or [],
        "possible": parse_data.get("possible") or [],
        "frustration": parse_data.get("frustration") or CALM,
        "triggers": parse_data.get("triggers") or [],
        "entities": parse_data.get("redress_entities") or [],
        "unclear": parse_data.get("unclear"),
        "person_due": parse_data.get("person_due"),
        "model": parse_data.get("model"),
    }


def payload_entities(entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Entities of a pressed button: there are no words to point at, so the value stands for the text."""
    return [{"name": e["entity"], "value": e["value"], "text": str(e["value"])} for e in entities]
