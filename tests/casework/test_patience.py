"""How long the engine is waited for, so that everybody who writes during an outage hears the truth in time."""

from math import ceil

from casework.engine import Patience

TRUTH_WITHIN_S, AT_ONCE, CUSTOMERS = 5.0, 8, 30


def test_a_first_attempt_is_patient_and_a_later_one_only_looks() -> None:
    patience = Patience()
    pauses, within = patience.for_attempt(0)
    assert pauses
    assert patience.for_attempt(1) == ((), within)


def test_thirty_who_write_at_once_hear_within_five_seconds_that_the_engine_hangs() -> None:
    patience = Patience()
    _, first = patience.for_attempt(0)
    patience.failed()
    _, hurried = patience.for_attempt(0)
    assert first + ceil((CUSTOMERS - AT_ONCE) / AT_ONCE) * hurried < TRUTH_WITHIN_S


def test_an_outage_begins_once_and_ends_with_an_answer() -> None:
    patience = Patience()
    calm = patience.for_attempt(0)
    assert [patience.failed(), patience.failed()] == [True, False]
    patience.answered()
    assert patience.for_attempt(0) == calm
    assert patience.failed()
