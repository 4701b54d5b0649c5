"""Turns over faults: slow, stumbling and dying engines, and two desks on one database."""

import asyncio
import time
from datetime import timedelta
from typing import Any

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from casework.ports import Staff, Status
from casework.turns import Took
from desk import retries
from tests.desk.conftest import Customer, DeskUnderTest, EngineDouble, decided, handoff_of, running_desk


async def rows(engine: AsyncEngine, query: str) -> list[Any]:
    async with engine.connect() as connection:
        return list(await connection.execute(text(query)))


async def _finished(desk: DeskUnderTest, took: Took) -> None:
    """Wait for a turn that ends so."""
    metrics, ended = desk.app.state.desk.metrics, asyncio.Event()
    count = metrics.turn

    def counted(result: Took, seconds: float) -> None:
        count(result, seconds)
        if result is took:
            ended.set()

    metrics.turn = counted
    async with asyncio.timeout(8):
        await ended.wait()


async def test_messages_are_answered_in_order_one_at_a_time(desk: DeskUnderTest) -> None:
    customer = await desk.customer()
    desk.engine.may_answer.clear()
    for i in range(5):
        await customer.send(f"message {i}", f"{i}")
    desk.engine.may_answer.set()
    async with customer.events() as events:
        replies = [(await events.next(author="bot"))["text"] for _ in range(5)]
    assert replies == [f"You said: message {i}" for i in range(5)]
    assert [turn["text"] for turn in desk.engine.asked] == [f"message {i}" for i in range(5)]


async def test_several_replies_keep_their_order_and_the_engines_ids(desk: DeskUnderTest) -> None:
    desk.engine.say = lambda turn: [
        {"text": f"{n}", "metadata": {"id": f"reply-{n}", "tone": "calm"}} for n in range(4)
    ]
    customer = await desk.customer()
    async with customer.events() as events:
        await customer.send("hello", "1")
        replies = [await events.next(author="bot") for _ in range(4)]
    assert [(r["seq"], r["id"]) for r in replies] == [(2, "reply-0"), (3, "reply-1"), (4, "reply-2"), (5, "reply-3")]


async def test_a_short_stumble_is_ridden_out_with_the_same_message_id(desk: DeskUnderTest) -> None:
    desk.engine.stumbles = [503, 0, 500]
    customer = await desk.customer()
    async with customer.events() as events:
        await customer.send("hello", "1")
        assert (await events.next(author="bot"))["text"] == "You said: hello"
    assert len({turn["message_id"] for turn in desk.engine.asked}) == 1


async def test_an_engine_that_dies_after_taking_the_turn_answers_it_once(desk: DeskUnderTest) -> None:
    desk.engine.drops_after = [True]
    customer = await desk.customer()
    async with customer.events() as events:
        await customer.send("hello", "1")
        await events.next(author="bot")
    assert [m["author"] for m in await customer.messages()] == ["customer", "bot"]
    assert len(desk.engine.answers) == 1


async def test_a_dead_engine_is_told_truly_once_within_five_seconds_and_recovers_in_order(
    desk: DeskUnderTest, engine: AsyncEngine
) -> None:
    customer = await desk.customer()
    desk.engine.stumbles = [0] * 8
    async with customer.events() as events:
        started = time.monotonic()
        await customer.send("first", "1")
        told = await events.next(author="system")
        assert time.monotonic() - started < 5
        assert told["text"] == "utter_engine_down"
        assert (await events.next("owner", owner="queue"))["position"] == 1
        await customer.send("second", "2")
        replies = [(await events.next(author="bot", within=20))["text"] for _ in range(2)]
        assert replies == ["You said: first", "You said: second"]
        owners = [data["owner"] for kind, data in events.skipped if kind == "owner"]
        assert owners[-1] == "bot" or await events.next("owner", owner="bot")
    assert [m["author"] for m in await customer.messages()].count("system") == 1
    handoffs = await rows(engine, "select rules, rationale, ended_how from redress.handoffs")
    assert [(h.rules, h.ended_how) for h in handoffs] == [(["R90-engine-down"], "returned")]
    first = (await customer.messages())[0]["id"]
    assert handoffs[0].rationale[0]["evidence"] == [{"kind": "message", "id": first}]
    assert len(await rows(engine, "select 1 from redress.alerts where kind = 'engine_down'")) == 1


