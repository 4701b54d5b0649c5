"""What the floor adds to the page of one conversation: its clocks, who had it, and whom it may be passed to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from casework.errors import NotFound
from casework.floor.approvals import LAPSED, Approval, Approving, Standing
from casework.floor.callbacks import Callback
from casework.floor.ports import AtWork, Presence
from casework.ports import Owner, Staff, Transition
from casework.read_records import ConversationRead, HandoffRead
from desk.pages.answering import reading_of
from desk.pages.clocks import ClockLine, latest
from desk.pages.guarding import Asked, desk_at, parts_at
from desk.pages.viewing import ConversationView
from recovery.staffing import Team
from recovery.words import Role


@dataclass(frozen=True, slots=True)
class FloorView:
    """The floor's part of a conversation's page."""

    clocks: Sequence[ClockLine]
    moves: Sequence[Transition]
    teams: Sequence[Team]
    colleagues: Sequence[AtWork]
    agent: AtWork | None  # who has it
    may_transfer: bool
    callback: Callback | None
    approvals: Sequence[Approval]
    standings: Mapping[int, Standing]  # of the requests that nobody has answered

    @property
    def asked(self) -> frozenset[tuple[str, str]]:
        """The options that somebody was asked for and has not answered."""
        return frozenset((a.case_id, a.option_id) for a in self.waiting)

    @property
    def waiting(self) -> Sequence[Approval]:
        """The requests that nobody has answered."""
        return [a for a in self.approvals if a.id in self.standings]

    @property
    def lapsed(self) -> Sequence[Approval]:
        """Those whose option was gone before anybody answered."""
        return [a for a in self.approvals if a.answer == LAPSED]


async def floor_view(request: Asked, view: ConversationView) -> FloorView | None:
    """For the conversation's page; None where this desk has no floor."""
    floor, parts, c = desk_at(request).floor, parts_at(request), view.conversation
    if floor is None:
        return None
    reading, staffing, now = reading_of(request), parts.playbook().staffing, parts.clock()
    handoff = view.handoff
    kept = await reading.clocks(handoff.id) if handoff else ()
    everybody, approving = await floor.attendance.everybody(), approving_at(request)
    open_ones = [a for a in await floor.approvals.of(c.id) if not a.answer]
    standings = {a.id: await approving.standing(request.user, a) for a in open_ones}
    return FloorView(
        clocks=latest(kept, now, staffing.calendar_of(handoff.team)) if handoff else (),
        moves=await reading.moves(c.id),
        teams=tuple(staffing.teams.values()),
        colleagues=[p for p in everybody if p.presence is not Presence.AWAY and p.staff.id != request.user.id],
        agent=next((p for p in everybody if p.staff.id == c.agent_id), None),
        may_transfer=may_transfer(request.user, c, handoff),
        callback=await floor.callbacks.store.open_one(c.id),
        approvals=await floor.approvals.of(c.id),
        standings={number: standing for number, standing in standings.items() if not standing.lapsed},
    )


def approving_at(request: Asked) -> Approving:
    """The story of approvals, with this desk's requests. Raises NotFound where it has no floor."""
    parts, floor = parts_at(request), desk_at(request).floor
    if floor is None:
        raise NotFound("This desk has no approvals.")
    return Approving(floor.approvals, parts.granting, parts.crm)


def may_transfer(me: Staff, conversation: ConversationRead, handoff: HandoffRead | None) -> bool:
    """Its agent and supervisors may; what waits may be put right by anybody."""
    if handoff is None or handoff.ended_at is not None:
        return False
    if conversation.owner == Owner.QUEUE:
        return True
    return conversation.agent_id == me.id or me.role == Role.SUPERVISOR
