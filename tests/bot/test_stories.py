"""Rasa's own conversation test of the rules and stories: what `rasa test core` does, without an engine of its own.

Only the policies are trained, on the checkout's rules and stories; nothing is understood and no action runs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from bot.home import CHECKOUT
from bot.understand import quiet

TESTS = Path(__file__).with_name("test_stories.yml")
STAGES = yaml.safe_load((CHECKOUT / "domain.yml").read_text(encoding="utf-8"))["slots"]["stage"]["values"]


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of the policies alone."""
    from rasa.model_training import train_core

    quiet()
    out = tmp_path_factory.mktemp("policies")
    domain, config = str(CHECKOUT / "domain.yml"), str(CHECKOUT / "config.yml")
    data = tmp_path_factory.mktemp("data")
    for folder in ("rules", "stories"):
        (data / folder).symlink_to(CHECKOUT / "data" / folder)
    model = train_core(domain, config, str(data), str(out), fixed_model_name="policies")
    assert model is not None
    return Path(model)


def listening_after_a_stage(agent: Any) -> Any:
    """The agent, going on as our actions do: what sets the stage also says that the turn is done (see actions/)."""
    from rasa.shared.core.events import SlotSet

    predict = agent.processor.predict_next_with_tracker_if_should

    def after_a_stage(tracker: Any) -> Any:
        if isinstance(tracker.events[-1], SlotSet):
            tracker.followup_action = "action_listen"
        return predict(tracker)

    agent.processor.predict_next_with_tracker_if_should = after_a_stage
    return agent


def test_every_path_is_answered_as_its_story_says(policies: Path, tmp_path: Path) -> None:
    from rasa.core.agent import Agent
    from rasa.core.test import test

    agent = listening_after_a_stage(Agent.load(str(policies)))
    report = asyncio.run(
        test(str(TESTS), agent, out_directory=str(tmp_path), fail_on_prediction_errors=True, disable_plotting=True)
    )
    told = report["report"]["conversation_accuracy"]
    assert told["correct"] == told["total"] == len(_read(TESTS)["stories"])


def test_every_rule_is_exercised() -> None:
    exercised = {(turn.stage, turn.intent, turn.action) for turn in _exercised()}
    anywhere = {(intent, action) for _, intent, action in exercised}
    rules = [rule for file in sorted((CHECKOUT / "data" / "rules").glob("*.yml")) for rule in _read(file)["rules"]]
    assert len(rules) > len(STAGES)
    missed = []
    for rule in rules:
        (turn,) = _turns({"steps": [*rule.get("condition", []), *rule["steps"]]})
        known = (turn.stage, turn.intent, turn.action) in exercised
        if not (known if "condition" in rule else (turn.intent, turn.action) in anywhere):
            missed.append(rule["rule"])
    assert missed == []


def test_every_step_of_every_story_is_exercised() -> None:
    exercised = set(_exercised())
    told = [(story["story"], turn) for story in _stories() for turn in _turns(story)]
    assert told
    assert [(name, turn) for name, turn in told if turn not in exercised] == []


def test_the_stories_pass_through_every_stage() -> None:
    assert {stage for turn in _exercised() for stage in (turn.stage, turn.leads_to)} >= set(STAGES)


class Turn(NamedTuple):
    """One turn of a story: at which stage what is answered with which action, and the stage that this leads to."""

    stage: str
    intent: str
    action: str
    leads_to: str | None


def _turns(story: dict[str, Any]) -> Iterator[Turn]:
    """The turns of a story. Where it does not say the stage, it is that of a conversation that begins."""
    stage, intent, action = "open", "", ""
    for step in [*story["steps"], {}]:
        became = step["slot_was_set"][0]["stage"] if "slot_was_set" in step else None
        if action:
            yield Turn(stage, intent, action, became)
            intent = action = ""
        stage = became or stage
        intent, action = step.get("intent", intent), step.get("action", "")


def _exercised() -> Iterator[Turn]:
    return (turn for story in _read(TESTS)["stories"] for turn in _turns(story))


def _stories() -> Iterator[dict[str, Any]]:
    return (story for file in (CHECKOUT / "data" / "stories").glob("*.yml") for story in _read(file)["stories"])


def _read(file: Path) -> Any:
    return yaml.safe_load(file.read_text(encoding="utf-8"))
