"""The queue: its order and why, whom it is offered to, and what happens when nobody comes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from casework.errors import Conflict, Refused
from casework.floor.looking_after import LookingAfter
from casework.floor.ports import Answer, QueueStore, Waiting
from casework.floor.presence import Attendance, person_of, reachable
from casework.one_by_one import one_by_one
from casework.ownership import Ownership
from casework.ports import Clock, Conversation, NewAlert, Staff
from recovery.owners import Move
from recovery.priority import Facts, Priority, priority_of
from recovery.routing import Person, best_for, high_enough, next_tier
from recovery.sla import tightest
from recovery.staffing import Staffing
from recovery.words import FrustrationLevel, Role, Severity, Tier

_SEVERITIES = {s.word: s for s in Severity}
log = structlog.get_logger("floor")


@dataclass(frozen=True, slots=True)
class Queueing:
    """One look at the floor; each step is safe to repeat, and safe beside another desk that does the same."""

    store: QueueStore
    attendance: Attendance
    ownership: Ownership
    looking_after: LookingAfter
    staffing: Callable[[], Staffing]
    clock: Clock

    async def look(self) -> None:
        """Order, escalate, offer."""
        await self.store.end_offers(self.clock())
        everybody = await self.attendance.everybody()
        await self.looking_after.look(everybody)
        waiting = await self._ordered(await self.store.waiting())
        await one_by_one(waiting, self._escalate, lambda entry: entry.handoff_id)
        await self._offer(waiting, [person_of(p, self.staffing()) for p in everybody])

    async def claim(self, staff: Staff, conversation_id: str) -> Conversation:
        """Pick it from the queue. Raises Conflict; Refused where it needs a higher tier of whom somebody is there."""
        handoff = await self.ownership.handoffs.open_one(conversation_id)
        if handoff is not None and not handoff.packet.get("procedures"):  # danger waits for no tier
            await self._must_stand_high_enough(staff, handoff.team)
        return await self.ownership.claim(conversation_id, staff)

    async def _must_stand_high_enough(self, staff: Staff, team_id: str) -> None:
        team = self.staffing().team(team_id)
        if high_enough(Role(staff.role), team.tier):
            return
        if reachable(team, await self.attendance.people()):
            raise Refused(f"The {team.name} team takes this: it needs a {team.tier} or above, and one is online.")

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
        found = [(entry, priority_of(_facts(entry, staffing, now), staffing.weights)) for entry in waiting]
        for entry, priority in found:
            if entry.tier is None or entry.score != priority.score:
                tier = entry.tier or staffing.team(entry.team).tier
                await self.store.place(entry.handoff_id, tier, priority)
        ordered = [e for e, _ in sorted(found, key=_order)]
        if ordered != list(waiting) or any(e.tier is None for e in waiting):
            await self.store.moved()
        return ordered

    async def _escalate(self, entry: Waiting) -> None:
        """Nobody came within the threshold: the next tier is asked, and the highest again."""
        staffing = self.staffing()
        team = staffing.team(entry.team)
        tier = Role(entry.tier or team.tier)
        limit, calendar = staffing.unclaimed_of(entry.priority), staffing.calendar_of(entry.team)
        if calendar.open_between(entry.tier_since, self.clock()) < limit:
            return
        then, asked = next_tier(tier), "asked again" if next_tier(tier) is tier else "asked"
        text = f"Nobody has claimed a conversation of the {team.name} team: the {then}s are {asked} now."
        alert = NewAlert("unclaimed", text)
        await self.store.raise_tier(entry.handoff_id, entry.tier_since, then, alert, self.clock())

    async def _offer(self, waiting: Sequence[Waiting], people: Sequence[Person]) -> None:
        """The most urgent first, each to the best person who is free and was not asked yet."""
        now, staffing = self.clock(), self.staffing()
        free = list(people)
        for entry in waiting:
            tier = Role(entry.tier or staffing.team(entry.team).tier)
            best = None if entry.offered else best_for(entry.team, tier, free, entry.asked)
            if best and await self.store.offer(entry.handoff_id, best, now, now + staffing.accept_within):
                free.remove(best)


def _facts(entry: Waiting, staffing: Staffing, now: datetime) -> Facts:
    """A packet that cannot be read costs its own entry some points, and nobody else their place."""
    try:
        return facts_of(entry, staffing, now)
    except Exception:
        log.exception("queue_entry_broke", handoff=entry.handoff_id)
        return facts_of(replace(entry, packet={}, inputs={}), staffing, now)


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


def _order(found: tuple[Waiting, Priority]) -> tuple[int, int, datetime, int]:
    entry, priority = found
    return -priority.score, entry.priority, entry.queued_at, entry.handoff_id
