"""Who answers: one owner at a time, each change logged and told."""

import asyncio
from typing import Any

import pytest

from casework.errors import Conflict, Refused
from casework.ports import Owner, Staff
from tests.desk.conftest import Customer, DeskUnderTest, decided, handoff_of


@pytest.fixture
async def waiting(desk: DeskUnderTest, engine: Any) -> Customer:
    """A customer whom the bot has handed over."""
    customer = await desk.customer()

    async def hand_over(turn: dict[str, Any]) -> None:
        await decided(engine, handoff=handoff_of(turn["message_id"]))(turn)

    desk.engine.before_answer = hand_over
    async with customer.events() as events:
        await customer.send("a person please", "first")
        await events.next("owner", owner="queue")
    desk.engine.before_answer = None
    return customer


async def test_of_two_claims_at_once_one_wins_and_the_other_is_told_who(
    desk: DeskUnderTest, waiting: Customer, priya: Staff, sam: Staff
) -> None:
    claims = [desk.ownership.claim(waiting.conversation, staff) for staff in (priya, sam)]
    results = await asyncio.gather(*claims, return_exceptions=True)
    lost = [r for r in results if isinstance(r, Conflict)]
    won = [r for r in results if not isinstance(r, Conflict)]
    assert len(lost) == len(won) == 1
    assert str(lost[0]) == f"{won[0].agent_name} has already taken this conversation."
    texts = [m["text"] for m in await waiting.messages() if m["author"] == "system"]
    assert texts == [f"You're now talking to {won[0].agent_name.split()[0]}."]


async def test_a_claim_by_the_same_agent_twice_is_one_claim(
    desk: DeskUnderTest, waiting: Customer, priya: Staff
) -> None:
    first = await desk.ownership.claim(waiting.conversation, priya)
    assert await desk.ownership.claim(waiting.conversation, priya) == first


async def test_only_its_agent_speaks_and_the_first_reply_is_timed_once(
    desk: DeskUnderTest, waiting: Customer, priya: Staff, sam: Staff
) -> None:
    with pytest.raises(Conflict, match="nobody yet"):
        await desk.ownership.send_as_agent(waiting.conversation, priya, "Hello")
    await desk.ownership.claim(waiting.conversation, priya)
    with pytest.raises(Conflict, match="Priya Shah"):
        await desk.ownership.send_as_agent(waiting.conversation, sam, "Hello")
    first = await desk.ownership.send_as_agent(waiting.conversation, priya, "Hello", "post-1")
    handoff = await desk.store.handoffs.open_one(waiting.conversation)
    again = await desk.ownership.send_as_agent(waiting.conversation, priya, "Hello", "post-1")
    await desk.ownership.send_as_agent(waiting.conversation, priya, "How can I help?")
    after = await desk.store.handoffs.open_one(waiting.conversation)
    assert first == again
    assert handoff is not None
    assert after is not None
    assert handoff.first_reply_at == after.first_reply_at is not None
    agents = [(m["name"], m["text"]) for m in await waiting.messages() if m["author"] == "agent"]
    assert agents == [("Priya", "Hello"), ("Priya", "How can I help?")]


async def test_what_the_customer_wrote_after_the_persons_last_word_is_answered_after_the_return(
    desk: DeskUnderTest, waiting: Customer, priya: Staff
) -> None:
    await desk.ownership.claim(waiting.conversation, priya)
    await waiting.send("for Priya", "2")
    await desk.ownership.send_as_agent(waiting.conversation, priya, "Done, I give you back.")
    await waiting.send("the second parcel is missing too", "3")
    async with waiting.events(after=0) as events:
        await desk.ownership.return_to_bot(waiting.conversation, priya)
        assert await events.next(author="bot", text="You said: the second parcel is missing too")
    assert [t["text"] for t in desk.engine.asked] == ["a person please", "the second parcel is missing too"]


async def test_after_the_return_new_messages_are_the_bots_and_held_ones_stay_read(
    desk: DeskUnderTest, waiting: Customer, priya: Staff
) -> None:
    await desk.ownership.claim(waiting.conversation, priya)
    await waiting.send("for Priya", "2")
    returned = await desk.ownership.return_to_bot(waiting.conversation, priya)
    assert (returned.owner, returned.agent_id) == (Owner.BOT, None)
    async with waiting.events(after=0) as events:
        await waiting.send("for the bot", "3")
        assert await events.next(author="bot", text="You said: for the bot")
    assert [t["text"] for t in desk.engine.asked] == ["a person please", "for the bot"]
    assert "utter_returned_to_bot" in [m["text"] for m in await waiting.messages()]


