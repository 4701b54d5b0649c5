"""Failures 6, 7, 10, 11 and 14: customers wait for nobody, in the wrong place, twice, or see typing of nobody."""

import asyncio
import json
from datetime import timedelta

import httpx

from casework.floor.callbacks import PAYLOAD
from tests.handoff.people import (
    FIRST_REPLY,
    HACKED,
    LATE,
    PERSON,
    WITHIN_S,
    People,
    ask,
    becomes,
    claimed_at_once,
    goes_to_seniors,
    handed_over,
    opening,
)
from tests.product import CLOSED_FOR


async def test_6_where_nobody_is_online_a_call_is_offered_and_the_case_waits(people: People) -> None:
    chat = await people.stranger()
    (answer,) = await ask(chat, PERSON)
    assert PAYLOAD in [payload for _, payload in answer.buttons]
    (asked,) = await ask(chat, "Call me back", PAYLOAD)
    (noted,) = await ask(chat, "Robin, 020 7946 0101, after six")
    assert {asked.author, noted.author} == {"system"}
    rows = await people.stored(
        "select done_at from redress.callbacks where conversation_id = :c", c=chat.conversation
    )
    assert [row.done_at for row in rows] == [None]
    assert await people.owner(chat.conversation) == "queue"
    said = " ".join(m.text for m in (answer, asked, noted)).casefold()
    assert not [word for word in ("error", "unavailable", "failed") if word in said]


async def test_7_out_of_hours_one_notice_names_the_next_opening_and_the_clock_stands(people: People) -> None:
    chat = await handed_over(people)
    answer = next(m for m in chat.messages if m.author == "bot")
    opens = opening()
    assert CLOSED_FOR in answer.text
    assert f"{opens:%A}" in answer.text
    for words in ("hello?", "anybody?"):
        await chat.send(words)
    await chat.catch_up()
    assert [m.author for m in chat.messages] == ["customer", "bot", "customer", "customer"]
    (clock,) = await people.until(FIRST_REPLY, bool, c=chat.conversation)
    assert clock.due_at == opens + timedelta(seconds=clock.target_s)


async def test_10_ten_first_messages_at_once_open_one_case(people: People) -> None:
    """Retries of the channel and a second tab included."""
    tab, token = await people.customer()
    other = await people.again(token)
    assert other.conversation == tab.conversation
    bodies = [{"id": f"first-{n}", "text": LATE, "payload": None} for n in range(10)]
    sent = [chat.client.post("/chat/messages", json=body) for body in bodies for chat in (tab, other)]
    answers = await asyncio.gather(*sent)
    assert sorted(answer.status_code for answer in answers) == [200] * 10 + [202] * 10
    waiting = "select 1 from redress.messages where conversation_id = :c and status = 'received'"
    await people.until(waiting, lambda rows: not rows, c=tab.conversation)
    said = [m.text for m in await people.messages(tab.conversation) if m.author == "customer"]
    assert said == [LATE] * 10
    cases = "select order_id, challenge from crm.cases where conversation_id = :c"
    assert len(await people.stored(cases, c=tab.conversation)) == 1


async def test_11_the_queue_is_no_limbo(people: People) -> None:
    """The place in it is right and moves; what nobody claims goes to the next tier, and staff are alerted once."""
    first, second = await handed_over(people, HACKED), await handed_over(people, HACKED)
    behind = await _place(people, second.conversation)
    assert await _place(people, first.conversation) < behind  # asked last, for others may leave meanwhile
    agent = await people.agent()
    assert (await agent.do(first.conversation, "claim")).is_success
    assert await _place(people, second.conversation) < behind
    await goes_to_seniors(people, second.conversation)


async def _place(people: People, conversation: str) -> int:
    """As the customer reads it, when they open their chat."""
    chat = next(c for c in people.chats if c.conversation == conversation)
    async with chat.client.stream("GET", "/chat/events") as stream:
        kind = ""
        async for line in stream.aiter_lines():
            kind = line.removeprefix("event: ") if line.startswith("event: ") else kind
            if kind == "owner" and line.startswith("data: "):
                return int(json.loads(line.removeprefix("data: "))["position"])
    raise AssertionError("The stream told no owner.")


async def test_14_typing_is_true_and_of_two_claims_one_wins(people: People) -> None:
    chat = await handed_over(people)
    winner, loser, _ = await claimed_at_once(people, chat.conversation)
    await becomes(chat, "agent")
    async with chat.client.stream("GET", "/chat/events?after=100") as stream, asyncio.timeout(WITHIN_S):
        told = _typing(stream)
        for agent, on in ((loser, "1"), (winner, "1"), (winner, "0")):
            await agent.do(chat.conversation, "typing", on=on)
        seen = [await anext(told), await anext(told)]
    assert seen == [{"who": "agent", "on": True}, {"who": "agent", "on": False}], "who does not talk shows no typing"


async def _typing(stream: httpx.Response):  # type: ignore[no-untyped-def]
    kind = ""
    async for line in stream.aiter_lines():
        kind = line.removeprefix("event: ") if line.startswith("event: ") else kind
        if kind == "typing" and line.startswith("data: "):
            yield json.loads(line.removeprefix("data: "))
