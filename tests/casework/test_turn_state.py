"""The state as JSON and back, and what a return from a person does to it."""

import json
from dataclasses import replace

from hypothesis import given, settings

from casework.turn_state import dumped, loaded, returned
from recovery.state import Changing, Mood, Problem, Progress, Recovery
from recovery.words import Stage
from tests.recovery.builders import LATE
from tests.recovery.situations import states


@settings(deadline=None)
@given(states())
def test_a_state_survives_json(state: Recovery) -> None:
    assert loaded(json.loads(json.dumps(dumped(state)))) == state


def test_nothing_kept_is_the_beginning() -> None:
    assert loaded(None) == loaded({}) == Recovery()


def test_a_state_kept_by_an_earlier_version_is_read_with_what_it_lacks() -> None:
    old = dumped(Recovery(problems=(Problem(LATE, "m1"),)))
    del old["listed_orders"], old["problems"][0]["not_orders"]
    assert loaded({**old, "asked_order": 2}) == Recovery(problems=(Problem(LATE, "m1"),))


@settings(deadline=None)
@given(states())
def test_after_a_return_nothing_is_in_hand_and_nothing_booked_is_forgotten(state: Recovery) -> None:
    after = loaded(returned(dumped(state)))
    assert after.current is None
    assert after.stage is (Stage.BOOKED if state.last_booked else Stage.OPEN)
    assert [p for p in after.problems if p.progress is Progress.BOOKED] == [
        p for p in state.problems if p.progress is Progress.BOOKED
    ]
    assert (after.said, after.surveyed) == (state.said, state.surveyed)


def test_after_a_return_nothing_that_led_to_the_handoff_is_counted_on() -> None:
    tired = Recovery(
        misunderstood_in=("m1", "m2"),
        unverified_in=("m1", "m2"),
        cooled_in=("m3",),
        mood=Mood(3.0, 3, 4, (3, 3), ("m1", "m2")),
    )
    fresh = loaded(returned(dumped(tired)))
    assert fresh.misunderstood_in == fresh.unverified_in == fresh.cooled_in == ()
    assert (fresh.mood.level, fresh.mood.turns_frustrated, fresh.mood.peak) == (0, 0, 3)


def test_a_second_return_changes_nothing_more() -> None:
    once = returned(dumped(replace(Recovery(), problems=(Problem(LATE, "m1", progress=Progress.ESCALATED),))))
    assert returned(once) == once


@settings(deadline=None)
@given(states())
def test_after_a_return_no_question_of_ours_waits_for_a_yes(state: Recovery) -> None:
    """A pending change of mind or gift was settled by the person, if at all: a later yes must not reach it."""
    asked = replace(state, changing=Changing("400", "8"), gift="any", gift_case="400", to_put_right="challenge:x")
    after = loaded(returned(dumped(asked)))
    assert (after.changing, after.gift, after.gift_case, after.to_put_right) == (None, None, None, "")
    assert (after.person_offered, after.asked_which) == (False, False)
