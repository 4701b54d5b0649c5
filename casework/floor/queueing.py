"""The queue: its order and why, whom it is offered to, and what happens when nobody comes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.errors import Conflict
from casework.floor.ports import Answer, AtWork, InHand, Presence, QueueStore, Waiting
from casework.floor.presence import Attendance, person_of
from casework.intake import new_message_id
from casework.ownership import Ownership
from casework.ports import Author, Clock, Conversation, NewAlert, Outbound, Phrases, Staff
from recovery.owners import Move
from recovery.priority import Facts, Priority, priority_of
from recovery.routing import Person, best_for, next_tier
from recovery.sla import ClockKind, tightest
from recovery.staffing import Staffing
from recovery.words import FrustrationLevel, Role, Severity, Tier

_SEVERITIES = {s.word: s for s in Severity}


@dataclass(frozen=True, slots=True)
class Queueing:
    """One look at the floor; each step is safe to repeat, and safe beside another desk that does the same."""

    store: QueueStore
    attendance: Attendance
    ownership: Ownership
    staffing: Callable[[], Staffing]
    phrases: Phrases
    clock: Clock

    async def look(self) -> None:
        """Order, escalate, offer."""
        await self.store.end_offers(self.clock())
        everybody = await self.attendance.everybody()
        await self._look_after(await self.store.in_hand(), everybody)
        waiting = await self._ordered(await self.store.waiting())
        for entry in waiting:
            await self._escalate(entry)
        await self._offer(waiting, [person_of(p, self.staffing()) for p in everybody])

    async def accept(self, staff: Staff, offer_id: int) -> Conversation:
        """Take what was offered. Raises Conflict when it has passed on, or one's hands are full."""
        offer = await self.store.offer_to(staff.id)
        if offer is None or offer.id != offer_id:
            raise Conflict("This offer has passed on. Look at the queue for who waits now.")
        if any(p.id == staff.id and p.in_hand >= p.capacity for p in await self.attendance.people()):
            await self.store.answer(offer_id, staff.id, Answer.WITHDRAWN, self.clock())
            raise Conflict("You have as many conversations as one person takes. Somebody else is asked.")
        taken = await self.ownership.claim(offer.conversation_id, staff, Move.ACCEPTED)
        await self.store.answer(offer_id, staff.id, Answer.ACCEPTED, self.clock())
        return taken

    async def decline(self, staff: Staff, offer_id: int) -> None:
        """Leave it to the next person."""
        await self.store.answer(offer_id, staff.id, Answer.DECLINED, self.clock())

    async def _ordered(self, waiting: Sequence[Waiting]) -> list[Waiting]:
        """The order by today's reasons; what has changed is written down, and told when somebody moved."""
        now, staffing = self.clock(), self.staffing()
        found = [(entry, priority_of(facts_of(entry, staffing, now), staffing.weights)) for entry in waiting]
        for entry, priority in found:
            if entry.tier is None or entry.score != priority.score:
                tier = entry.tier or staffing.team(entry.team).tier
                await self.store.place(entry.handoff_id, tier, priority)
        ordered = [e for e, _ in sorted(found, key=_order)]
        if ordered != list(waiting) or any(e.tier is None for e in waiting):
            await self.store.moved()
        return ordered

    async def _escalate(self, entry: Waiting) -> None:
        """Nobody came within the threshold: the next tier is asked."""
        staffing = self.staffing()
        tier = Role(entry.tier or staffing.team(entry.team).tier)
        limit, calendar = staffing.unclaimed_of(entry.priority), staffing.calendar_of(entry.team)
        if calendar.open_between(entry.tier_since, self.clock()) < limit or next_tier(tier) is tier:
            return
        text = f"Nobody has claimed a conversation of the {entry.team} team: the {next_tier(tier)}s are asked now."
        await self._raise(entry, tier, text, "unclaimed")

    async def _look_after(self, entries: Sequence[InHand], everybody: Sequence[AtWork]) -> None:
        by_id = {each.staff.id: each for each in everybody}
        for entry in entries:
            agent = by_id.get(entry.agent_id)
            gone = agent is None or (agent.chosen is not None and agent.presence is Presence.AWAY)
            await self._tell_presence(entry, gone)
            await self._idle(entry, gone)

    async def _tell_presence(self, entry: InHand, gone: bool) -> None:
        if gone and not entry.away_told:
            first_name = entry.agent_name.split(" ")[0]
            text = self.phrases.plain("utter_agent_away", agent=first_name)
            message = Outbound(new_message_id(), Author.SYSTEM, text)
            await self.store.tell_away(entry.handoff_id, entry.conversation_id, message, self.clock())
        elif entry.away_told and not gone:
            await self.store.back(entry.handoff_id)

    async def _idle(self, entry: InHand, gone: bool) -> None:
        """The customer waits too long for somebody who has the conversation."""
        since, staffing = idle_since(entry), self.staffing()
        if since is None:
            return
        idle = staffing.calendar_of(entry.team).open_between(since, self.clock())
        if idle < staffing.idle[_bounded(entry.priority)]:
            return
        tier = Role(entry.tier or staffing.team(entry.team).tier)
        text = f"{entry.agent_name} has not answered a customer of the {entry.team} team for too long."
        raised = await self._raise(entry, tier, text, "idle")
        if raised and gone:
            await self.ownership.release(entry.conversation_id, entry.agent_id, entry.team, next_tier(tier))

    async def _raise(self, entry: Waiting | InHand, tier: Role, text: str, kind: str) -> bool:
        alert = NewAlert(kind, text)
        return await self.store.raise_tier(entry.handoff_id, entry.tier_since, next_tier(tier), alert, self.clock())

    async def _offer(self, waiting: Sequence[Waiting], people: Sequence[Person]) -> None:
        """The most urgent first, each to the best person who is free and was not asked yet."""
        now, staffing = self.clock(), self.staffing()
        free = list(people)
        for entry in waiting:
            tier = Role(entry.tier or staffing.team(entry.team).tier)
            best = None if entry.offered else best_for(entry.team, tier, free, entry.asked)
            if best and await self.store.offer(entry.handoff_id, best, now, now + staffing.accept_within):
                free.remove(best)


