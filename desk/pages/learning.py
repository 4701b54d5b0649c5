"""Agents tell what the bot got wrong; supervisors see that, and how what customers say changes by the month."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from casework.learning import about
from casework.ports.learning import MonthHeard, Wrong
from desk.pages.answering import done, field, page, reading_of
from desk.pages.drifting import Comparison, comparisons
from desk.pages.guarding import Asked, from_our_page, parts_at, signed_in, supervisors_only
from desk.pages.review import reviews_at

GUARDS = [signed_in, supervisors_only]
MONTHS_BACK = 12
COUNTED_OVER = timedelta(days=30)


@post("/conversations/{conversation_id:str}/corrections", guards=[signed_in, from_our_page], status_code=200)
async def correct(request: Asked, conversation_id: FromPath[str]) -> Response[Any]:
    """Say what the bot got wrong, in one click; which message and what would have been right may be said too."""
    what = await _wrong(request)
    right, words = await field(request, f"right_{what}", 40), await field(request, "words", 500)
    parts, reading = parts_at(request), reading_of(request)
    await parts.reader.allowed(request.user, conversation_id)
    messages = await reading.messages(conversation_id)
    named = await field(request, "message", 64)
    handoffs = await reading.handoffs(conversation_id)
    message = next((m for m in messages if m.id == named), None) or about(what, messages, next(iter(handoffs), None))
    await parts.learning.correct(request.user, message.id, what, right, words)
    return done(request, f"/desk/conversations/{conversation_id}", told="Thank you. A supervisor will look at it.")


async def _wrong(request: Asked) -> Wrong:
    try:
        return Wrong(await field(request, "what", 20))
    except ValueError as error:
        raise ValueError("Say what the bot got wrong: choose one of the four.") from error


@get("/review/corrections", guards=GUARDS)
async def corrections(request: Asked, before: FromQuery[int | None] = None) -> Response[str]:
    """What agents said, and how often."""
    reviews, parts = reviews_at(request), parts_at(request)
    counts = await reviews.corrections_since(parts.clock() - COUNTED_OVER)
    found = await reviews.corrections(before)
    shown = {"found": found, "counts": counts, "days": COUNTED_OVER.days}
    return await page(request, "review_corrections.html", "review", tab="corrections", **shown)


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month. `until`: the day after its last day."""

    since: date

    @property
    def until(self) -> date:
        return (self.since + timedelta(days=32)).replace(day=1)

    @property
    def before(self) -> "Month":
        return Month((self.since - timedelta(days=1)).replace(day=1))

    @property
    def name(self) -> str:
        return f"{self.since:%B %Y}"

    @property
    def id(self) -> str:
        return f"{self.since:%Y-%m}"


def months_until(today: date) -> list[Month]:
    """The months that can be asked for, the present one first."""
    found = [Month(today.replace(day=1))]
    while len(found) < MONTHS_BACK:
        found.append(found[-1].before)
    return found


@get("/review/drift", guards=GUARDS)
async def drift(request: Asked, month: FromQuery[str] = "") -> Response[str]:
    """One month against the month before."""
    parts = parts_at(request)
    months = months_until(parts.clock().astimezone(parts.zone).date())
    asked = next((m for m in months if m.id == month), months[0])
    now, before = await _heard(request, asked), await _heard(request, asked.before)
    found: list[Comparison] = comparisons(before, now)
    shown = {"months": months, "month": asked, "found": found, "now": now, "before": before}
    return await page(request, "review_drift.html", "review", tab="drift", **shown)


async def _heard(request: Asked, month: Month) -> MonthHeard:
    return await reviews_at(request).heard(month.since, month.until)


HANDLERS = [correct, corrections, drift]
