"""Today at a glance, for supervisors: what waits, who is there, and what went wrong since midnight."""

from dataclasses import dataclass
from datetime import datetime, time

from casework.floor.ports import AtWork, DayCount, Presence
from desk.pages.guarding import Asked, desk_at, parts_at
from recovery.words import Role


@dataclass(frozen=True, slots=True)
class Today:
    """The strip above the queue."""

    count: DayCount
    people: tuple[AtWork, ...]  # those who are there
    opens: datetime | None  # when it opens next; None while it is open
    capacity: int

    @property
    def in_hand(self) -> int:
        return sum(p.in_hand for p in self.people)


async def today_of(request: Asked) -> Today | None:
    """For supervisors and seniors; None for others."""
    floor, parts = desk_at(request).floor, parts_at(request)
    if floor is None or request.user.role not in (Role.SENIOR, Role.SUPERVISOR):
        return None
    staffing, now = parts.playbook().staffing, parts.clock()
    midnight = datetime.combine(now.astimezone(parts.zone).date(), time(), tzinfo=parts.zone)
    there = tuple(p for p in await floor.attendance.everybody() if p.presence is not Presence.AWAY)
    online = [p for p in there if p.presence is Presence.ONLINE]
    capacity = sum(staffing.capacity[Role(p.staff.role)] for p in online)
    opens = None if staffing.calendar.is_open(now) else staffing.calendar.next_opening(now)
    return Today(await floor.queueing.store.day(midnight), there, opens, capacity)
