"""What agents do with a conversation. Each is a POST from a page of ours; ownership decides whether it may be."""

import hashlib
from typing import Any

from litestar import Response, post
from litestar.params import FromPath

from casework.ports import Signal
from casework.resolving import Resolving
from desk.pages.answering import done, field
from desk.pages.floor import floor_at
from desk.pages.guarding import Asked, desk_at, from_our_page, parts_at, signed_in
from desk.uploading import LARGEST_UPLOAD, file_in, keep_file

GUARDS = [signed_in, from_our_page]
OTHER = "other"


def _page(conversation_id: str) -> str:
    return f"/desk/conversations/{conversation_id}"


@post("/conversations/{conversation_id:str}/claim", guards=GUARDS, status_code=200)
async def claim(request: Asked, conversation_id: FromPath[str]) -> Response[Any]:
    """Take it from the queue. The loser of two is told who won."""
    await floor_at(request).queueing.claim(request.user, conversation_id)
    return done(request, _page(conversation_id))


@post("/conversations/{conversation_id:str}/take-over", guards=GUARDS, status_code=200)
async def take_over(request: Asked, conversation_id: FromPath[str]) -> Response[Any]:
    """A senior takes it from the bot or from a colleague."""
    await desk_at(request).ownership.take_over(conversation_id, request.user)
    return done(request, _page(conversation_id))


@post(
    "/conversations/{conversation_id:str}/messages",
    guards=GUARDS,
    status_code=200,
    request_max_body_size=LARGEST_UPLOAD,
)
async def say(request: Asked, conversation_id: FromPath[str]) -> Response[Any]:
    """Say something to the customer, with a file or without. The form's own id makes a second send harmless."""
    given = await file_in(await request.form())
    text = await field(request, "text", 4000, "" if given else "Your reply")
    own_id = await field(request, "id", 64)
    message_id = _message_id(conversation_id, request.user.id, own_id) if own_id else None
    desk, me = desk_at(request), request.user
    if given is None:
        said = await desk.ownership.send_as_agent(conversation_id, me, text, message_id)
    else:
        await desk.ownership.must_own(conversation_id, me)  # nothing is kept for a chat that is not theirs
        kept = await keep_file(desk, conversation_id, *given)
        said = await desk.ownership.send_as_agent(conversation_id, me, text, message_id, kept)
    return done(request, _page(conversation_id), seq=said.seq)


@post("/conversations/{conversation_id:str}/notes", guards=GUARDS, status_code=200)
async def note(request: Asked, conversation_id: FromPath[str]) -> Response[Any]:
    """Write down what the customer does not see."""
    text = await field(request, "text", 4000, "Your note")
    parts = parts_at(request)
    await parts.reader.allowed(request.user, conversation_id)
    await desk_at(request).ownership.note(conversation_id, request.user, text)
    return done(request, _page(conversation_id))


@post("/conversations/{conversation_id:str}/grants", guards=GUARDS, status_code=200)
async def grant(request: Asked, conversation_id: FromPath[str]) -> Response[Any]:
    """Book one of the recovery policy's options."""
    case_id, option = await field(request, "case"), await field(request, "option")
    given = await parts_at(request).granting.grant(request.user, conversation_id, case_id, option)
    return done(request, _page(conversation_id), told=f"Booked, reference {given.reference}. The customer was told.")


@post("/conversations/{conversation_id:str}/return", guards=GUARDS, status_code=200)
async def give_back(request: Asked, conversation_id: FromPath[str]) -> Response[Any]:
    """Give it back to the bot."""
    await desk_at(request).ownership.return_to_bot(conversation_id, request.user, await _seen(request))
    return done(request, "/desk?view=mine")


@post("/conversations/{conversation_id:str}/resolve", guards=GUARDS, status_code=200)
async def resolve(request: Asked, conversation_id: FromPath[str]) -> Response[Any]:
    """Close it with a root cause: one of the playbook's, or the agent's own words."""
    cause, words = await field(request, "cause", 80), await field(request, "words", 500)
    if cause not in parts_at(request).playbook().causes and not words:
        raise ValueError("Say what the root cause was: choose one, or write it in your own words.")
    root = cause if not words else words if cause in ("", OTHER) else f"{cause}: {words}"
    parts = parts_at(request)
    story = Resolving(parts.crm, parts.records.recoveries, desk_at(request).ownership)
    await story.resolve(request.user, conversation_id, root, await _seen(request))
    return done(request, "/desk?view=mine")


@post("/conversations/{conversation_id:str}/typing", guards=GUARDS, status_code=200)
async def typing(request: Asked, conversation_id: FromPath[str]) -> Response[Any]:
    """The agent is writing, or has stopped."""
    parts = parts_at(request)
    conversation = await parts.reader.allowed(request.user, conversation_id)
    if conversation.agent_id == request.user.id:
        on = await field(request, "on", 1) == "1"
        await desk_at(request).live.signals.send(Signal("typing", conversation_id, {"who": "agent", "on": on}))
    return done(request, _page(conversation_id))


async def _seen(request: Asked) -> int | None:
    """The last message that the page showed when this was pressed."""
    told = await field(request, "seen", 12)
    return int(told) if told.isdecimal() else None


def _message_id(conversation_id: str, user_id: str, own_id: str) -> str:
    """Nobody can name another's message: the id is bound to who says it and where."""
    return "a" + hashlib.sha256(f"{conversation_id}\n{user_id}\n{own_id}".encode()).hexdigest()[:31]


HANDLERS = [claim, take_over, say, note, grant, give_back, resolve, typing]
