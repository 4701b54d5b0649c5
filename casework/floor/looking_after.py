"""Conversations in hand: the customer hears when their person is away, and what lies idle is passed on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from casework.floor.ports import AtWork, InHand, Presence, QueueStore
from casework.intake import new_message_id
from casework.one_by_one import one_by_one
from casework.ownership import Ownership
from casework.ports import Author, Clock, NewAlert, Outbound, Phrases
from recovery.business_time import opening_of
from recovery.routing import next_tier
from recovery.sla import ClockKind
from recovery.staffing import Staffing
from recovery.words import Role


@dataclass(slots=True)
class LookingAfter:
    """One look at what is in hand; safe to repeat, and safe beside another desk that does the same."""

    store: QueueStore
    ownership: Ownership
    staffing: Callable[[], Staffing]
    phrases: Phrases
    clock: Clock
    _hearing_since: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.hears_again()

    def hears_again(self) -> None:
        """The desk or its database was away: whoever was silent meanwhile could not be heard."""
        self._hearing_since = self.clock()

    async def look(self, everybody: Sequence[AtWork]) -> None:
        """Tell who is away, and do something for whoever waits too long."""
        by_id = {each.staff.id: each for each in everybody}

        async def step(entry: InHand) -> None:
            gone = self._gone(by_id.get(entry.agent_id))
            await self._tell_presence(entry, gone)
            await self._idle(entry, gone)

        await one_by_one(await self.store.in_hand(), step, lambda entry: entry.handoff_id)

    def _gone(self, agent: AtWork | None) -> bool:
        """Somebody who chose to be away, or whose browser is silent although it could have been heard."""
        if agent is None or agent.chosen is Presence.AWAY:
            return True
        lapsed = agent.chosen is not None and agent.presence is Presence.AWAY
        return lapsed and self.clock() - self._hearing_since >= self.staffing().gone_after

    async def _tell_presence(self, entry: InHand, gone: bool) -> None:
        if gone and (text := self._away(entry)):
            message = Outbound(new_message_id(), Author.SYSTEM, text)
            await self.store.tell_away(entry, message, self.clock())
        elif entry.away_told_at and not gone:
            await self.store.back(entry.handoff_id)

    def _away(self, entry: InHand) -> str:
        """What to say, or nothing. Whoever still waits after closing hears when it goes on, "a moment" or not."""
        first_name, now, told_at = entry.agent_name.split(" ")[0], self.clock(), entry.away_told_at
        calendar = self.staffing().calendar_of(entry.team)
        if calendar.is_open(now):
            return "" if told_at else self.phrases.plain("utter_agent_away", agent=first_name)
        told_while_open = told_at is not None and calendar.open_between(told_at, now) > timedelta()
        if told_at is None or (told_while_open and idle_since(entry) is not None):
            opens = opening_of(now, calendar)
            return self.phrases.plain("utter_agent_away_closed", agent=first_name, opens=opens)
        return ""

    async def _idle(self, entry: InHand, gone: bool) -> None:
        """The customer waits too long for somebody who has the conversation."""
        since, staffing = idle_since(entry), self.staffing()
        if since is None:
            return
        idle = staffing.calendar_of(entry.team).open_between(since, self.clock())
        if idle < staffing.idle_of(entry.priority):
            return
        team = staffing.team(entry.team)
        then = next_tier(Role(entry.tier or team.tier))
        text = f"{entry.agent_name} has not answered a customer of the {team.name} team for too long."
        alert = NewAlert("idle", text)
        raised = await self.store.raise_tier(entry.handoff_id, entry.tier_since, then, alert, self.clock())
        if raised and gone:
            await self.ownership.release(entry.conversation_id, entry.agent_id, entry.team, then)


def idle_since(entry: InHand) -> datetime | None:
    """Since when the customer waits for this person's answer, or for the tier that was asked last."""
    waits = [c for c in entry.clocks if c.kind is not ClockKind.RESOLUTION and c.stopped_at is None]
    if not waits:
        return None
    return max(entry.claimed_at, entry.tier_since, max(c.started_at for c in waits))
