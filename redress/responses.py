"""Read data/responses: every word the bot says, in Rasa's own format, checked at start."""

from pathlib import Path
from typing import Any

import yaml

from casework.wording import ANY, Variant, Wording

TONES = {"calm", "upset", "furious", ANY}


class BrokenResponses(ValueError):
    """A file of responses that cannot be used; the message says which and why."""


def load_wording(folder: Path) -> Wording:
    """All responses of a folder. Raises BrokenResponses with one sentence."""
    responses: dict[str, list[Variant]] = {}
    for path in sorted(folder.glob("*.yml")):
        for name, variants in _responses_of(path).items():
            responses.setdefault(name, []).extend(_variant(path, name, v) for v in variants)
    if not responses:
        raise BrokenResponses(f"No responses were found in {folder}: the bot would have nothing to say.")
    return Wording(responses)


def _responses_of(path: Path) -> dict[str, list[dict[str, Any]]]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise BrokenResponses(f"{path} is not valid YAML: {error}") from error
    responses: dict[str, list[dict[str, Any]]] = (content or {}).get("responses") or {}
    return responses


def _variant(path: Path, name: str, value: dict[str, Any]) -> Variant:
    metadata = value.get("metadata") or {}
    tone = metadata.get("tone", ANY)
    if not value.get("id") or not value.get("text") or tone not in TONES:
        raise BrokenResponses(f"{path}: a variant of {name} needs an id, a text and a known tone.")
    return Variant(value["id"], " ".join(str(value["text"]).split(" ")), tone, tuple(metadata.get("needs") or ()))
