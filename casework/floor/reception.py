"""What customers are told while they wait: when somebody comes, honestly, or that nobody is there now."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from casework.floor.callbacks import button
from casework.floor.ports import QueueStore
from casework.floor.presence import Attendance, competing, reachable
from casework.ports import Button, Clock, Handoffs, NewHandoff, Outbound, Phrases, TurnRecord
from recovery.business_time import opening_of
from recovery.routing import Person, expected_wait
from recovery.staffing import Staffing

RECENT = timedelta(days=14)  # handlings that still say how long one takes
FRESH = timedelta(seconds=2)  # who is there is asked once for all who wait


@dataclass(frozen=True, slots=True)
class Wait:
    """What a waiting customer may know. `minutes` None: nobody can say yet. `opens`: when it opens, in words."""

    position: int | None
    minutes: int | None = None
    opens: str = ""
    anybody: bool = True


@dataclass(slots=True)
class _Seen:
    at: datetime
    people: list[Person]
    handled: list[timedelta]


@dataclass(slots=True)
class Reception:
    """The story of waiting."""

    queue: QueueStore
    handoffs: Handoffs
    attendance: Attendance
    staffing: Callable[[], Staffing]
    phrases: Phrases
    clock: Clock
    _seen: _Seen | None = field(default=None)
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)  # many ask in the same moment, as the queue moves

    async def wait_of(self, conversation_id: str) -> Wait:
        """Place and expected wait of a conversation in the queue."""
        handoff = await self.handoffs.open_one(conversation_id)
        if handoff is None:
            return Wait(None)
        now, calendar = self.clock(), self.staffing().calendar_of(handoff.team)
        team, seen = self.staffing().team(handoff.team), await self._look(now)
        position = await self.queue.place_of(conversation_id, competing(team, seen.people))
        serving = reachable(team, seen.people)
        if not serving and not calendar.is_open(now):
            return Wait(position, opens=opening_of(now, calendar), anybody=False)
        wait = expected_wait(position or 0, seen.handled, sum(p.capacity for p in serving))
        return Wait(position, int(wait.total_seconds() // 60) if wait else None, anybody=bool(serving))

    async def greet(self, record: TurnRecord) -> TurnRecord:
        """A handoff's answer, with one honest word when nobody is there to take it.

        It is part of the bot's own last message, so that no notice stands on top of a reply. Where people may be in
        danger nothing is added: they are paged at once.
        """
        if record.handoff is None or not record.replies or record.handoff.packet.get("procedures"):
            return record
        notice = await self._notice(record.handoff)
        if not notice:
            return record
        *others, last = record.replies
        handoff = replace(record.handoff, offers_call=True)
        return replace(record, replies=(*others, _with(last, notice, button(self.phrases))), handoff=handoff)

    async def _notice(self, handoff: NewHandoff) -> str:
        now, calendar = self.clock(), self.staffing().calendar_of(handoff.team)
        serving = reachable(self.staffing().team(handoff.team), (await self._look(now)).people)
        if serving:
            return ""
        if calendar.is_open(now):
            return self.phrases.plain("utter_nobody_here")
        opens = opening_of(now, calendar)
        if holiday := calendar.closed_for(now):
            return self.phrases.plain("utter_closed_holiday", holiday=holiday, opens=opens)
        return self.phrases.plain("utter_closed", opens=opens)

    async def _look(self, now: datetime) -> _Seen:
        async with self._looking:
            if self._seen is None or not now - FRESH < self._seen.at <= now:
                people = list(await self.attendance.people())
                self._seen = _Seen(now, people, list(await self.queue.handled(now - RECENT)))
            return self._seen


def _with(last: Outbound, notice: str, call: Button) -> Outbound:
    return replace(last, text=f"{last.text}\n\n{notice}", buttons=(*last.buttons, call))
