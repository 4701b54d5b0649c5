"""The supervisors' log: find a conversation, read it with all that was understood and decided."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from casework.read_records import Overview, Search
from casework.reading import Transcript
from casework.scoring import cards_of_record
from desk.masking import Eyes, masked_text, masked_value
from desk.pages.answering import page, reading_of
from desk.pages.conversation import SHARED
from desk.pages.guarding import HEADERS, Asked, parts_at, signed_in, supervisors_only
from desk.pages.viewing import said, view_of
from recovery.words import ChallengeType

GUARDS = [signed_in, supervisors_only]
CHANNELS = ("web", "telegram")
OUTCOMES = ("recovered", "handed_over", "resolved_by_agent", "answered", "abandoned", "none")
OWNERS = ("bot", "queue", "agent")
FIELDS = ("words", "from", "to", "channel", "challenge", "frustration", "owner", "outcome")


@get("/log", guards=GUARDS)
async def log(request: Asked, after: FromQuery[str | None] = None) -> Response[str]:
    """List and search."""
    asked = {name: str(request.query_params.get(name, "")).strip()[:200] for name in FIELDS}
    wanted, wrong = _search(asked, request)
    reading = reading_of(request)
    found = await reading.search(wanted, after)
    return await page(
        request,
        "log.html",
        "log",
        asked=asked,
        wrong=wrong,
        found=found,
        count=await reading.count(wanted),
        staff=await reading.staff(),
        spans=await _overviews(request) if after is None and not any(asked.values()) else (),
        next=urlencode({**{k: v for k, v in asked.items() if v}, "after": found.next or ""}),
        challenges=[c.value for c in ChallengeType],
        channels=CHANNELS,
        outcomes=OUTCOMES,
        owners=OWNERS,
        masked=masked_text,
    )


@get("/log/{conversation_id:str}", guards=GUARDS)
async def one(request: Asked, conversation_id: FromPath[str], before: FromQuery[int | None] = None) -> Response[str]:
    """One conversation, with the evidence beside each message."""
    parts = parts_at(request)
    view = await view_of(parts, request.user, await parts.reader.open(request.user, conversation_id, before=before))
    rules = parts.playbook()
    titles = {rule.id: rule.title for rule in rules.escalation}
    cards = cards_of_record(view.transcript, rules.currency) if before is None else ()
    shown = {**SHARED, "v": view, "titles": titles, "money": rules.money, "said": said, "cards": cards}
    return await page(request, "log_one.html", "log", past=before is not None, **shown)


@get("/log/{conversation_id:str}/export", guards=GUARDS)
async def export(request: Asked, conversation_id: FromPath[str]) -> Response[dict[str, Any]]:
    """One conversation as JSON, masked as on the page."""
    transcript = await parts_at(request).reader.export(request.user, conversation_id)
    name = f'attachment; filename="conversation-{conversation_id}.json"'
    return Response(export_of(transcript, Eyes()), headers={**HEADERS, "Content-Disposition": name})


def export_of(transcript: Transcript, eyes: Eyes) -> dict[str, Any]:
    """A transcript as JSON values, as these eyes may see it."""
    rows = {
        "conversation": _row(transcript.conversation),
        "messages": [_row(m) for m in transcript.messages],
        "decisions": [_row(d) for d in transcript.decisions],
        "steps": [_row(s) for s in transcript.steps],
        "handoffs": [_row(h) for h in transcript.handoffs],
        "notes": [_row(n) for n in transcript.notes],
        "surveys": [_row(s) for s in transcript.surveys],
    }
    return rows if eyes.full else {name: masked_value(value) for name, value in rows.items()}


def _row(record: object) -> dict[str, Any]:
    names = getattr(type(record), "__slots__", ())
    return {name: _plain(getattr(record, name)) for name in names}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return dict(value) if isinstance(value, Mapping) else value


def _search(asked: Mapping[str, str], request: Asked) -> tuple[Search, str]:
    """What was asked for. A date that is none is left out, and said."""
    zone = parts_at(request).zone
    owner = asked["owner"]
    try:
        since = datetime.combine(date.fromisoformat(asked["from"]), time(), zone) if asked["from"] else None
        last = date.fromisoformat(asked["to"]) + timedelta(days=1) if asked["to"] else None
        until, wrong = datetime.combine(last, time(), zone) if last else None, ""
    except (ValueError, OverflowError):
        since, until, wrong = None, None, "Dates are written as 2025-11-22. The dates were left out."
    search = Search(
        words=asked["words"],
        since=since,
        until=until,
        channel=asked["channel"],
        challenge=asked["challenge"],
        frustration=int(asked["frustration"]) if asked["frustration"] in ("1", "2", "3") else None,
        owner=owner if owner in OWNERS else "",
        agent_id=owner.removeprefix("agent:") if owner.startswith("agent:") else "",
        outcome=asked["outcome"] if asked["outcome"] in OUTCOMES else "",
    )
    return search, wrong


async def _overviews(request: Asked) -> list[tuple[str, Overview]]:
    """Today's and the last seven days' numbers. Days begin at the company's midnight."""
    parts = parts_at(request)
    today = datetime.combine(parts.clock().astimezone(parts.zone).date(), time(), parts.zone)
    reading = reading_of(request)
    week = today - timedelta(days=6)
    return [("Today", await reading.overview(today)), ("7 days", await reading.overview(week))]


HANDLERS = [log, one, export]
