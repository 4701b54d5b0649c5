"""The state machine of owners, driven at random against a real PostgreSQL: whatever is tried, in whatever order, a
conversation has one owner, its log is one unbroken chain, and every message stands on the right side of each move."""

import asyncio
from collections.abc import Awaitable
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.ext.asyncio import create_async_engine

from casework.errors import Conflict, Refused
from casework.intake import Intake, new_message_id
from casework.ownership import Ownership
from casework.ports import Author, NewHandoff, Outbound, Owner, Staff, Status, TurnRecord
from recovery.owners import Move, State, leads
from store.sql_store import SqlStore

ASHA = Staff("machine-asha", "asha@machine.example", "Asha Verma", "agent")
BEN = Staff("machine-ben", "ben@machine.example", "Ben Archer", "agent")
VERA = Staff("machine-vera", "vera@machine.example", "Vera Holm", "supervisor")
PEOPLE = st.sampled_from([ASHA, BEN, VERA])
AGENTS = st.sampled_from([ASHA, BEN])


def now() -> datetime:
    return datetime.now(UTC)


class Phrases:
    def plain(self, response: str, **facts: str) -> str:
        return response


class Machine(RuleBasedStateMachine):
    """One conversation, and everybody who may touch it. `state` and `agent` are what must be so."""

    url: ClassVar[str]
    loop: ClassVar[asyncio.Runner]
    store: ClassVar[SqlStore]

    def run(self, story: Awaitable[Any]) -> Any:
        async def told() -> Any:
            return await story

        return self.loop.run(told())

    @initialize()
    def open(self) -> None:
        s = self.store
        self.ownership = Ownership(s.conversations, s.handoffs, s.messages, s.notes, s.ownership, Phrases(), now)
        self.intake = Intake(s.messages, now, lambda _: None)
        self.conversation = self.run(s.conversations.open_for("web", new_message_id(), now())).id
        self.state, self.agent = State.BOT, ""
        self.moves: list[Move] = []

    def moved(self, move: Move, became: State, agent: str = "") -> None:
        assert leads(move, self.state, became)
        self.state, self.agent = became, agent
        self.moves.append(move)

    def refused(self, story: Awaitable[Any]) -> None:
        with pytest.raises((Conflict, Refused)):
            self.run(story)

    @rule()
    def customer_writes(self) -> None:
        received = self.run(self.intake.receive(self.conversation, new_message_id(), "hello"))
        if self.state is State.CLOSED:
            self.moved(Move.REOPENED, State.RETURNED)
        bots = self.state in (State.BOT, State.RETURNED)
        assert received.status is (Status.RECEIVED if bots else Status.HELD)

    @rule(hand_over=st.booleans())
    def bot_answers(self, hand_over: bool) -> None:
        waits = self.run(self.take_turn(hand_over))
        if waits and hand_over:
            self.moved(Move.HANDED_OVER, State.QUEUED)

    async def take_turn(self, hand_over: bool) -> bool:
        async with self.store.turns.next_turn(self.conversation) as turn:
            if turn is None:
                return False
            assert (await turn.look_again()).owner is Owner.BOT
            reply = Outbound(new_message_id(), Author.BOT, "bot")
            handoff = NewHandoff(turn.message.id, ("R08",), "1", "care", 3, [], {}, [], {})
            record = TurnRecord(Status.ANSWERED, replies=(reply,))
            if hand_over:
                record = TurnRecord(
                    Status.ANSWERED, replies=(reply,), handoff=handoff, owner=Owner.QUEUE, rest=Status.HELD
                )
            await turn.finish(record, now())
            return True

    @rule(who=PEOPLE)
    def claim(self, who: Staff) -> None:
        story = self.ownership.claim(self.conversation, who)
        if self.state is State.QUEUED:
            self.run(story)
            self.moved(Move.CLAIMED, State.OWNED, who.id)
        elif self.agent == who.id:
            self.run(story)
        else:
            self.refused(story)

    @precondition(lambda self: self.state is State.QUEUED)
    @rule()
    def two_claim_at_once(self) -> None:
        async def both() -> list[Any]:
            claims = (self.ownership.claim(self.conversation, who) for who in (ASHA, BEN))
            return await asyncio.gather(*claims, return_exceptions=True)

        won = [r for r in self.run(both()) if not isinstance(r, Conflict)]
        assert len(won) == 1
        self.moved(Move.CLAIMED, State.OWNED, won[0].agent_id)

    @rule()
    def supervisor_takes_over(self) -> None:
        story = self.ownership.take_over(self.conversation, VERA)
        if self.state is State.CLOSED:
            self.refused(story)
            return
        self.run(story)
        if self.agent != VERA.id:
            self.moved(Move.TAKEN_OVER, State.OWNED, VERA.id)

    @rule(who=AGENTS)
    def agent_takes_over(self, who: Staff) -> None:
        self.refused(self.ownership.take_over(self.conversation, who))

    def may_pass_on(self, who: Staff) -> bool:
        return self.state is State.QUEUED or (self.state is State.OWNED and (self.agent == who.id or who is VERA))

    @rule(who=PEOPLE)
    def transfer_to_the_same_team(self, who: Staff) -> None:
        story = self.ownership.transfer_to_team(self.conversation, who, "care", "please look at this")
        if not self.may_pass_on(who):
            self.refused(story)
            return
        self.run(story)
        if self.state is State.OWNED:
            self.moved(Move.TRANSFERRED, State.QUEUED)

    @rule(who=PEOPLE, to=AGENTS)
    def transfer_to_a_person(self, who: Staff, to: Staff) -> None:
        story = self.ownership.transfer_to_person(self.conversation, who, to, "yours")
        if self.agent == to.id:
            self.run(story)
        elif self.may_pass_on(who):
            self.run(story)
            self.moved(Move.TRANSFERRED, State.OWNED, to.id)
        else:
            self.refused(story)

    @precondition(lambda self: self.state is State.OWNED)
    @rule()
    def agent_is_gone(self) -> None:
        self.run(self.ownership.release(self.conversation, self.agent, "care", "specialist"))
        self.moved(Move.RELEASED, State.QUEUED)

    @rule(who=PEOPLE, close=st.booleans())
    def give_back_or_resolve(self, who: Staff, close: bool) -> None:
        does = self.ownership.resolve(self.conversation, who, "cause") if close else None
        story = does or self.ownership.return_to_bot(self.conversation, who)
        if self.state is State.OWNED and (self.agent == who.id or who is VERA):
            self.run(story)
            self.moved(Move.RESOLVED if close else Move.GIVEN_BACK, State.CLOSED if close else State.RETURNED)
        else:
            self.refused(story)

    @rule(who=PEOPLE)
    def agent_speaks(self, who: Staff) -> None:
        story = self.ownership.send_as_agent(self.conversation, who, "hello from a person")
        if self.agent == who.id:
            self.run(story)
        else:
            self.refused(story)

    @invariant()
    def one_owner_and_one_unbroken_log(self) -> None:
        if not hasattr(self, "conversation"):
            return
        kept, log, handoffs = self.run(self.look())
        assert (kept.state, kept.agent_id or "") == (self.state, self.agent)
        assert [t.move for t in log] == self.moves[-100:]
        assert all(leads(t.move, t.was, t.became) for t in log)
        assert all(a.became is b.was for a, b in pairwise(log))
        still_open = [h for h in handoffs if h.ended_at is None]
        assert len(still_open) == (self.state in (State.QUEUED, State.OWNED))
        assert all((h.claimed_by or "") == self.agent for h in still_open)

    async def look(self) -> tuple[Any, Any, Any]:
        s, c = self.store, self.conversation
        return await s.conversations.get(c), await s.ownership.transitions(c), await s.handoffs.of(c)


def test_whatever_is_tried_a_conversation_has_one_owner_and_an_unbroken_log(migrated_url: str) -> None:
    with asyncio.Runner() as loop:
        engine = create_async_engine(migrated_url)
        Machine.loop, Machine.store = loop, SqlStore(engine)

        async def hire() -> None:
            for person in (ASHA, BEN, VERA):
                if await Machine.store.users.by_email(person.email) is None:
                    await Machine.store.users.add(person, "no password", now())

        loop.run(hire())
        quick = settings(
            max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        )
        run_state_machine_as_test(Machine, settings=quick)
        loop.run(engine.dispose())
