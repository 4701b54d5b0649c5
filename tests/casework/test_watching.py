"""Danger to life is heard in what the engine never reads: what waited when a person got the conversation, too."""

from dataclasses import replace
from typing import Any

import pytest

from casework.ownership import Ownership
from casework.ports import Staff
from casework.turns import Took, Turns
from casework.watching import Watch
from recovery.conditions import Condition
from recovery.playbook import EscalationRule, Procedure
from store.procedures import SqlProcedures
from tests.casework.floor import FloorUnderTest, HandsOver
from tests.recovery.builders import PLAYBOOK


def procedure(fact: str) -> Procedure:
    rule = EscalationRule(f"R-{fact}", fact, (Condition(fact, is_in=(True,)),), "care", 1, "utter_danger")
    return Procedure(fact, fact, rule, ("care",), 3, ())


def watched(floor: FloorUnderTest) -> tuple[Ownership, Watch]:
    playbook = replace(
        PLAYBOOK, procedures=tuple(procedure(fact) for fact in ("self_harm", "staff_threat", "safety"))
    )
    watch = Watch(SqlProcedures(floor.store.database), lambda: playbook, floor.phrases, floor.now)
    return replace(floor.ownership, watch=watch.read), watch


async def procedures_of(floor: FloorUnderTest, conversation: str) -> list[Any]:
    handoff = await floor.store.handoffs.open_one(conversation)
    assert handoff is not None
    return [p["id"] for p in handoff.packet.get("procedures") or ()]


@pytest.fixture
async def sol(floor: FloorUnderTest) -> Staff:
    return await floor.hire("Sol Reyes", "senior")


@pytest.mark.parametrize(
    ("words", "begins"),
    [("the kettle is on fire", "safety"), ("I want to kill myself", "self_harm"), ("where is my parcel", None)],
)
async def test_what_waited_for_the_bot_is_read_when_somebody_takes_over(
    floor: FloorUnderTest, sol: Staff, words: str, begins: str | None
) -> None:
    ownership, _ = watched(floor)
    opened = await floor.store.conversations.open_for("web", "u-1", floor.at, None, "Ada Moss")
    await floor.writes(opened.id, words)
    await ownership.take_over(opened.id, sol)
    assert await procedures_of(floor, opened.id) == ([begins] if begins else [])
    assert ("critical" in await floor.alerts()) is (begins is not None)


async def test_what_waited_behind_the_message_that_was_handed_over_is_read(floor: FloorUnderTest) -> None:
    _, watch = watched(floor)
    opened = await floor.store.conversations.open_for("web", "u-1", floor.at, None, "Ada Moss")
    await floor.writes(opened.id, "I want a person")
    await floor.writes(opened.id, "the kettle is on fire")
    turns = Turns(floor.store.turns, HandsOver(floor), floor.phrases, floor.now, watch=watch.read)
    assert await turns.take(opened.id) is Took.ANSWERED
    assert await procedures_of(floor, opened.id) == ["safety"]


async def test_a_hazard_told_in_the_queue_comes_first_and_pages(floor: FloorUnderTest) -> None:
    _, watch = watched(floor)
    calm, told = await floor.waits(priority=2), await floor.waits(priority=4)
    await watch.read(told, "m-1", "it's smoking now and my son has burnt his hand")
    await floor.later(0)
    assert await floor.queue() == [told, calm]
    assert await floor.told(told) == ["utter_danger"]
    assert "critical" in await floor.alerts()
