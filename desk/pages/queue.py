"""The agent's queue: who waits, who talks to whom, why, and by when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from litestar import Response, get
from litestar.params import FromQuery

from casework.ports import Owner, Staff
from casework.read_records import QueueEntry
from desk.masking import Eyes
from desk.pages.answering import data, page, piece, reading_of
from desk.pages.clocks import ClockLine, pressing
from desk.pages.guarding import Asked, parts_at, signed_in
from desk.pages.today import today_of
from recovery.sla import Standing
from recovery.staffing import Staffing

VIEWS = ("waiting", "mine", "all")
BANDS = ("Late", "Due soon", "In time", "With a person")


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One entry as its reader may see it."""

    entry: QueueEntry
    mine: bool
    why: str
    last: str
    clock: ClockLine | None
    team: str

    @property
    def band(self) -> str:
        """The group that it is shown in."""
        if self.entry.owner == Owner.AGENT:
            return "With a person"
        standing = self.clock.standing if self.clock else None
        return {Standing.BREACHED: "Late", Standing.WARNED: "Due soon"}.get(standing or Standing.RUNNING, "In time")


@dataclass(frozen=True, slots=True)
class QueueView:
    """One view of the queue and the sizes of all. `teams`: mine or all."""

    view: str
    teams: str
    lines: Sequence[QueueLine]
    sizes: dict[str, int]

    @property
    def groups(self) -> list[tuple[str, list[QueueLine]]]:
        """The lines by their group; one's own keep their order, for they are few."""
        if self.view == "mine":
            return [("", list(self.lines))]
        ordered = sorted(self.lines, key=lambda x: BANDS.index(x.band))
        return [(band, list(found)) for band, found in groupby(ordered, key=lambda x: x.band)]


def line_of(entry: QueueEntry, me: Staff, staffing: Staffing, now: datetime) -> QueueLine:
    mine = entry.owner == Owner.AGENT and entry.agent_id == me.id
    eyes = Eyes(full=mine)
    last = eyes.text(" ".join(entry.last_text.split()))
    clock = pressing(entry.clocks, now, staffing.calendar_of(entry.team))
    return QueueLine(entry, mine, eyes.text(entry.why), last, clock, staffing.team(entry.team).name)


async def queue_view(request: Asked, view: str, teams: str = "") -> QueueView:
    parts, me = parts_at(request), request.user
    staffing, now = parts.playbook().staffing, parts.clock()
    lines = [line_of(e, me, staffing, now) for e in await reading_of(request).queue()]
    teams = teams if teams in ("mine", "all") else "mine" if me.teams else "all"
    ours = lines if teams == "all" else [x for x in lines if x.entry.team in me.teams or x.mine]
    views = {
        "waiting": [x for x in ours if x.entry.owner == Owner.QUEUE],
        "mine": my_own(lines),
        "all": ours,
    }
    view = view if view in VIEWS else "waiting"
    return QueueView(view, teams, views[view], {name: len(found) for name, found in views.items()})


def my_own(lines: Sequence[QueueLine]) -> list[QueueLine]:
    """My conversations: those where the customer waits for my answer come first, the longest waiting on top."""
    mine = [x for x in lines if x.mine]
    answered = [x for x in mine if x.entry.unanswered_since is None]
    waiting = [x for x in mine if x.entry.unanswered_since is not None]
    return sorted(waiting, key=lambda x: str(x.entry.unanswered_since)) + answered


@get("/", guards=[signed_in])
async def queue(request: Asked, view: FromQuery[str] = "waiting", teams: FromQuery[str] = "") -> Response[str]:
    """The queue."""
    found = await queue_view(request, view, teams)
    return await page(request, "queue.html", "queue", queue=found, today=await today_of(request))


@get("/queue", guards=[signed_in])
async def queue_now(
    request: Asked, view: FromQuery[str] = "waiting", teams: FromQuery[str] = ""
) -> Response[dict[str, Any]]:
    """The queue as it stands now, for a page that is open."""
    found = await queue_view(request, view, teams)
    html = piece(request, "_queue.html", queue=found)
    today = await today_of(request)
    strip = piece(request, "_today.html", today=today) if today else ""
    return data({"html": html, "today": strip, "sizes": found.sizes, "standing": await _standing(request)})


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
