"""The company's clock."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from recovery.dates import day
from recovery.orders import days_late
from recovery.zoned import in_zone
from tests.recovery.builders import case, history, order

LONDON = ZoneInfo("Europe/London")


def test_half_past_eleven_at_night_by_greenwich_is_the_next_day_in_a_london_summer() -> None:
    opened = case(opened_at=datetime(2026, 7, 1, 23, 30, tzinfo=UTC))
    known = in_zone(history(cases=(opened,)), LONDON)
    assert day(known.cases[0].opened_at) == "2 Jul"
    assert known.cases[0].opened_at == opened.opened_at


def test_a_delivery_after_midnight_is_a_day_late_where_the_customer_lives() -> None:
    came = order(promised_for=date(2026, 7, 1), delivered_at=datetime(2026, 7, 1, 23, 30, tzinfo=UTC))
    now = datetime(2026, 7, 5, 12, tzinfo=UTC)
    assert (days_late(came, now), days_late(in_zone(came, LONDON), now)) == (0, 1)


@given(st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_no_moment_is_moved(moment: datetime) -> None:
    told = in_zone((moment, ((moment,),)), LONDON)
    assert (told[0].timestamp(), told[1][0][0].timestamp()) == (moment.timestamp(), moment.timestamp())
