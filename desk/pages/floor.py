"""Being there, taking what is offered, and passing a conversation on."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from casework.errors import Conflict, NotFound, Refused
from casework.floor.approvals import WITHDRAWN
from casework.floor.floor import Floor
from casework.floor.ports import Presence
from casework.ports import Staff
from desk.masking import masked_text
from desk.pages.answering import at_the_desk, data, done, field, page, piece
from desk.pages.floor_view import approving_at
from desk.pages.guarding import Asked, desk_at, from_our_page, signed_in
from desk.pages.rendering import in_words

GUARDS = [signed_in, from_our_page]


def floor_at(request: Asked) -> Floor:
    """The floor of this desk. Raises NotFound where it has none."""
    floor = desk_at(request).floor
    if floor is None:
        raise NotFound("This desk has no queue that offers conversations.")
    return floor


@post("/presence", guards=GUARDS, status_code=200)
async def presence(request: Asked) -> Response[Any]:
    """Online, busy or away."""
    chosen = await field(request, "presence", 10)
    await floor_at(request).attendance.choose(request.user.id, chosen)
    return done(request, "/desk", presence=chosen)


@get("/offer", guards=[signed_in])
async def offer(request: Asked) -> Response[dict[str, Any]]:
    """What the reader is being asked to take, for a page that is open."""
    floor_at(request)
    told = await at_the_desk(request)
    html = piece(request, "_offer.html", **told)
    pages = piece(request, "_pages.html", **told)
    return data({"html": html, "offer": told["offer"].offer.id if told["offer"] else None, "pages": pages})


@post("/offers/{offer_id:int}/accept", guards=GUARDS, status_code=200)
async def accept(request: Asked, offer_id: FromPath[int]) -> Response[Any]:
    """Take it. Whoever is too late is told."""
    taken = await floor_at(request).queueing.accept(request.user, offer_id)
    return done(request, f"/desk/conversations/{taken.id}")


@post("/offers/{offer_id:int}/decline", guards=GUARDS, status_code=200)
async def decline(request: Asked, offer_id: FromPath[int]) -> Response[Any]:
    """Leave it to the next person."""
    await floor_at(request).queueing.decline(request.user, offer_id)
    return done(request, "/desk")


@post("/conversations/{conversation_id:str}/transfer", guards=GUARDS, status_code=200)
async def transfer(request: Asked, conversation_id: FromPath[str]) -> Response[Any]:
    """Pass it to a team or a colleague, with a note."""
    to, note = await field(request, "to", 80, "Whom it goes to"), await field(request, "note", 1000, "The note")
    kind, _, name = to.partition(":")
    ownership = desk_at(request).ownership
    if kind == "team":
        await ownership.transfer_to_team(conversation_id, request.user, name, note)
    else:
        colleague = await _there(request, name)
        await ownership.transfer_to_person(conversation_id, request.user, colleague, note)
    return done(request, "/desk?view=mine")


async def _there(request: Asked, user_id: str) -> Staff:
    """A colleague who is at the desk: nobody else is handed a customer who waits."""
    everybody = await floor_at(request).attendance.everybody()
    found = next((p for p in everybody if p.staff.id == user_id), None)
    if found is None:
        raise Refused("There is no such colleague.")
    if found.presence is Presence.AWAY:
        raise Refused(f"{found.staff.name} is not at the desk just now. Pass it to the team instead.")
    return found.staff


@post("/conversations/{conversation_id:str}/approvals", guards=GUARDS, status_code=200)
async def ask_approval(request: Asked, conversation_id: FromPath[str]) -> Response[Any]:
    """Ask somebody above for one option."""
    case_id, option = await field(request, "case"), await field(request, "option")
    why = await field(request, "why", 500, "The reason")
    await approving_at(request).ask(request.user, conversation_id, case_id, option, why)
    return done(request, f"/desk/conversations/{conversation_id}", told="Asked. The answer shows here.")


@post("/approvals/{approval_id:int}/answer", guards=GUARDS, status_code=200)
async def answer_approval(request: Asked, approval_id: FromPath[int]) -> Response[Any]:
    """Approve, refuse, or withdraw what one asked for."""
    answer, reason = await field(request, "answer", 10), await field(request, "reason", 300)
    given = await approving_at(request).answer(request.user, approval_id, answer, reason)
    seen = "" if given.answer == WITHDRAWN else f" {given.asked_by} sees it at once."
    return done(request, "/desk/todo", told=f"{in_words(given.answer)}.{seen}")


@post("/pages/{alert_id:int}/acknowledge", guards=GUARDS, status_code=200)
async def acknowledge(request: Asked, alert_id: FromPath[int]) -> Response[Any]:
    """Somebody sees to it: nobody is paged any more."""
    paging = floor_at(request).paging
    waiting = {p.alert_id: p.conversation_id for p in await paging.store.open_ones()}
    if not await paging.store.acknowledge(alert_id, request.user.id, paging.clock()):
        raise Conflict("Somebody acknowledged this before you.")
    conversation = waiting.get(alert_id)
    return done(request, f"/desk/conversations/{conversation}" if conversation else "/desk")


@post("/callbacks/{callback_id:int}/done", guards=GUARDS, status_code=200)
async def called_back(request: Asked, callback_id: FromPath[int]) -> Response[Any]:
    """The customer was called."""
    result = await field(request, "result", 300, "What came of it")
    await floor_at(request).callbacks.done(request.user, callback_id, result)
    return done(request, "/desk/todo", told="Done. It is off the list.")


@get("/todo", guards=[signed_in])
async def todo(request: Asked) -> Response[str]:
    """Approvals and callbacks that wait for somebody."""
    floor, approving = floor_at(request), approving_at(request)
    found = [(a, await approving.standing(request.user, a)) for a in await floor.approvals.open_ones()]
    waiting = [(a, standing) for a, standing in found if not standing.lapsed]
    calls = await floor.callbacks.store.open_ones()
    return await page(request, "todo.html", "todo", approvals=waiting, calls=calls, masked=masked_text)


HANDLERS = [
    presence,
    offer,
    accept,
    decline,
    transfer,
    ask_approval,
    answer_approval,
    acknowledge,
    called_back,
    todo,
]
