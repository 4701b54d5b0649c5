"""Who has waited long, or has nobody left to wait for, may be called instead of waiting: offered once in a wait."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from casework.floor.callbacks import CallbackStore, Uncalled, button
from casework.floor.presence import Attendance, reachable
from casework.intake import new_message_id
from casework.one_by_one import one_by_one
from casework.ports import Author, Clock, Outbound, Phrases
from recovery.business_time import opening_of
from recovery.staffing import Staffing

SURE = timedelta(seconds=10)  # a page that is loaded again, or a desk that has just started, is nobody leaving


@dataclass(frozen=True, slots=True)
class OfferingCalls:
    """One look at those who wait; safe to repeat, and safe beside another desk that does the same."""

    store: CallbackStore
    attendance: Attendance
    staffing: Callable[[], Staffing]
    phrases: Phrases
    clock: Clock
    _empty_since: dict[str, datetime] = field(default_factory=dict)  # by team, as this desk has seen it

    async def look(self) -> None:
        """Offer what is due."""
        waiting = await self.store.not_offered()
        people = await self.attendance.people() if waiting else ()
        teams = {entry.team: self.staffing().team(entry.team) for entry in waiting}
        self._see({name for name, team in teams.items() if not reachable(team, people)})
        await one_by_one(waiting, self._offer, lambda entry: entry.handoff_id)

    async def _offer(self, entry: Uncalled) -> None:
        if text := self._due(entry):
            offer = Outbound(new_message_id(), Author.SYSTEM, text, buttons=(button(self.phrases),))
            await self.store.offer(entry.handoff_id, entry.conversation_id, offer, self.clock())

    def _see(self, empty: set[str]) -> None:
        for team in [t for t in self._empty_since if t not in empty]:
            del self._empty_since[team]
        for team in empty:
            self._empty_since.setdefault(team, self.clock())

    def _due(self, entry: Uncalled) -> str:
        """What to say, or nothing. Where people may be in danger, somebody is paged whoever has left."""
        staffing, now = self.staffing(), self.clock()
        calendar = staffing.calendar_of(entry.team)
        left = self._empty_since.get(entry.team)
        if left is not None and now - left >= SURE and not entry.danger:
            opens = "" if calendar.is_open(now) else opening_of(now, calendar)
            if opens:
                return self.phrases.plain("utter_closed_meanwhile", opens=opens)
            return self.phrases.plain("utter_everybody_left")
        if calendar.open_between(entry.since, now) >= staffing.unclaimed_of(entry.priority):
            return self.phrases.plain("utter_still_waiting")
        return ""
