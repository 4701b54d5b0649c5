"""Contingencies: a supervisor switches one on, and everybody who is hit hears of it first."""

from datetime import datetime, timedelta
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from casework.contingencies import NAMES
from casework.ports import NewContingency
from desk.pages.answering import done, field, page
from desk.pages.guarding import Asked, from_our_page, parts_at, signed_in, supervisors_only

GUARDS = [signed_in, supervisors_only]
ACTS = [*GUARDS, from_our_page]
PAGE = "/desk/contingencies"
MINUTES = "%Y-%m-%dT%H:%M"


@get("/contingencies", guards=GUARDS)
async def contingencies(request: Asked, kind: FromQuery[str] = "") -> Response[str]:
    """What runs, what ran, and the form for a new one."""
    parts = parts_at(request)
    now = parts.clock()
    kinds = parts.playbook().contingencies
    chosen = kinds.get(kind)
    hours = min(24, chosen.longest_hours) if chosen else 24
    return await page(
        request,
        "contingencies.html",
        "contingencies",
        found=await parts.contingencies.book.latest(),
        kinds=kinds,
        chosen=chosen,
        now=now,
        starts=now.astimezone(parts.zone).strftime(MINUTES),
        ends=(now + timedelta(hours=hours)).astimezone(parts.zone).strftime(MINUTES),
        zone=parts.zone,
        minutes=MINUTES,
    )


@post("/contingencies", guards=ACTS, status_code=200)
async def switch_on(request: Asked) -> Response[Any]:
    """Tell it from now on, or from the time given."""
    named = {name: await _list(request, name) for name in NAMES}
    new = NewContingency(
        await field(request, "kind", 60, "The kind"),
        await field(request, "text", 300, "What happened"),
        await field(request, "doing", 300, "What is done about it"),
        await _moment(request, "starts", "The start"),
        await _moment(request, "ends", "The end"),
        **named,
    )
    await parts_at(request).contingencies.switch_on(new, request.user.name)
    return done(request, PAGE)


@post("/contingencies/{contingency_id:str}/until", guards=ACTS, status_code=200)
async def move_horizon(request: Asked, contingency_id: FromPath[str]) -> Response[Any]:
    """Longer, or shorter."""
    ends = await _moment(request, "ends", "The end")
    await parts_at(request).contingencies.move_horizon(contingency_id, ends, request.user.name)
    return done(request, PAGE)


@post("/contingencies/{contingency_id:str}/off", guards=ACTS, status_code=200)
async def switch_off(request: Asked, contingency_id: FromPath[str]) -> Response[Any]:
    """It is over before its horizon."""
    await parts_at(request).contingencies.switch_off(contingency_id, request.user.name)
    return done(request, PAGE)


async def _list(request: Asked, name: str) -> tuple[str, ...]:
    written = await field(request, name, 300)
    return tuple(part for p in written.split(",") if (part := p.strip()))


async def _moment(request: Asked, name: str, what: str) -> datetime:
    """A time as the browser's field writes it, in the company's zone."""
    written = await field(request, name, 40, what)
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise ValueError(f"{what} is no time. Write it as 2026-11-22T14:30.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=parts_at(request).zone)


HANDLERS = [contingencies, switch_on, move_horizon, switch_off]