def facts_of(entry: Waiting, staffing: Staffing, now: datetime) -> Facts:
    """What the queue's order rests on, from the handoff's packet as it was written."""
    packet, calendar = entry.packet, staffing.calendar_of(entry.team)
    severities = [
        _SEVERITIES[p["severity"]] for p in packet.get("problems") or () if p.get("severity") in _SEVERITIES
    ]
    pressing = tightest(entry.clocks, now, calendar)
    return Facts(
        rule_priority=entry.priority,
        severity=max(severities, default=None),
        frustration=FrustrationLevel(min(max(entry.frustration, 0), 3)),
        tier=Tier(packet["tier"]) if packet.get("tier") in list(Tier) else None,
        vulnerable=bool(packet.get("vulnerable") or entry.inputs.get("vulnerable")),
        waited=max(now - entry.queued_at, timedelta()),
        sla=pressing.standing(now, calendar) if pressing else None,
    )


def idle_since(entry: InHand) -> datetime | None:
    """Since when the customer waits for this person's answer, or for the tier that was asked last."""
    waits = [c for c in entry.clocks if c.kind is not ClockKind.RESOLUTION and c.stopped_at is None]
    if not waits:
        return None
    return max(entry.claimed_at, entry.tier_since, max(c.started_at for c in waits))


def _order(found: tuple[Waiting, Priority]) -> tuple[int, int, datetime, int]:
    entry, priority = found
    return -priority.score, entry.priority, entry.queued_at, entry.handoff_id


def _bounded(priority: int) -> int:
    return min(max(priority, 1), 5)
