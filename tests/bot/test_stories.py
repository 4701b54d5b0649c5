"""Rasa's own conversation test of the rules and stories: what `rasa test core` does, without an engine of its own.

Only the policies are trained, on the checkout's rules and stories; nothing is understood and no action runs.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

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
    assert told["total"] >= 10
    assert told["correct"] == told["total"]


def test_the_stories_end_in_every_stage_that_waits_for_something() -> None:
    stories = yaml.safe_load(TESTS.read_text(encoding="utf-8"))["stories"]
    met = {s["slot_was_set"][0]["stage"] for story in stories for s in story["steps"] if "slot_was_set" in s}
    assert met >= set(STAGES) - {"open"}
