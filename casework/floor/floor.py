"""The floor as the desk uses it: its stories, put together from its ports."""

from collections.abc import Callable
from dataclasses import dataclass

from casework.floor.approvals import ApprovalStore
from casework.floor.callbacks import Callbacks, CallbackStore
from casework.floor.clocks import ClockKeeping
from casework.floor.ports import ClockStore, PresenceStore, QueueStore
from casework.floor.presence import Attendance
from casework.floor.queueing import Queueing
from casework.floor.reception import Reception
from casework.ownership import Ownership
from casework.ports import Clock, Phrases
from recovery.staffing import Staffing


@dataclass(frozen=True, slots=True)
class FloorPorts:
    """What the floor needs from outside. The wiring passes `store.floor`'s adapters."""

    presence: PresenceStore
    queue: QueueStore
    clocks: ClockStore
    callbacks: CallbackStore
    approvals: ApprovalStore
    staffing: Callable[[], Staffing]


@dataclass(frozen=True, slots=True)
class Floor:
    """Every story of the floor."""

    staffing: Callable[[], Staffing]
    attendance: Attendance
    queueing: Queueing
    clocks: ClockKeeping
    reception: Reception
    callbacks: Callbacks
    approvals: ApprovalStore

    async def look(self) -> None:
        """What time alone brings about: clocks that run out, offers that lapse, conversations that nobody takes."""
        await self.clocks.keep()
        await self.queueing.look()


def floor_of(ports: FloorPorts, ownership: Ownership, phrases: Phrases, clock: Clock) -> Floor:
    """Put the floor together."""
    attendance = Attendance(ports.presence, ports.staffing, clock)
    return Floor(
        ports.staffing,
        attendance,
        Queueing(ports.queue, attendance, ownership, ports.staffing, phrases, clock),
        ClockKeeping(ports.clocks, ports.staffing, clock),
        Reception(ports.queue, ownership.handoffs, attendance, ports.staffing, phrases, clock),
        Callbacks(ports.callbacks, ownership.conversations, phrases, clock),
        ports.approvals,
    )
