"""The floor as the desk uses it: its stories, put together from its ports."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from casework.errors import Unavailable
from casework.floor.approvals import ApprovalStore
from casework.floor.callbacks import Callbacks, CallbackStore
from casework.floor.case_asked import CaseAsked
from casework.floor.clocks import ClockKeeping
from casework.floor.distress import Condition, Distress
from casework.floor.looking_after import LookingAfter
from casework.floor.offering_calls import OfferingCalls
from casework.floor.paging import Pager, PageStore, Paging
from casework.floor.ports import ClockStore, PresenceStore, QueueStore
from casework.floor.presence import Attendance
from casework.floor.queueing import Queueing
from casework.floor.reception import Reception
from casework.ownership import Ownership
from casework.ports import Clock, Phrases
from recovery.playbook import Playbook
from recovery.staffing import Staffing


@dataclass(frozen=True, slots=True)
class FloorPorts:
    """What the floor needs from outside. The wiring passes `store.floor`'s adapters."""

    presence: PresenceStore
    queue: QueueStore
    clocks: ClockStore
    callbacks: CallbackStore
    approvals: ApprovalStore
    pages: PageStore
    condition: Condition
    playbook: Callable[[], Playbook]
    pagers: Mapping[str, Pager] = field(default_factory=dict)
    address: str = ""  # of the desk, as people reach it


@dataclass(frozen=True, slots=True)
class Floor:
    """Every story of the floor."""

    staffing: Callable[[], Staffing]
    attendance: Attendance
    queueing: Queueing
    clocks: ClockKeeping
    reception: Reception
    callbacks: Callbacks
    offering_calls: OfferingCalls
    approvals: ApprovalStore
    paging: Paging
    distress: Distress

    async def look(self) -> None:
        """What time alone brings about: clocks that run out, offers that lapse, conversations that nobody takes."""
        try:
            await self.clocks.keep()
            await self.offering_calls.look()  # before the next tier is asked: that begins the count anew
            await self.queueing.look()
        except Unavailable:
            self.queueing.looking_after.hears_again()
            raise


def floor_of(ports: FloorPorts, ownership: Ownership, phrases: Phrases, clock: Clock) -> Floor:
    """Put the floor together."""

    def staffing() -> Staffing:
        return ports.playbook().staffing

    attendance = Attendance(ports.presence, staffing, clock)
    looking_after = LookingAfter(ports.queue, ownership, staffing, phrases, clock)
    case_asked = CaseAsked(ports.queue, ownership.handoffs, staffing, phrases, clock)
    paging = Paging(ports.pages, attendance, ports.playbook, ports.pagers, ports.address, clock)
    return Floor(
        staffing,
        attendance,
        Queueing(ports.queue, attendance, ownership, looking_after, staffing, clock),
        ClockKeeping(ports.clocks, staffing, clock),
        Reception(ports.queue, ownership.handoffs, attendance, staffing, phrases, clock),
        Callbacks(ports.callbacks, ownership.conversations, phrases, clock, case_asked),
        OfferingCalls(ports.callbacks, attendance, staffing, phrases, clock),
        ports.approvals,
        paging,
        Distress(ports.condition, paging),
    )
