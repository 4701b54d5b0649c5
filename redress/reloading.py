"""Tell a running engine to answer with another model, without a restart and without a lost message."""

from dataclasses import dataclass
from pathlib import Path

import httpx

from redress import running
from redress.problem import Problem
from redress.settings import Settings

_WITHIN_S = 120.0


@dataclass(frozen=True, slots=True)
class Reloaded:
    """Whether a running engine answers with the model now, and what to tell."""

    answers: bool
    told: str


def reload(settings: Settings, model: Path) -> Reloaded:
    """Change a running engine's model. Raises Problem when the engine refuses it, and keeps the one it has."""
    try:
        there = running.settings_of_running(settings)
    except Problem:
        return Reloaded(False, "Nothing runs here now: it answers from the next start on.")
    headers = {"Authorization": f"Bearer {there.engine_token.get_secret_value()}"}
    answered = [_tell(f"{engine}/webhooks/desk/model", model, headers) for engine in there.engine_urls]
    if all(answered):
        return Reloaded(True, "The running engine answers with it from now on.")
    return Reloaded(False, "The engine does not answer just now: it comes back with this model.")


def _tell(url: str, model: Path, headers: dict[str, str]) -> bool:
    """Whether this engine answers with the model now; False when it is not there. Raises Problem when it refuses."""
    try:
        with httpx.Client(trust_env=False, timeout=_WITHIN_S) as client:
            answer = client.post(url, json={"path": str(model)}, headers=headers)
    except httpx.HTTPError:
        return False
    if answer.status_code != httpx.codes.OK:
        raise Problem(f"The engine refused the model. {answer.json().get('error', '')}".strip())
    return True
