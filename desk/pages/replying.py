"""The list of saved replies, which supervisors keep."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from casework.saved_replies import FIRST_NAME, MOST, ORDER, SavedReplies
from desk.pages.answering import done, field, page
from desk.pages.guarding import Asked, from_our_page, parts_at, signed_in, supervisors_only

READ = [signed_in, supervisors_only]
CHANGE = [*READ, from_our_page]
HERE = "/desk/replies"


@get("/replies", guards=READ)
async def replies(request: Asked) -> Response[str]:
    """All of them, each with its form."""
    found = await parts_at(request).saved_replies.book.all()
    return await page(request, "replies.html", "replies", replies=found, places=(FIRST_NAME, ORDER), most=MOST)


@post("/replies", guards=CHANGE, status_code=200)
async def add(request: Asked) -> Response[Any]:
    """A new one."""
    await _save(parts_at(request).saved_replies, request, None)
    return done(request, HERE)


@post("/replies/{reply_id:int}", guards=CHANGE, status_code=200)
async def change(request: Asked, reply_id: FromPath[int]) -> Response[Any]:
    """Another wording."""
    await _save(parts_at(request).saved_replies, request, reply_id)
    return done(request, HERE)


@post("/replies/{reply_id:int}/remove", guards=CHANGE, status_code=200)
async def remove(request: Asked, reply_id: FromPath[int]) -> Response[Any]:
    """Take it off the list."""
    await parts_at(request).saved_replies.book.remove(reply_id)
    return done(request, HERE)


async def _save(story: SavedReplies, request: Asked, reply_id: int | None) -> None:
    title, text = await field(request, "title", 60, "The title"), await field(request, "text", 2000, "The text")
    await story.save(request.user, title, text, reply_id)


HANDLERS = [replies, add, change, remove]
