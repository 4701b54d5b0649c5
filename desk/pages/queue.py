"""The agent's queue: who waits, who talks to whom, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Response, get
from litestar.params import FromQuery

from casework.ports import Owner, Staff
from casework.read_records import QueueEntry
from desk.masking import Eyes
from desk.pages.answering import data, page, piece, reading_of
from desk.pages.guarding import Asked, signed_in

VIEWS = ("waiting", "mine", "all")


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One entry as its reader may see it."""

    entry: QueueEntry
    mine: bool
    why: str
    last: str


@dataclass(frozen=True, slots=True)
class QueueView:
    """One view of the queue and the sizes of all."""

    view: str
    lines: Sequence[QueueLine]
    sizes: dict[str, int]


def line_of(entry: QueueEntry, me: Staff) -> QueueLine:
    mine = entry.owner == Owner.AGENT and entry.agent_id == me.id
    eyes = Eyes(full=mine)
    return QueueLine(entry, mine, eyes.text(entry.why), eyes.text(" ".join(entry.last_text.split())))


async def queue_view(request: Asked, view: str) -> QueueView:
    entries = await reading_of(request).queue()
    lines = [line_of(e, request.user) for e in entries]
    views = {
        "waiting": [x for x in lines if x.entry.owner == Owner.QUEUE],
        "mine": my_own(lines),
        "all": lines,
    }
    view = view if view in VIEWS else "waiting"
    return QueueView(view, views[view], {name: len(found) for name, found in views.items()})


def my_own(lines: Sequence[QueueLine]) -> list[QueueLine]:
    """My conversations: those where the customer waits for my answer come first, the longest waiting on top."""
    mine = [x for x in lines if x.mine]
    answered = [x for x in mine if x.entry.unanswered_since is None]
    waiting = [x for x in mine if x.entry.unanswered_since is not None]
    return sorted(waiting, key=lambda x: str(x.entry.unanswered_since)) + answered


@get("/", guards=[signed_in])
async def queue(request: Asked, view: FromQuery[str] = "waiting") -> Response[str]:
    """The queue."""
    return await page(request, "queue.html", "queue", queue=await queue_view(request, view))


@get("/queue", guards=[signed_in])
async def queue_now(request: Asked, view: FromQuery[str] = "waiting") -> Response[dict[str, Any]]:
    """The queue as it stands now, for a page that is open."""
    found = await queue_view(request, view)
    html = piece(request, "_queue.html", queue=found)
    return data({"html": html, "sizes": found.sizes, "standing": await _standing(request)})


@get("/rail", guards=[signed_in])
async def rail(request: Asked, at: FromQuery[str] = "") -> Response[dict[str, Any]]:
    """My conversations, for the side of an open one."""
    found = await queue_view(request, "mine")
    html = piece(request, "_rail.html", lines=found.lines, at=at)
    return data({"html": html, "sizes": found.sizes, "standing": await _standing(request)})


async def _standing(request: Asked) -> dict[str, int]:
    standing = await reading_of(request).standing()
    return {"waiting": standing.waiting, "alerts": standing.open_alerts}


HANDLERS = [queue, queue_now, rail]
