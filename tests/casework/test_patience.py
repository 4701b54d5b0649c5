"""How long the engine is waited for: all hear the truth in time, and nobody hears of an outage that is none."""

import heapq
from dataclasses import dataclass

import pytest

from casework.engine import BRIEFLY_S, CERTAIN, FRESH_S, PAUSES_S, WITHIN_S, Patience

TRUTH_WITHIN_S = 5.0


@dataclass
class Time:
    """Seconds, which tests turn."""

    s: float = 0.0

    def __call__(self) -> float:
        return self.s


def told_at(customers: int, at_once: int) -> list[float]:
    """When each hears of an engine that hangs, of so many who write at once, where so many are served at a time."""
    time, told, asking = Time(), list[float](), list[float]()
    patience, free_from = Patience(time), [0.0] * at_once
    for _ in range(customers):
        begins = heapq.heappop(free_from)
        while asking and asking[0] <= begins:
            time.s = heapq.heappop(asking)
            patience.failed(0)
        time.s = begins
        allowed = patience.for_attempt(0, age_s=begins)
        ends = begins + (allowed[1] if allowed else 0.0)
        if allowed:
            heapq.heappush(asking, ends)
        heapq.heappush(free_from, ends)
        told.append(ends)
    return told


@pytest.mark.parametrize("at_once", [3, 8])
def test_thirty_who_write_at_once_hear_within_five_seconds_that_the_engine_hangs(at_once: int) -> None:
    assert max(told_at(30, at_once)) < TRUTH_WITHIN_S


def test_a_first_attempt_is_patient_and_a_later_one_only_looks() -> None:
    patience = Patience()
    assert patience.for_attempt(0, 0) == (PAUSES_S, WITHIN_S)
    assert patience.for_attempt(1, 60) == ((), WITHIN_S)


def test_one_slow_turn_is_no_outage_for_anybody_else() -> None:
    patience = Patience()
    patience.failed(0)
    assert patience.for_attempt(0, 0) == (PAUSES_S, WITHIN_S)
    _, within = patience.for_attempt(0, 60) or ((), 0.0)
    assert within == BRIEFLY_S


def test_what_waited_for_its_turn_on_a_busy_machine_has_its_whole_time_while_nothing_failed() -> None:
    assert Patience().for_attempt(0, 60) == (PAUSES_S, WITHIN_S)


def test_after_several_in_a_row_whoever_writes_next_is_told_at_once_while_that_is_fresh() -> None:
    time = Time()
    patience = Patience(time)
    for _ in range(CERTAIN):
        patience.failed(0)
    assert patience.for_attempt(0, 0) is None
    assert patience.for_attempt(1, 3) == ((), WITHIN_S), "who was told asks whether it is back"
    time.s += FRESH_S
    assert patience.for_attempt(0, 0) is not None, "nobody has asked for a while"
    patience.failed(3)
    assert patience.for_attempt(0, 0) is None
    patience.answered()
    assert patience.for_attempt(0, 0) == (PAUSES_S, WITHIN_S)


def test_on_a_busy_machine_that_answers_some_nobody_is_told_at_once() -> None:
    patience = Patience()
    for _ in range(5):
        patience.failed(0)
        patience.failed(0)
        patience.answered()
    patience.failed(0)
    assert patience.for_attempt(0, 0) == (PAUSES_S, WITHIN_S)


def test_one_message_that_always_fails_tells_nobody_else_of_an_outage() -> None:
    patience = Patience()
    for number in range(9):
        patience.failed(number)
    assert patience.for_attempt(0, 0) == (PAUSES_S, WITHIN_S)