async def test_a_slow_engine_is_told_truly_in_time_and_its_answer_is_not_lost(desk: DeskUnderTest) -> None:
    customer = await desk.customer()
    desk.engine.may_answer.clear()
    async with customer.events() as events:
        started = time.monotonic()
        await customer.send("hello", "1")
        assert await events.next("typing") == {"who": "bot", "on": True}
        await events.next(author="system")
        assert time.monotonic() - started < 5
        desk.engine.may_answer.set()
        assert (await events.next(author="bot", within=15))["text"] == "You said: hello"


async def told(customer: Customer) -> None:
    """Write, and hear that the engine is down."""
    async with customer.events() as events:
        await customer.send("hello", "1")
        await events.next(author="system", within=30)  # how soon is another test's matter: here are two dozen of them


PAGED = "select 1 from redress.alerts where procedure = 'assistant_out_of_order'"


async def test_of_an_outage_that_two_desks_meet_all_hear_the_truth_and_one_page_goes_out(
    desk: DeskUnderTest, migrated_url: str, engine_double: EngineDouble, engine: AsyncEngine
) -> None:
    async with running_desk(migrated_url, engine_double) as other:
        customers = [await one.customer() for one in (desk, other) for _ in range(12)]
        engine_double.may_answer.clear()
        await asyncio.gather(*(told(customer) for customer in customers))
    assert len(await rows(engine, PAGED)) == 1


async def test_an_action_that_fails_is_no_answer(desk: DeskUnderTest) -> None:
    customer = await desk.customer()
    desk.engine.failed = "action_recover: the CRM is down"
    async with customer.events() as events:
        await customer.send("hello", "1")
        assert (await events.next(author="system"))["text"] == "utter_engine_down"
        desk.engine.failed = False
        assert (await events.next(author="bot", within=15))["text"] == "You said: hello"


async def test_who_claims_during_an_outage_keeps_the_conversation(desk: DeskUnderTest, priya: Staff) -> None:
    customer = await desk.customer()
    desk.engine.stumbles = [0] * 7
    async with customer.events() as events:
        await customer.send("hello", "1")
        await events.next(author="system")
        await desk.ownership.claim(customer.conversation, priya)
        await desk.ownership.send_as_agent(customer.conversation, priya, "I am here.")
        await events.next(author="agent")
    desk.engine.stumbles.clear()
    await asyncio.sleep(1.5)  # longer than the sweep: nothing may happen
    stored = await desk.store.messages.all(customer.conversation)
    assert [m.author for m in stored] == ["customer", "system", "system", "agent"]
    assert stored[0].status is Status.HELD


async def test_an_agent_who_takes_over_while_a_reply_is_written_silences_it(desk: DeskUnderTest, vera: Staff) -> None:
    customer = await desk.customer()
    desk.engine.may_answer.clear()
    withheld = asyncio.create_task(_finished(desk, Took.WITHHELD))
    async with customer.events() as events:
        await customer.send("hello", "1")
        await desk.engine.asked_now.wait()
        await desk.ownership.take_over(customer.conversation, vera)
        assert (await events.next(author="system"))["text"] == "You're now talking to Vera."
        desk.engine.may_answer.set()
        await desk.ownership.send_as_agent(customer.conversation, vera, "Hello, Vera here.")
        await events.next(author="agent")
    await withheld
    stored = await desk.store.messages.all(customer.conversation)
    bots = [m for m in stored if m.author == "bot"]
    assert [m.status for m in bots] == [Status.WITHHELD]
    assert stored[0].status is Status.HELD
    assert "bot" not in [m["author"] for m in await customer.messages()]


