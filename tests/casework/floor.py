"""A floor to tell stories on: a real PostgreSQL, the real playbook's kind of rules, and a clock that tests turn."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from casework.engine import Answer, Question
from casework.floor.floor import Floor, FloorPorts, floor_of
from casework.intake import Intake, new_message_id
from casework.ownership import Ownership
from casework.ports import Author, Conversation, NewHandoff, Outbound, Owner, Staff, Status, TurnRecord
from recovery.business_time import always_open
from recovery.playbook import Procedure
from recovery.sla import Targets
from recovery.staffing import PLAIN, Staffing, Team
from recovery.words import Role
from store.floor.approvals import SqlApprovals
from store.floor.callbacks import SqlCallbacks
from store.floor.clocks import SqlClocks
from store.floor.paging import SqlPages
from store.floor.presence import SqlPresence
from store.floor.queueing import SqlQueue
from store.sql_store import SqlStore
from store.tables import turn_outcomes
from tests.recovery.builders import PLAYBOOK

MINUTE = timedelta(minutes=1)
MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)
TEAMS = {
    "care": Team("care", "customer care"),
    "payments": Team("payments", "payments"),
    "security": Team("security", "security", Role.SPECIALIST),
}
STAFFING = replace(
    PLAIN,
    teams=TEAMS,
    calendar=always_open(ZoneInfo("Europe/London")),
    accept_within=timedelta(seconds=45),
    unclaimed=dict.fromkeys(range(1, 6), 10 * MINUTE),
    idle=dict.fromkeys(range(1, 6), 15 * MINUTE),
    targets=dict.fromkeys(range(1, 6), Targets(10 * MINUTE, 15 * MINUTE, 60 * MINUTE)),
)


class Phrases:
    """Texts that name their response and its facts."""

    def plain(self, response: str, **facts: str) -> str:
        return " ".join([response, *facts.values()])


@dataclass
class FloorUnderTest:
    """One floor. Two of them on one database are two desks."""

    store: SqlStore
    at: datetime = MONDAY
    staffing: Staffing = STAFFING
    phrases: Phrases = field(default_factory=Phrases)
    pagers: dict[str, Any] = field(default_factory=dict)
    procedures: tuple[Procedure, ...] = ()

    def __post_init__(self) -> None:
        s, d = self.store, self.store.database
        self.ownership = Ownership(
            s.conversations,
            s.handoffs,
            s.messages,
            s.notes,
            s.ownership,
            self.phrases,
            self.now,
            lambda: self.staffing,
        )
        self.ports = FloorPorts(
            SqlPresence(d),
            SqlQueue(d),
            SqlClocks(d),
            SqlCallbacks(d),
            SqlApprovals(d),
            SqlPages(d),
            d.condition,
            lambda: replace(PLAYBOOK, staffing=self.staffing, procedures=self.procedures),
            self.pagers,
            "https://desk.example",
        )
        self.floor: Floor = floor_of(self.ports, self.ownership, self.phrases, self.now)
        held = self.floor.callbacks.held
        self.intake = Intake(s.messages, self.now, lambda _: None, held)

    def now(self) -> datetime:
        return self.at

    async def later(self, minutes: float, *there: Staff) -> None:
        """Time passes, with these people's browsers open, and the desk looks."""
        self.at += minutes * MINUTE
        for person in there:
            await self.floor.attendance.seen(person.id)
        await self.floor.look()

    async def hire(self, name: str, role: str = "agent", *teams: str, online: bool = True) -> Staff:
        first = name.split(" ")[0].lower()
        staff = Staff(f"u-{first}", f"{first}@floor.example", name, role, teams=tuple(teams))
        await self.store.users.add(staff, "no password", self.at)
        if online:
            await self.floor.attendance.choose(staff.id, "online")
        return staff

    async def waits(self, team: str = "care", priority: int = 3, frustration: int = 0, **packet: Any) -> str:
        """A customer writes, and the bot hands over."""
        opened = await self.store.conversations.open_for("web", new_message_id(), self.at, None, "Ada Moss")
        await self.hands_over(opened.id, team, priority, frustration, packet)
        return opened.id

    async def hands_over(
        self, conversation_id: str, team: str, priority: int, frustration: int, packet: dict[str, Any]
    ) -> None:
        await self.writes(conversation_id)
        async with self.store.turns.next_turn(conversation_id) as turn:
            assert turn is not None
            await turn.look_again()
            reply = Outbound(new_message_id(), Author.BOT, "a person comes", in_reply_to=turn.message.id)
            handoff = NewHandoff(turn.message.id, ("R08",), "1", team, priority, ["asked"], {}, [], packet)
            record = TurnRecord(
                Status.ANSWERED,
                replies=(reply,),
                handoff=handoff,
                frustration=frustration,
                owner=Owner.QUEUE,
                rest=Status.HELD,
            )
            await turn.finish(await self.floor.reception.greet(record), self.at)

    async def writes(self, conversation_id: str, words: str = "hello") -> None:
        await self.intake.receive(conversation_id, new_message_id(), words)

    async def says(self, staff: Staff, conversation_id: str) -> None:
        await self.ownership.send_as_agent(conversation_id, staff, "hello")

    async def queue(self) -> list[str]:
        return [h.conversation_id for h in await self.store.handoffs.queue()]

    async def offered_to(self, staff: Staff) -> str | None:
        offer = await self.ports.queue.offer_to(staff.id)
        return offer.conversation_id if offer else None

    async def conversation(self, conversation_id: str) -> Conversation:
        return await self.store.conversations.get(conversation_id)

    async def told(self, conversation_id: str) -> list[str]:
        """What the system told the customer."""
        return [m.text for m in await self.store.messages.all(conversation_id) if m.author is Author.SYSTEM]

    async def alerts(self) -> list[str]:
        return [a.kind for a in reversed(await self.store.alerts.open_ones())]


@dataclass(frozen=True)
class HandsOver:
    """An engine whose action hands over whatever it is told."""

    floor: FloorUnderTest

    async def turn(self, question: Question) -> Answer:
        evidence = [{"kind": "message", "id": question.message_id}]
        rationale = [{"text": "A person was asked for.", "evidence": evidence}]
        handoff = {"rules": ["R08"], "team": "care", "priority": 3, "rationale": rationale}
        outcome = {"handoff": handoff, "outcome": "handed_over"}
        row = {"message_id": question.message_id, "conversation_id": question.conversation, "outcome": outcome}
        async with self.floor.store.database.begin() as connection:
            await connection.execute(insert(turn_outcomes).values(**row, at=self.floor.at))
        return Answer({}, [])

    async def ping(self) -> None:
        """It is there."""


def floor_on(engine: AsyncEngine) -> FloorUnderTest:
    return FloorUnderTest(SqlStore(engine))
