"""How handlers answer: a whole page, a piece of one, or the end of an action."""

from dataclasses import dataclass
from typing import Any

from litestar import Response
from litestar.enums import MediaType
from litestar.response import Redirect

from casework.floor.floor import Floor
from casework.floor.paging import OpenPage
from casework.floor.ports import Offer, Presence
from casework.read_records import QueueEntry
from casework.reading import Reading
from desk.pages.guarding import HEADERS, Asked, by_script, csrf_of, desk_at, parts_at


@dataclass(frozen=True, slots=True)
class OfferShown:
    """An offer with the conversation that it is about."""

    offer: Offer
    entry: QueueEntry


def reading_of(request: Asked) -> Reading:
    return parts_at(request).reader.reading


async def page(request: Asked, template: str, nav: str, **context: Any) -> Response[str]:
    """A whole page, with what its frame shows."""
    standing = await reading_of(request).standing()
    frame = {"me": request.user, "csrf": csrf_of(request.auth), "standing": standing, "nav": nav}
    frame |= await at_the_desk(request)
    html = parts_at(request).templates.render(template, {**frame, **context})
    return Response(html, media_type=MediaType.HTML, headers=HEADERS)


async def at_the_desk(request: Asked) -> dict[str, Any]:
    """How the reader stands, and what they are being asked to take."""
    floor = desk_at(request).floor
    if floor is None:
        return {"presence": None, "offer": None, "pages": []}
    presence = await floor.attendance.chosen(request.user.id) or Presence.ONLINE  # as the first open page says
    return {"presence": presence, "offer": await offer_to(request, floor), "pages": await pages_open(request, floor)}


async def pages_open(request: Asked, floor: Floor) -> list[tuple[OpenPage, str]]:
    """The critical situations that nobody has acknowledged, each with its title."""
    titles = {p.id: p.title for p in parts_at(request).playbook().procedures}
    return [(p, titles.get(p.procedure, p.procedure)) for p in await floor.paging.store.open_ones()]


async def offer_to(request: Asked, floor: Floor) -> OfferShown | None:
    """The conversation that the reader is asked to take, with what the queue knows of it."""
    offer = await floor.queueing.store.offer_to(request.user.id)
    if offer is None or offer.expires_at <= parts_at(request).clock():
        return None
    waiting = await reading_of(request).queue()
    entry = next((e for e in waiting if e.conversation_id == offer.conversation_id), None)
    return OfferShown(offer, entry) if entry is not None else None


def piece(request: Asked, template: str, **context: Any) -> str:
    """A part of a page that a script puts in place."""
    frame = {"me": request.user, "csrf": csrf_of(request.auth)}
    return parts_at(request).templates.render(template, {**frame, **context})


def data(values: dict[str, Any], status: int = 200) -> Response[dict[str, Any]]:
    return Response(values, status_code=status, headers=HEADERS)


def done(request: Asked, to: str, **values: Any) -> Response[Any]:
    """An action is done: scripts get JSON, plain forms go on to a page."""
    if by_script(request):
        return data({"ok": True, "to": to, **values})
    return Redirect(to, status_code=303, headers=HEADERS)


async def field(request: Asked, name: str, most: int = 4000, what: str = "") -> str:
    """A field of the form. Raises ValueError with a sentence when it is needed and empty, or too long."""
    text = str((await request.form()).get(name, "")).strip()
    if what and not text:
        raise ValueError(f"{what} is empty. Write something first.")
    if len(text) > most:
        raise ValueError(f"{what or 'That'} is too long: at most {most} characters.")
    return text
