"""Which messages a supervisor should look at, because the NLU was not sure what it heard."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

SURE_OF_ACT = 0.6
SURE_OF_CHALLENGE = 0.6
SURE_OF_SCOPE = 0.8
NOTHING_TO_LABEL = frozenset({"gibberish", "other_language", "too_short"})


class Why(StrEnum):
    """Why a message waits for review."""

    UNSURE_ACT = "unsure_act"
    UNSURE_CHALLENGE = "unsure_challenge"
    NO_CHALLENGE = "no_challenge"
    OUT_OF_SCOPE = "out_of_scope"
    CORRECTED = "corrected"
    FLAGGED = "flagged"


BY_PERSON = frozenset({Why.CORRECTED, Why.FLAGGED})


def doubts(result: Mapping[str, Any]) -> tuple[Why, ...]:
    """What the NLU's result leaves in doubt; nothing for messages that no label would help."""
    unclear = result.get("unclear")
    if unclear in NOTHING_TO_LABEL:
        return ()
    act = result.get("dialogue_act") or {}
    sure = float(act.get("confidence") or 0)
    challenges = result.get("challenges") or ()
    found = {
        Why.UNSURE_ACT: sure < SURE_OF_ACT,
        Why.UNSURE_CHALLENGE: any(float(c.get("confidence") or 0) < SURE_OF_CHALLENGE for c in challenges),
        Why.NO_CHALLENGE: act.get("name") == "report_problem" and not challenges,
        Why.OUT_OF_SCOPE: unclear == "out_of_scope" and sure < SURE_OF_SCOPE,
    }
    return tuple(why for why, so in found.items() if so)
