"""The recovery state as JSON and back, and what a return from a person does to it."""

from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter

from recovery.state import Mood, Progress, Recovery
from recovery.words import Stage

_ADAPTER = TypeAdapter(Recovery)


def dumped(state: Recovery) -> dict[str, Any]:
    """The state as JSON values."""
    result: dict[str, Any] = _ADAPTER.dump_python(state, mode="json")
    return result


def loaded(value: dict[str, Any] | None) -> Recovery:
    """The state from JSON values; the beginning where there is none."""
    return Recovery() if not value else _ADAPTER.validate_python(value)


def returned(value: dict[str, Any] | None) -> dict[str, Any]:
    """The state when a person gives the conversation back: what led to the handoff must not lead to it again."""
    state = loaded(value)
    problems = tuple(
        replace(p, progress=Progress.DROPPED) if p.progress is Progress.ESCALATED or p.is_live else p
        for p in state.problems
    )
    fresh = replace(
        state,
        stage=Stage.BOOKED if state.last_booked else Stage.OPEN,
        problems=problems,
        mood=Mood(peak=state.mood.peak, levels=state.mood.levels),
        misunderstood_in=(),
        unverified_in=(),
        asked_to_verify=0,
        cooled_in=(),
        listed_orders=(),
        check_back_case=None,
        changing=None,
        gift=None,
        gift_case=None,
        to_put_right="",
        person_offered=False,
        asked_which=False,
    )
    return dumped(fresh)
