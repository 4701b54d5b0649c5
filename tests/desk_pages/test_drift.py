"""Supervisors see whether this month differs from the last one by more than chance."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from casework.learning import counted
from casework.ports import Staff
from casework.ports.learning import Daily, HeardMessage
from desk.pages.learning import Month, months_until

LONDON = "Europe/London"


async def heard_in(company: Any, day: date, model: str = "one", **kinds: int) -> None:
    """So many messages of each challenge type on one day."""
    counts = {Daily(day, "challenge", name, model): n for name, n in kinds.items()}
    counts[Daily(day, "message", "", model)] = sum(kinds.values())
    async with company.store.reviews.unnoted(1) as batch:
        await batch.count(counts)


def this_month(company: Any) -> Month:
    today: datetime = company.parts.clock()
    return months_until(today.astimezone(company.parts.zone).date())[0]


async def test_a_change_of_what_went_wrong_is_told_with_its_size(company: Any, vera: Staff) -> None:
    now = this_month(company)
    await heard_in(company, now.before.since, late_delivery=200, lost_parcel=300)
    await heard_in(company, now.since, late_delivery=350, lost_parcel=150)
    async with company.browser(vera) as browser:
        page = await browser.page("/desk/review/drift")
    assert "Changed much: 500 against 500 the month before." in page
    assert "late delivery 40% to 70%" in page
    assert "Late delivery 40% to 70%; " in page  # for who cannot see the drawing


async def test_the_same_mix_is_steady(company: Any, vera: Staff) -> None:
    now = this_month(company)
    await heard_in(company, now.before.since, late_delivery=200, lost_parcel=300)
    await heard_in(company, now.since, late_delivery=210, lost_parcel=290)
    async with company.browser(vera) as browser:
        page = await browser.page("/desk/review/drift")
    assert "Steady: 500 against 500 the month before" in page
    assert "not heard by the same model" not in page


async def test_another_model_is_named_before_the_customers_are_blamed(company: Any, vera: Staff) -> None:
    now = this_month(company)
    await heard_in(company, now.before.since, "one", late_delivery=200)
    await heard_in(company, now.since, "two", lost_parcel=200)
    async with company.browser(vera) as browser:
        assert "The months were not heard by the same model" in await browser.page("/desk/review/drift")


async def test_an_earlier_month_can_be_asked_for(company: Any, vera: Staff) -> None:
    earlier = this_month(company).before
    await heard_in(company, earlier.since, late_delivery=120)
    await heard_in(company, earlier.before.since, late_delivery=130)
    async with company.browser(vera) as browser:
        page = await browser.page("/desk/review/drift", month=earlier.id)
        assert "120 against 130" in page
        assert "Drift" in await browser.page("/desk/review/drift", month="nonsense")


@pytest.mark.parametrize("today", [date(2024, 2, 29), date(2026, 1, 1), date(2026, 12, 31)])
def test_months_follow_each_other_without_gap(today: date) -> None:
    months = months_until(today)
    assert months[0].since <= today < months[0].until
    assert all(later.since == earlier.until for later, earlier in pairwise(months))


def test_a_message_counts_on_the_companys_own_day() -> None:
    from zoneinfo import ZoneInfo

    zone = ZoneInfo(LONDON)
    before_midnight = datetime(2026, 6, 30, 23, 30, tzinfo=ZoneInfo("UTC"))
    message = HeardMessage("m", "c", 1, "late", before_midnight, "one", {}, "")
    assert {found.day for found in counted(message, zone)} == {date(2026, 7, 1)}
    assert {f.day for f in counted(message, ZoneInfo("UTC"))} == {date(2026, 7, 1) - timedelta(days=1)}
