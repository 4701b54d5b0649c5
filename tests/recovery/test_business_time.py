"""Business time: what counts, when it opens, and that nothing drifts when clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from hypothesis import strategies as st

from recovery.business_time import MIDNIGHT, Calendar, Span, always_open

LONDON = ZoneInfo("Europe/London")
WEEK = {day: (Span(time(8), time(12)), Span(time(13), time(20))) for day in range(5)}
CHRISTMAS = {date(2026, 12, 25): "Christmas Day"}
SHOP = Calendar(LONDON, WEEK, lambda day: CHRISTMAS.get(day, ""))
ZONES = st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"])
MOMENTS = st.integers(0, 2 * 365 * 24 * 60).map(lambda m: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=m))
LENGTHS = st.timedeltas(timedelta(), timedelta(days=9))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Any calendar with some hours and some holidays."""
    hours = {}
    for day in range(7):
        marks = sorted(draw(st.sets(st.integers(1, 23), max_size=4)))
        spans = [Span(time(a), time(b)) for a, b in zip(marks[::2], marks[1::2], strict=False)]
        if draw(st.booleans()):
            spans = [*spans, Span(time(23), MIDNIGHT)]
        hours[day] = tuple(spans)
    assume(any(hours.values()))
    closed = draw(st.sets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=5))
    return Calendar(ZoneInfo(draw(ZONES)), hours, lambda day: "closed" if day in closed else "")


def london(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LONDON).astimezone(UTC)


@given(calendars(), MOMENTS, LENGTHS, LENGTHS)
def test_time_adds_up_wherever_it_is_cut(calendar: Calendar, start: datetime, one: timedelta, two: timedelta) -> None:
    middle, end = start + one, start + one + two
    whole = calendar.open_between(start, end)
    assert whole == calendar.open_between(start, middle) + calendar.open_between(middle, end)
    assert timedelta() <= whole <= end - start


@given(calendars(), MOMENTS, st.timedeltas(timedelta(seconds=1), timedelta(hours=30)))
def test_what_is_due_after_some_business_time_is_due_when_that_time_has_passed(
    calendar: Calendar, start: datetime, length: timedelta
) -> None:
    due = calendar.after(start, length)
    assert due is not None
    assert calendar.open_between(start, due) == length
    assert calendar.open_between(start, due - timedelta(microseconds=1)) < length


@given(calendars(), MOMENTS)
def test_the_next_opening_is_open_and_nothing_before_it_is(calendar: Calendar, at: datetime) -> None:
    opening = calendar.next_opening(at)
    assert opening is not None
    assert calendar.is_open(opening)
    assert calendar.open_between(at, opening) == timedelta()
    assert (opening == at) == calendar.is_open(at)


@given(ZONES, MOMENTS, LENGTHS)
def test_round_the_clock_every_moment_counts(zone: str, start: datetime, length: timedelta) -> None:
    assert always_open(ZoneInfo(zone)).open_between(start, start + length) == length


def test_nights_breaks_and_holidays_do_not_count() -> None:
    friday_evening, monday_morning = london(2026, 11, 20, 19, 50), london(2026, 11, 23, 8, 10)
    assert SHOP.open_between(friday_evening, monday_morning) == timedelta(minutes=20)
    assert SHOP.open_between(london(2026, 11, 23, 11), london(2026, 11, 23, 14)) == timedelta(hours=2)
    assert SHOP.next_opening(london(2026, 12, 24, 21)) == london(2026, 12, 28, 8)
    assert SHOP.closed_for(london(2026, 12, 25, 12)) == "Christmas Day"


def test_a_night_in_which_the_clocks_go_back_is_an_hour_longer() -> None:
    night = Calendar(LONDON, {6: (Span(time(0), time(6)),)})
    assert night.open_between(london(2026, 10, 25, 0), london(2026, 10, 25, 6)) == timedelta(hours=7)
    assert night.open_between(london(2026, 3, 29, 0), london(2026, 3, 29, 6)) == timedelta(hours=5)


def test_opening_is_by_the_wall_clock_on_both_sides_of_the_change() -> None:
    before, after = SHOP.next_opening(london(2026, 10, 23, 1)), SHOP.next_opening(london(2026, 10, 26, 1))
    assert before == datetime(2026, 10, 23, 7, tzinfo=UTC)
    assert after == datetime(2026, 10, 26, 8, tzinfo=UTC)


def test_a_calendar_without_hours_never_opens() -> None:
    assert Calendar(LONDON, {}).next_opening(london(2026, 1, 1, 9)) is None
