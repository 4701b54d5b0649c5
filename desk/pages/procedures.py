"""The checklist of a critical situation: each line with its clock, and who has done it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Response, post
from litestar.params import FromPath

from casework.errors import Conflict
from casework.ports import Staff
from casework.read_records import DutyDone, HandoffRead
from casework.reading import is_supervisor
from desk.pages.answering import done, field
from desk.pages.guarding import Asked, from_our_page, parts_at, signed_in


@dataclass(frozen=True, slots=True)
class Duty:
    """One line as the page shows it."""

    id: str
    text: str
    due_at: datetime
    late: bool
    done: DutyDone | None


@dataclass(frozen=True, slots=True)
class ProcedureView:
    """One procedure as the page shows it."""

    id: str
    title: str
    began_at: datetime
    pages: Sequence[str]
    duties: Sequence[Duty]


def procedures_of(handoff: HandoffRead | None, ticks: Sequence[DutyDone], now: datetime) -> list[ProcedureView]:
    """The procedures of a handoff, with what was done."""
    if handoff is None:
        return []
    by_line = {(t.procedure, t.duty): t for t in ticks if t.handoff_id == handoff.id}
    return [
        ProcedureView(
            p["id"],
            p["title"],
            datetime.fromisoformat(p["began_at"]),
            p["pages"],
            [_duty(d, by_line.get((p["id"], d["id"])), now) for d in p["checklist"]],
        )
        for p in handoff.packet.get("procedures") or ()
    ]


def _duty(line: dict[str, str], tick: DutyDone | None, now: datetime) -> Duty:
    due = datetime.fromisoformat(line["due_at"])
    return Duty(line["id"], line["text"], due, tick is None and now > due, tick)


@post("/conversations/{conversation_id:str}/duties", guards=[signed_in, from_our_page], status_code=200)
async def duty_done(request: Asked, conversation_id: FromPath[str]) -> Response[Any]:
    """Tick a line of the checklist: who has the conversation, or a supervisor."""
    parts, me = parts_at(request), request.user
    procedure, duty = (
        await field(request, "procedure", 60, "The procedure"),
        await field(request, "duty", 60, "The line"),
    )
    conversation = await parts.reader.allowed(me, conversation_id)
    if not may_tick(me, conversation.agent_id):
        raise Conflict("This conversation is not yours. Claim it first, then tick what you have done.")
    await parts.records.procedures.duty_done(conversation_id, procedure, duty, me.id, parts.clock())
    return done(request, f"/desk/conversations/{conversation_id}")


def may_tick(me: Staff, agent_id: str | None) -> bool:
    return agent_id == me.id or is_supervisor(me)


HANDLERS = [duty_done]
