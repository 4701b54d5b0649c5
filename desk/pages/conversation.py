"""One conversation on one screen, and what an open screen fetches when something changed."""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from casework.errors import NotFound
from casework.reading import ONE_LOOK, NotYours, owns
from desk.masking import Eyes
from desk.pages.answering import data, page, piece, reading_of
from desk.pages.extras import extras_of
from desk.pages.floor_view import floor_view
from desk.pages.guarding import Asked, desk_at, parts_at, signed_in
from desk.pages.queue import queue_view
from desk.pages.viewing import anchor_of, lines_of, sees_files, view_of
from desk.serving_files import served

SHARED = {"anchor_of": anchor_of}


@get("/conversations/{conversation_id:str}", guards=[signed_in])
async def conversation(
    request: Asked, conversation_id: FromPath[str], before: FromQuery[int | None] = None
) -> Response[str]:
    """The handoff packet and the chat."""
    parts = parts_at(request)
    transcript = await parts.reader.open(request.user, conversation_id, before=before)
    view = await view_of(parts, request.user, transcript)
    mine = (await queue_view(request, "mine")).lines
    return await page(
        request,
        "conversation.html",
        "queue",
        v=view,
        floor=await floor_view(request, view),
        rail=mine,
        past=before is not None,
        **_shared(request),
    )


@get("/conversations/{conversation_id:str}/messages", guards=[signed_in])
async def newer(
    request: Asked, conversation_id: FromPath[str], after: FromQuery[int] = 0, note: FromQuery[int] = 0
) -> Response[dict[str, Any]]:
    """The messages and notes that an open page does not have yet."""
    reader = parts_at(request).reader
    found, messages = await reader.newer(request.user, conversation_id, after)
    notes = [n for n in await reading_of(request).notes(conversation_id) if n.id > note]
    extras = await extras_of(parts_at(request).records, found.channel, messages)
    seen = sees_files(request.user, found)
    lines = lines_of(messages, [], Eyes(full=owns(request.user, found)), extras=extras, files_seen=seen)
    lines += lines_of([], notes, Eyes(full=owns(request.user, found)))
    html = piece(request, "_lines.html", lines=sorted(lines, key=lambda x: x.at), evidence=False, **_shared(request))
    return data(
        {
            "html": html,
            "last": messages[-1].seq if messages else after,
            "note": notes[-1].id if notes else note,
            "authors": [m.author for m in messages],
        }
    )


@get("/conversations/{conversation_id:str}/files/{attachment_id:str}", guards=[signed_in])
async def file(request: Asked, conversation_id: FromPath[str], attachment_id: FromPath[str]) -> Response[bytes]:
    """A file cannot be masked: it is for whoever has the conversation, and for supervisors, whose look is logged."""
    reader, me = parts_at(request).reader, request.user
    transcript = await reader.again(me, conversation_id)
    if not sees_files(me, transcript.conversation):
        raise NotYours("This file is for the colleague who has the conversation.")
    await reader.reading.log_look(me.id, "file", conversation_id, reader.clock(), reader.clock() - ONE_LOOK)
    keeping = desk_at(request).keeping
    if keeping is None:
        raise NotFound("There is no such file.")
    content = await keeping.content(attachment_id, conversation_id)
    return served(content, request.headers.get("range", ""))


@get("/conversations/{conversation_id:str}/pieces", guards=[signed_in])
async def pieces(request: Asked, conversation_id: FromPath[str]) -> Response[dict[str, Any]]:
    """Head, side and foot of an open page, as they are now."""
    parts = parts_at(request)
    view = await view_of(parts, request.user, await parts.reader.again(request.user, conversation_id))
    named = {"head": "_head.html", "side": "_side.html", "foot": "_foot.html"}
    shown = {"v": view, "floor": await floor_view(request, view), **_shared(request)}
    return data({name: piece(request, file, **shown) for name, file in named.items()})


def _shared(request: Asked) -> dict[str, Any]:
    return {**SHARED, "money": parts_at(request).playbook().money}


HANDLERS = [conversation, newer, file, pieces]
