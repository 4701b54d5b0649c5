"""Follow-ups arrive once, when they are due, and never in the middle of a recovery."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from casework.crm import Crm, NewCase, NewFollowUp
from casework.follow_up import FollowUps
from casework.ports import Staff
from casework.timers import Timers
from casework.turn_state import dumped, loaded
from casework.wording import Variant, Wording
from crm_adapter.memory import MemoryCrm
from recovery.state import Problem, Progress, Recovery
from recovery.words import ChallengeType, FollowUpKind, Severity, Stage
from store.reading import SqlReading
from store.recoveries import save
from tests.desk.conftest import Customer, DeskUnderTest, EngineDouble, running_desk
from tests.recovery.builders import PLAYBOOK

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
WORDING = Wording(
    {
        "utter_check_back": [Variant("check_back.1", "Did it arrive?")],
        "utter_survey": [Variant("survey.1", "How did we do?")],
        "utter_title_all_sorted": [Variant("title_all_sorted.1", "Yes, all sorted")],
        "utter_title_not_sorted": [Variant("title_not_sorted.1", "No, it isn't")],
        "utter_title_person": [Variant("title_person.1", "Talk to a person")],
    }
)


@dataclass
class Story:
    """A booked recovery whose check-back falls due an hour after noon."""

    desk: DeskUnderTest
    crm: Crm
    customer: Customer
    now: datetime = NOON
    case: str = ""

    def timers(self) -> Timers:
        store = self.desk.store
        follow_ups = FollowUps(WORDING, lambda: PLAYBOOK)
        return Timers(
            self.crm,
            store.conversations,
            store.recoveries,
            store.follow_ups,
            follow_ups,
            lambda: self.now,
            store.surroundings,
        )

    async def said(self) -> list[dict[str, Any]]:
        return [m for m in await self.customer.messages() if m["text"] == "Did it arrive?"]

    async def keep(self, stage: Stage) -> None:
        version = (await self.desk.store.recoveries.load(self.customer.conversation)).version
        problem = Problem(ChallengeType.LATE_DELIVERY, "m1", self.case, progress=Progress.BOOKED)
        state = dumped(Recovery(stage, (problem,)))
        async with self.desk.store.database.begin() as connection:
            assert await save(connection, self.customer.conversation, version, state, NOON)


@pytest.fixture
async def story(desk: DeskUnderTest) -> Story:
    crm, customer = MemoryCrm(), await desk.customer()
    new = NewCase("k", None, customer.conversation, None, ChallengeType.LATE_DELIVERY, Severity.MINOR, "", NOON)
    story = Story(desk, crm, customer)
    story.case = (await crm.open_case(new)).id
    due = NOON + timedelta(hours=1)
    await crm.follow_up(NewFollowUp("f", story.case, customer.conversation, FollowUpKind.CHECK_BACK, due))
    await story.keep(Stage.BOOKED)
    return story


async def test_it_arrives_when_it_is_due_and_the_recovery_waits_for_its_answer(story: Story) -> None:
    timers = story.timers()
    assert await timers.say_due(timedelta(hours=2)) == NOON + timedelta(hours=1)
    assert await story.said() == []
    story.now += timedelta(hours=1)
    async with story.customer.events() as events:
        await timers.say_due(timedelta(seconds=5))
        said = await events.next(author="bot")
    assert said["text"] == "Did it arrive?"
    assert [b["title"] for b in said["buttons"]]
    kept = await story.desk.store.recoveries.load(story.customer.conversation)
    assert loaded(kept.state).stage is Stage.CHECKING_BACK
    assert not await story.crm.due_follow_ups(story.now)


async def test_it_is_logged_with_the_playbook_and_the_facts_it_was_asked_by(story: Story) -> None:
    story.now = NOON + timedelta(hours=1)
    await story.timers().say_due(timedelta(0))
    (message,) = await story.said()
    conversation = story.customer.conversation
    (decided,) = await SqlReading(story.desk.store.database).decisions(conversation, [message["id"]])
    assert (decided.step, decided.case_id) == ("ask_check_back", story.case)
    assert decided.playbook_version == PLAYBOOK.version
    assert decided.inputs["challenge"] == "late_delivery"


async def test_two_desks_say_it_once(story: Story) -> None:
    story.now += timedelta(hours=1)
    await asyncio.gather(*(story.timers().say_due(timedelta(seconds=5)) for _ in range(5)))
    assert len(await story.said()) == 1


async def test_a_crash_between_saying_it_and_noting_that_does_not_repeat_it(story: Story) -> None:
    story.now += timedelta(hours=1)
    first = story.timers()
    real = story.crm.complete_follow_up
    story.crm.complete_follow_up = _crash  # type: ignore[method-assign]
    with pytest.raises(asyncio.CancelledError):
        await first.say_due(timedelta(seconds=5))
    story.crm.complete_follow_up = real  # type: ignore[method-assign]
    await story.timers().say_due(timedelta(seconds=5))
    assert len(await story.said()) == 1
    assert not await story.crm.due_follow_ups(story.now)


async def _crash(follow_up_id: str, at: datetime) -> bool:
    """The process is being ended."""
    raise asyncio.CancelledError


async def test_it_waits_while_a_recovery_is_under_way_and_is_looked_at_a_minute_later(story: Story) -> None:
    timers = story.timers()
    story.now += timedelta(hours=1)
    await story.keep(Stage.OFFERING)
    await timers.say_due(timedelta(seconds=5))
    await story.keep(Stage.BOOKED)
    await timers.say_due(timedelta(seconds=5))
    assert await story.said() == []
    story.now += timedelta(seconds=61)
    await timers.say_due(timedelta(seconds=5))
    assert len(await story.said()) == 1


async def test_it_waits_while_a_person_has_the_conversation(story: Story, vera: Staff) -> None:
    await story.desk.ownership.take_over(story.customer.conversation, vera)
    story.now += timedelta(hours=1)
    await story.timers().say_due(timedelta(seconds=5))
    assert await story.said() == []
    assert len(await story.crm.due_follow_ups(story.now)) == 1


async def test_a_running_desk_says_what_is_due_without_being_asked(
    story: Story, migrated_url: str, engine_double: EngineDouble
) -> None:
    follow_ups = FollowUps(WORDING, lambda: PLAYBOOK)
    other_desk = running_desk(migrated_url, engine_double, follow_ups=follow_ups, crm=story.crm)
    async with story.customer.events() as events, other_desk:
        assert (await events.next(author="bot"))["text"] == "Did it arrive?"


async def test_one_that_cannot_be_said_keeps_no_other_back_and_is_tried_again_later(story: Story) -> None:
    other = await story.desk.customer()
    new = NewCase("k2", None, other.conversation, None, ChallengeType.LATE_DELIVERY, Severity.MINOR, "", NOON)
    case = (await story.crm.open_case(new)).id
    broken = NewFollowUp("a-broken", case, other.conversation, FollowUpKind.CHECK_BACK, NOON)
    await story.crm.follow_up(broken)
    async with story.desk.store.database.begin() as connection:
        assert await save(connection, other.conversation, 0, {"stage": "no such stage"}, NOON)
    story.now = NOON + timedelta(hours=1)
    timers = story.timers()
    await timers.say_due(timedelta(seconds=5))
    assert len(await story.said()) == 1
    await story.keep(Stage.OPEN)
    async with story.desk.store.database.begin() as connection:  # somebody mends it
        assert await save(connection, other.conversation, 1, dumped(Recovery()), NOON)
    await timers.say_due(timedelta(seconds=5))
    assert len(await story.crm.due_follow_ups(story.now)) == 1
    story.now += timedelta(minutes=16)
    await timers.say_due(timedelta(seconds=5))
    assert await story.crm.due_follow_ups(story.now) == []
