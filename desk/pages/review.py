"""Messages that supervisors label, so that the NLU learns from them."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from casework.learning import suggested
from casework.ports.learning import Reviews, ReviewStatus, Wanted
from desk.pages.answering import done, field, page
from desk.pages.guarding import Asked, from_our_page, parts_at, signed_in, supervisors_only
from desk.pages.guide import guide, help_of_labels
from recovery.doubt import Why
from recovery.labels import Labels, read_labels
from recovery.words import ChallengeType, DialogueAct, Trigger

GUARDS = [signed_in, supervisors_only]
CHANGES = [*GUARDS, from_our_page]
WHY = {
    Why.UNSURE_ACT: "unsure what it asks for",
    Why.UNSURE_CHALLENGE: "unsure what went wrong",
    Why.NO_CHALLENGE: "a problem without a type",
    Why.OUT_OF_SCOPE: "perhaps out of scope",
    Why.CORRECTED: "corrected by an agent",
    Why.FLAGGED: "flagged by a supervisor",
}
DUE = {"yes": True, "no": False}
SCREEN = {"why_words": WHY, "challenges": list(ChallengeType), "acts": list(DialogueAct), "triggers": list(Trigger)}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list shows, as the address carries it."""

    wanted: Wanted

    @property
    def query(self) -> str:
        w = self.wanted
        asked = {"status": w.status, "why": w.why, "challenge": w.challenge}
        return urlencode({name: str(value) for name, value in asked.items() if value and value != "open"})


def filters_of(request: Asked) -> Filters:
    """What cannot be asked for is left out."""
    asked = request.query_params
    status = asked.get("status", "")
    why, challenge = asked.get("why", ""), asked.get("challenge", "")
    known = {*ChallengeType, "none"}
    return Filters(
        Wanted(
            ReviewStatus(status) if status in set(ReviewStatus) else ReviewStatus.OPEN,
            why if why in set(Why) else "",
            challenge if challenge in known else "",
        )
    )


def reviews_at(request: Asked) -> Reviews:
    return parts_at(request).learning.reviews


@get("/review", guards=GUARDS)
async def review(request: Asked, after: FromQuery[str | None] = None) -> Response[str]:
    """The texts that wait, and those that were decided on."""
    filters, reviews = filters_of(request), reviews_at(request)
    return await page(
        request,
        "review.html",
        "review",
        tab="review",
        filters=filters,
        found=await reviews.list(filters.wanted, after),
        count=await reviews.count(filters.wanted),
        statuses=list(ReviewStatus),
        **SCREEN,
    )


@get("/review/guide", guards=GUARDS)
async def labelling_guide(request: Asked) -> Response[str]:
    """What each label means."""
    return await page(request, "review_guide.html", "review", tab="guide", blocks=guide())


@get("/review/{item_id:int}", guards=GUARDS)
async def one(request: Asked, item_id: FromPath[int]) -> Response[str]:
    """One text with its context, what was heard, and the labels to choose."""
    filters, reviews = filters_of(request), reviews_at(request)
    item = await reviews.get(item_id)
    return await page(
        request,
        "review_one.html",
        "review",
        tab="review",
        filters=filters,
        item=item,
        chosen=suggested(item),
        next_id=await reviews.after(item, filters.wanted),
        help=help_of_labels(),
        **SCREEN,
    )


@post("/review/{item_id:int}/accept", guards=CHANGES, status_code=200)
async def accept(request: Asked, item_id: FromPath[int]) -> Response[Any]:
    """Keep it with its labels."""
    labels, version = await _labels(request), await _version(request)
    following = await _following(request, item_id)
    await parts_at(request).learning.accept(request.user, item_id, version, labels)
    return done(request, following)


@post("/review/{item_id:int}/{what:str}", guards=CHANGES, status_code=200)
async def put(request: Asked, item_id: FromPath[int], what: FromPath[str]) -> Response[Any]:
    """Reject it, leave it for later, or open it again."""
    status = {"reject": ReviewStatus.REJECTED, "skip": ReviewStatus.SKIPPED, "reopen": ReviewStatus.OPEN}.get(what)
    if status is None:
        raise ValueError("A text is accepted, rejected, skipped or opened again.")
    following = await _following(request, item_id)
    await parts_at(request).learning.put(request.user, item_id, await _version(request), status)
    return done(request, following)


@post("/log/messages/{message_id:str}/flag", guards=CHANGES, status_code=200)
async def flag(request: Asked, message_id: FromPath[str]) -> Response[Any]:
    """Send a message of the log to the review."""
    await parts_at(request).learning.flag(message_id)
    return done(request, "/desk/review", told="It is in the review.")


async def _labels(request: Asked) -> Labels:
    form = await request.form()
    due = DUE.get(str(form.get("person_due", "")))
    return read_labels(
        {
            "dialogue_act": form.get("act", ""),
            "challenges": [str(name) for name in form.getall("challenges", [])],
            "frustration": form.get("level", "0"),
            "triggers": [str(name) for name in form.getall("triggers", [])],
            "person_due": due,
        }
    )


async def _version(request: Asked) -> int:
    given = await field(request, "version", 9)
    if not given.isdigit():
        raise ValueError("This page is too old. Reload it and try again.")
    return int(given)


async def _following(request: Asked, item_id: int) -> str:
    """Where the labeller goes on: the next text of the same list, found before this one leaves it."""
    filters, reviews = filters_of(request), reviews_at(request)
    following = await reviews.after(await reviews.get(item_id), filters.wanted)
    place = f"/desk/review/{following}" if following else "/desk/review"
    return f"{place}?{filters.query}" if filters.query else place


HANDLERS = [review, labelling_guide, one, accept, put, flag]