async def test_three_handoffs_one_after_the_other_each_end(desk: DeskUnderTest, engine: Any, priya: Staff) -> None:
    customer = await desk.customer()

    async def hand_over(turn: dict[str, Any]) -> None:
        await decided(engine, handoff=handoff_of(turn["message_id"]))(turn)

    desk.engine.before_answer = hand_over
    for cycle in range(3):
        async with customer.events() as events:
            await events.next("owner", owner="bot")
            await customer.send("a person please", f"cycle {cycle}")
            await events.next("owner", owner="queue")
            await desk.ownership.claim(customer.conversation, priya)
            await events.next("owner", owner="agent", name="Priya")
            closed = await desk.ownership.resolve(customer.conversation, priya, "courier strike")
            assert (closed.outcome, closed.closed_at is not None) == ("resolved_by_agent", True)
    handoffs = await desk.store.handoffs.of(customer.conversation)
    assert [(h.ended_how, h.root_cause) for h in handoffs] == [("resolved", "courier strike")] * 3


async def test_a_message_after_the_resolve_opens_the_conversation_again_with_the_bot(
    desk: DeskUnderTest, waiting: Customer, priya: Staff
) -> None:
    await desk.ownership.claim(waiting.conversation, priya)
    await desk.ownership.resolve(waiting.conversation, priya, "courier strike")
    async with waiting.events() as events:
        await waiting.send("it is broken again", "9")
        await events.next(author="bot", text="You said: it is broken again")
    assert (await desk.store.conversations.get(waiting.conversation)).closed_at is None


async def test_what_the_customer_wrote_while_the_form_was_filled_in_is_read_before_it_is_resolved(
    desk: DeskUnderTest, waiting: Customer, priya: Staff
) -> None:
    await desk.ownership.claim(waiting.conversation, priya)
    seen = (await desk.store.messages.all(waiting.conversation))[-1].seq
    await waiting.send("and now the other one leaks too", "9")
    with pytest.raises(Conflict, match="just written"):
        await desk.ownership.resolve(waiting.conversation, priya, "courier strike", seen)
    assert (await desk.store.conversations.get(waiting.conversation)).agent_id == priya.id
    seen = (await desk.store.messages.all(waiting.conversation))[-1].seq
    assert (await desk.ownership.resolve(waiting.conversation, priya, "courier strike", seen)).closed_at is not None


async def test_what_came_before_a_return_without_a_word_and_was_not_read_is_the_bots(
    desk: DeskUnderTest, waiting: Customer, priya: Staff
) -> None:
    await desk.ownership.claim(waiting.conversation, priya)
    await waiting.send("this was read", "8")
    seen = (await desk.store.messages.all(waiting.conversation))[-1].seq
    await waiting.send("this was not", "9")
    async with waiting.events() as events:
        await desk.ownership.return_to_bot(waiting.conversation, priya, seen)
        await events.next(author="bot", text="You said: this was not")
    assert "You said: this was read" not in str(await waiting.messages())


async def test_a_supervisor_takes_over_from_an_agent_and_an_agent_may_not(
    desk: DeskUnderTest, waiting: Customer, priya: Staff, sam: Staff, vera: Staff
) -> None:
    await desk.ownership.claim(waiting.conversation, priya)
    with pytest.raises(Refused):
        await desk.ownership.take_over(waiting.conversation, sam)
    taken = await desk.ownership.take_over(waiting.conversation, vera)
    assert taken.agent_name == "Vera Holm"
    handoffs = await desk.store.handoffs.of(waiting.conversation)
    assert [(h.claimed_by, h.ended_how) for h in handoffs] == [("u3", None)]  # one handoff, whose clocks go on
    with pytest.raises(Conflict, match="Vera Holm"):
        await desk.ownership.return_to_bot(waiting.conversation, priya)


async def test_the_place_in_the_queue_is_right_and_moves(desk: DeskUnderTest, engine: Any, priya: Staff) -> None:
    priorities = iter([3, 1, 2])

    async def hand_over(turn: dict[str, Any]) -> None:
        handoff = {**handoff_of(turn["message_id"]), "priority": next(priorities)}
        await decided(engine, handoff=handoff)(turn)

    desk.engine.before_answer = hand_over
    customers = []
    for _ in range(3):
        customer = await desk.customer()
        async with customer.events() as events:
            await customer.send("a person please", "1")
            await events.next("owner", owner="queue")
        customers.append(customer)
    ids = [c.conversation for c in customers]
    assert [await desk.store.conversations.position(i) for i in ids] == [3, 1, 2]
    assert [h.conversation_id for h in await desk.store.handoffs.queue()] == [ids[1], ids[2], ids[0]]
    async with customers[0].events() as events:
        assert (await events.next("owner"))["position"] == 3
        await desk.ownership.claim(ids[1], priya)
        assert (await events.next("owner"))["position"] == 2


async def test_a_note_is_internal(desk: DeskUnderTest, waiting: Customer, priya: Staff) -> None:
    await desk.ownership.note(waiting.conversation, priya, "Called the courier.")
    assert [n.user_name for n in await desk.store.notes.of(waiting.conversation)] == ["Priya Shah"]
    assert "Called the courier." not in str(await waiting.messages())
