"""A new model takes the present one's place unless it is worse, and luck is not taken for worse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import SMALL_BOT, trained

from bot.gate import Heard, compare, heard_by
from bot.home import CHECKOUT
from bot.scores import read_messages
from bot.understand import load


def message(challenge: str | None = "late_delivery", level: int = 0, act: str = "report_problem") -> dict[str, Any]:
    challenges = [challenge] if challenge else []
    return {"dialogue_act": act, "challenges": challenges, "frustration": level, "triggers": []}


def heard_as(message: dict[str, Any], **wrong: Any) -> dict[str, Any]:
    """A result that is right but for what is said to be wrong."""
    labels = {**message, **wrong}
    return {
        "dialogue_act": {"name": labels["dialogue_act"]},
        "challenges": [{"type": name} for name in labels["challenges"]],
        "frustration": {"level": labels["frustration"]},
        "triggers": [],
    }


MESSAGES = (
    [message("late_delivery", n % 3) for n in range(60)]
    + [message("damaged_item", n % 3) for n in range(40)]
    + [message("lost_parcel") for _ in range(12)]
    + [message(None, act="greet") for _ in range(80)]
)
RIGHT = Heard(MESSAGES, [heard_as(m) for m in MESSAGES])


def with_wrong(places: range, **wrong: Any) -> Heard:
    return Heard(MESSAGES, [heard_as(m, **(wrong if n in places else {})) for n, m in enumerate(MESSAGES)])


def test_a_model_is_not_worse_than_itself() -> None:
    report = compare(RIGHT, RIGHT)
    assert report["worse"] == []
    assert all(score["now"] == score["new"] == 1.0 for score in report["heads"].values())


def test_one_message_more_misunderstood_is_luck() -> None:
    assert compare(RIGHT, with_wrong(range(1), challenges=[]))["worse"] == []


def test_better_is_never_worse() -> None:
    assert compare(with_wrong(range(100, 112), challenges=[]), RIGHT)["worse"] == []


def test_a_label_that_is_lost_is_named() -> None:
    lost = compare(RIGHT, with_wrong(range(100, 109), challenges=["late_delivery"]))
    assert "challenges: lost_parcel" in lost["worse"]
    assert "acts: macro F1" not in lost["worse"]


def test_more_false_alarms_are_named() -> None:
    alarmed = compare(RIGHT, with_wrong(range(112, 122), challenges=["late_delivery"]))
    assert "challenges: no false alarm" in alarmed["worse"]


def test_frustration_that_is_no_longer_heard_is_named() -> None:
    assert "frustration: quadratic kappa" in compare(RIGHT, with_wrong(range(40), frustration=0))["worse"]


def test_gains_elsewhere_do_not_excuse_a_label_that_is_lost() -> None:
    now = with_wrong(range(60, 100), challenges=[])
    new = with_wrong(range(100, 112), challenges=[])
    assert "challenges: lost_parcel" in compare(now, new)["worse"]


def test_a_real_model_that_never_learned_of_incidents_is_refused(
    real_model: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    files = [CHECKOUT / "data" / "nlu" / f"{name}.yml" for name in ("late_delivery", "thank_no_challenge")]
    poorer = trained(
        CHECKOUT / "config.yml",
        SMALL_BOT / "domain.yml",
        [*files, SMALL_BOT / "data.yml"],
        tmp_path_factory.mktemp("p"),
    )
    dev = read_messages(CHECKOUT / "tests" / "nlu" / "dev.jsonl")
    about = [m for m in dev if {"late_delivery", "safety_incident"} & set(m["challenges"])][:60]
    now = heard_by(load(real_model), about)
    assert compare(now, now)["worse"] == []
    assert "challenges: safety_incident" in compare(now, heard_by(load(poorer), about))["worse"]