async def test_a_handoff_is_written_whole_and_the_messages_behind_it_wait_for_a_person(
    desk: DeskUnderTest, engine: AsyncEngine
) -> None:
    async def hand_over(turn: dict[str, Any]) -> None:
        await decided(
            engine,
            decision={
                "step": "hand_over",
                "case_id": "c1",
                "rules": ["R01-person-asked"],
                "playbook_version": "v1",
                "inputs": {"asked": True},
                "reasons": [],
            },
            steps=[{"case_id": "c1", "step": "listen", "message_id": f"bot-{turn['message_id']}"}],
            handoff=handoff_of(turn["message_id"]),
            frustration={"level": 2, "score": 2.1},
            challenges=["late_delivery"],
            outcome="handed_over",
            survey={"case_id": "c1", "asked": True, "rating": None, "comment": None},
        )(turn)

    desk.engine.before_answer = hand_over
    desk.engine.say = lambda turn: [{"text": "A person takes over.", "metadata": {"id": f"bot-{turn['message_id']}"}}]
    customer = await desk.customer()
    desk.engine.may_answer.clear()
    await customer.send("a person please", "1")
    await customer.send("now", "2")
    desk.engine.may_answer.set()
    async with customer.events() as events:
        assert (await events.next("owner", owner="queue"))["position"] == 1
    stored = await desk.store.messages.all(customer.conversation)
    assert [(m.author, m.status) for m in stored][:2] == [("customer", "answered"), ("customer", "held")]
    assert len(desk.engine.asked) == 1
    kept = await desk.store.conversations.get(customer.conversation)
    assert (kept.frustration, kept.challenges, kept.outcome, kept.handed_over) == (
        2,
        ("late_delivery",),
        "handed_over",
        True,
    )
    for table in ("decisions", "recovery_steps", "handoffs", "surveys", "nlu_results", "alerts"):
        assert len(await rows(engine, f"select 1 from redress.{table}")) == 1, table  # noqa: S608 - our own names


async def test_two_desks_on_one_database_never_answer_twice(migrated_url: str, desk: DeskUnderTest) -> None:
    double = EngineDouble()
    double.url, double.asked, double.answers = desk.engine.url, desk.engine.asked, desk.engine.answers
    async with running_desk(migrated_url, double) as other:
        customers = [await desk.customer() for _ in range(4)]
        for i in range(5):
            for customer in customers:
                customer.http = (desk if i % 2 else other).http
            await asyncio.gather(*(c.send(f"message {i}", f"{i}") for c in customers))
        for customer in customers:
            customer.http = desk.http
            async with customer.events() as events:
                replies = [(await events.next(author="bot"))["text"] for _ in range(5)]
            assert replies == [f"You said: message {i}" for i in range(5)]
            assert len(await customer.messages()) == 10
    ids = [turn["message_id"] for turn in desk.engine.asked]
    assert len(ids) == len(set(ids)) == 20


async def test_a_message_that_was_stored_before_a_crash_is_answered_by_the_next_desk(
    migrated_url: str, engine_double: EngineDouble, clean: None
) -> None:
    engine_double.may_answer.clear()
    async with running_desk(migrated_url, engine_double) as first:
        customer = await first.customer()
        await customer.send("hello", "1")
        await engine_double.asked_now.wait()
    engine_double.may_answer.set()
    async with running_desk(migrated_url, engine_double) as second:
        customer.http = second.http
        async with customer.events() as events:
            assert (await events.next(author="bot"))["text"] == "You said: hello"
    assert len({turn["message_id"] for turn in engine_double.asked}) == 1


async def test_after_a_claim_a_hundred_messages_bring_no_bot_message(desk: DeskUnderTest, vera: Staff) -> None:
    customer = await desk.customer()
    await desk.ownership.take_over(customer.conversation, vera)
    for i in range(100):
        assert (await customer.send(f"message {i}", f"{i}")).status_code == 202
    assert desk.engine.asked == []
    stored = await desk.store.messages.all(customer.conversation)
    assert {m.status for m in stored if m.author == "customer"} == {Status.HELD}


async def test_an_answer_that_breaks_us_each_time_is_told_of_and_left_to_a_person(
    migrated_url: str, clean: None, engine_double: EngineDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retries, "_LONGEST_PAUSE_S", 0.01)
    engine_double.say = lambda turn: [{"text": "no text in PostgreSQL may hold \0"}]
    often = {"sweep_every": timedelta(milliseconds=20)}
    with structlog.testing.capture_logs():  # a trace each time is slow to write
        async with running_desk(migrated_url, engine_double, **often) as desk:
            customer = await desk.customer()
            async with customer.events() as events:
                await customer.send("hello", "1")
                assert (await events.next(author="system"))["text"] == "utter_engine_down"
                await events.next("owner", owner="queue")
            assert [alert.kind for alert in await desk.store.alerts.open_ones()] == ["engine_down"]
