"""SLA clocks: what starts, pauses and stops them, and that a miss stays a miss."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from recovery.business_time import Calendar, Span, always_open
from recovery.sla import (
    ClockKind,
    Clocks,
    Event,
    SlaClock,
    Standing,
    Targets,
    after_event,
    after_events,
    event_of,
    standings,
    tightest,
)

MINUTE = timedelta(minutes=1)
TARGETS = Targets(10 * MINUTE, 15 * MINUTE, 60 * MINUTE)
OPEN = always_open(ZoneInfo("UTC"))
DAYS = Calendar(ZoneInfo("UTC"), {day: (Span(time(9), time(17)),) for day in range(5)})
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)  # a Monday
TALK = [Event.CUSTOMER_WROTE, Event.PERSON_WROTE, Event.PERSON_HELD]
HISTORIES = st.lists(
    st.tuples(st.integers(0, 600), st.sampled_from([Event.CUSTOMER_WROTE, Event.PERSON_WROTE, Event.PERSON_HELD])),
    max_size=12,
)


def told(*events: tuple[int, Event], calendar: Calendar = OPEN, start: datetime = NOON) -> Clocks:
    """The clocks of a handoff at `start`, after events that many minutes later."""
    later = [(start + m * MINUTE, e) for m, e in events]
    return after_events((), [(start, Event.QUEUED), *later], TARGETS, calendar)


def at(minutes: int) -> datetime:
    return NOON + minutes * MINUTE


def clock(clocks: Clocks, kind: ClockKind) -> SlaClock:
    return max((c for c in clocks if c.kind is kind), key=lambda c: c.number)


def test_a_handoff_starts_the_first_reply_and_the_resolution() -> None:
    assert standings(told(), at(0), OPEN) == {
        ClockKind.FIRST_REPLY: Standing.RUNNING,
        ClockKind.RESOLUTION: Standing.RUNNING,
    }


def test_it_warns_before_it_is_late_and_says_when() -> None:
    first = clock(told(), ClockKind.FIRST_REPLY)
    assert (first.warn_at(OPEN), first.due_at(OPEN)) == (at(0) + 7.5 * MINUTE, at(10))
    stood = [first.standing(at(m), OPEN) for m in (7, 8, 10, 11)]
    assert stood == [Standing.RUNNING, Standing.WARNED, Standing.WARNED, Standing.BREACHED]


def test_a_late_reply_stays_a_miss() -> None:
    first = clock(told((11, Event.PERSON_WROTE), (12, Event.PERSON_WROTE)), ClockKind.FIRST_REPLY)
    assert first.standing(at(5000), OPEN) is Standing.MISSED
    assert clock(told((9, Event.PERSON_WROTE)), ClockKind.FIRST_REPLY).standing(at(5000), OPEN) is Standing.MET


def test_the_resolution_stands_still_while_the_customer_is_awaited() -> None:
    asked = told((10, Event.PERSON_WROTE))
    assert clock(asked, ClockKind.RESOLUTION).standing(at(999), OPEN) is Standing.PAUSED
    assert clock(asked, ClockKind.RESOLUTION).due_at(OPEN) is None
    went_on = clock(told((10, Event.PERSON_WROTE), (500, Event.CUSTOMER_WROTE)), ClockKind.RESOLUTION)
    assert went_on.due_at(OPEN) == at(550)


def test_each_later_message_of_the_customer_is_due_an_answer_once() -> None:
    clocks = told((5, Event.PERSON_WROTE), (20, Event.CUSTOMER_WROTE), (22, Event.CUSTOMER_WROTE))
    waits = [c for c in clocks if c.kind is ClockKind.NEXT_REPLY]
    assert [(c.started_at, c.due_at(OPEN)) for c in waits] == [(at(20), at(35))]
    answered = told((5, Event.PERSON_WROTE), (20, Event.CUSTOMER_WROTE), (40, Event.PERSON_WROTE))
    assert clock(answered, ClockKind.NEXT_REPLY).standing(at(40), OPEN) is Standing.MISSED


def test_who_only_asks_to_wait_has_greeted_and_owes_the_answer() -> None:
    clocks = told((5, Event.PERSON_HELD))
    assert standings(clocks, at(6), OPEN) == {
        ClockKind.FIRST_REPLY: Standing.MET,
        ClockKind.NEXT_REPLY: Standing.RUNNING,
        ClockKind.RESOLUTION: Standing.RUNNING,
    }
    assert clock(clocks, ClockKind.NEXT_REPLY).due_at(OPEN) == at(20)
    again = told((5, Event.PERSON_HELD), (12, Event.PERSON_HELD), (30, Event.PERSON_WROTE))
    assert clock(again, ClockKind.NEXT_REPLY).standing(at(31), OPEN) is Standing.MISSED


def test_what_a_message_does_to_the_clocks_is_told_by_who_wrote_it_and_what() -> None:
    assert event_of("one moment", by_customer=True) is Event.CUSTOMER_WROTE
    assert event_of("one moment", by_customer=False) is Event.PERSON_HELD
    assert event_of("one moment", by_customer=False, with_files=True) is Event.PERSON_WROTE
    assert event_of("It is in Leeds.", by_customer=False) is Event.PERSON_WROTE


def test_an_end_stops_everything() -> None:
    clocks = told((5, Event.PERSON_WROTE), (20, Event.CUSTOMER_WROTE), (25, Event.ENDED), (26, Event.CUSTOMER_WROTE))
    assert all(c.stopped_at for c in clocks)
    assert set(standings(clocks, at(9999), OPEN).values()) == {Standing.MET}


def test_nights_do_not_make_late() -> None:
    evening = datetime(2026, 11, 23, 16, 55, tzinfo=UTC)
    first = clock(told(calendar=DAYS, start=evening), ClockKind.FIRST_REPLY)
    assert first.due_at(DAYS) == datetime(2026, 11, 24, 9, 5, tzinfo=UTC)
    assert first.standing(datetime(2026, 11, 24, 8, 59, tzinfo=UTC), DAYS) is Standing.RUNNING


def test_the_tightest_clock_is_the_one_that_presses() -> None:
    clocks = told()
    pressing = tightest(clocks, at(1), OPEN)
    assert pressing is not None
    assert pressing.kind is ClockKind.FIRST_REPLY
    assert tightest(told((5, Event.PERSON_WROTE)), at(6), OPEN) is None


@given(HISTORIES, st.sampled_from([OPEN, DAYS]))
def test_a_clock_looked_at_in_between_is_the_same_clock(history: list[tuple[int, Event]], calendar: Calendar) -> None:
    """Whether the desk was down or looked each minute: the clocks follow from the events alone."""
    events = sorted(history)
    whole = told(*events, calendar=calendar)
    step: Clocks = after_event((), Event.QUEUED, NOON, TARGETS, calendar)
    for minutes, event in events:
        for seen in step:
            seen.standing(at(minutes), calendar)
        step = after_event(step, event, at(minutes), TARGETS, calendar)
    assert step == whole


@given(HISTORIES)
def test_a_miss_is_never_mended(history: list[tuple[int, Event]]) -> None:
    events = sorted(history)
    late: set[tuple[ClockKind, int]] = set()
    for n in range(len(events) + 1):
        clocks = told(*events[:n])
        now = at(events[n - 1][0] if n else 0)
        missing = {
            (c.kind, c.number) for c in clocks if c.standing(now, OPEN) in (Standing.MISSED, Standing.BREACHED)
        }
        assert late <= missing
        late = missing


@given(HISTORIES)
def test_no_two_answers_are_awaited_at_once(history: list[tuple[int, Event]]) -> None:
    clocks = told(*sorted(history))
    replies = [c for c in clocks if c.kind is not ClockKind.RESOLUTION]
    assert sum(c.stopped_at is None for c in replies) <= 1
    ordered = sorted(replies, key=lambda c: c.started_at)
    assert all(a.stopped_at is not None and a.stopped_at <= b.started_at for a, b in pairwise(ordered))
