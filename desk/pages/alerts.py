"""Alerts to acknowledge, and the log of looks. Both are the supervisors'."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from casework.errors import Conflict
from desk.masking import masked_text
from desk.pages.answering import done, page, reading_of
from desk.pages.guarding import Asked, from_our_page, parts_at, signed_in, supervisors_only


@get("/alerts", guards=[signed_in, supervisors_only])
async def alerts(
    request: Asked, show: FromQuery[str] = "open", before: FromQuery[int | None] = None
) -> Response[str]:
    """Alerts, the newest first."""
    found = await reading_of(request).alerts(only_open=show != "all", before=before)
    return await page(request, "alerts.html", "alerts", found=found, show=show, masked=masked_text)


@post("/alerts/{alert_id:int}/acknowledge", guards=[signed_in, supervisors_only, from_our_page], status_code=200)
async def acknowledge(request: Asked, alert_id: FromPath[int]) -> Response[Any]:
    """Say that somebody has seen to it."""
    parts = parts_at(request)
    if not await parts.records.alerts.acknowledge(alert_id, request.user.id, parts.clock()):
        raise Conflict("Somebody acknowledged this alert before you.")
    return done(request, "/desk/alerts")


@get("/looks", guards=[signed_in, supervisors_only])
async def looks(
    request: Asked, subject: FromQuery[str] = "", who: FromQuery[str] = "", before: FromQuery[int | None] = None
) -> Response[str]:
    """Who looked at what."""
    reading = reading_of(request)
    found = await reading.looks(subject=subject, user_id=who, before=before)
    staff = await reading.staff()
    return await page(request, "looks.html", "looks", found=found, subject=subject, who=who, staff=staff)


HANDLERS = [alerts, acknowledge, looks]
