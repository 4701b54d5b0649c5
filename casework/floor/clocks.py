"""Service-level clocks are kept: what was said moves them, warnings and breaches alert once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from casework.floor.ports import Clocked, ClockStore, Kept, Marked
from casework.ports import Clock, NewAlert
from recovery.business_time import Calendar
from recovery.sla import SlaClock, after_events
from recovery.staffing import Staffing

log = structlog.get_logger("floor")
WORDS = {"first_reply": "first reply", "next_reply": "next reply", "resolution": "resolution"}


@dataclass(frozen=True, slots=True)
class ClockKeeping:
    """Clocks follow from what is stored, so it does not matter when, or by which desk, they are looked at."""

    store: ClockStore
    staffing: Callable[[], Staffing]
    clock: Clock

    async def keep(self) -> None:
        """Events first, so that a reply in time is never marked as late."""
        while await self.store.advance(self._advanced):
            pass
        await self.store.mark(self.clock(), _alert)

    def _advanced(self, told: Clocked) -> Sequence[Kept]:
        """A handoff whose clocks cannot be worked out keeps those that it has, and stops nobody else's."""
        try:
            return self._moved(told)
        except Exception:
            log.exception("clocks_broke", handoff=told.handoff_id)
            return ()

    def _moved(self, told: Clocked) -> Sequence[Kept]:
        staffing = self.staffing()
        calendar, targets = staffing.calendar_of(told.team), staffing.targets_of(told.priority)
        return [kept(c, calendar) for c in after_events(told.clocks, told.events, targets, calendar)]


def kept(clock: SlaClock, calendar: Calendar) -> Kept:
    """A clock with its due times. One that stands late missed its target when the business time was used up."""
    late = clock.running_since is None and clock.spent > clock.target
    missed = _overrun(clock, calendar) if late else None
    return Kept(clock, clock.warn_at(calendar), clock.due_at(calendar), missed)


def _overrun(clock: SlaClock, calendar: Calendar) -> datetime | None:
    """When at the earliest it can have been late."""
    return calendar.after(clock.started_at, clock.target)


def _alert(marked: Marked) -> NewAlert | None:
    """A miss is a supervisor's to know; a warning shows in the queue, where something can still be done."""
    if not marked.missed:
        return None
    return NewAlert("sla_missed", f"The target for the {WORDS[marked.kind]} was missed.")
