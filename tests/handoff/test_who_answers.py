"""Failures 1 to 5, 8 and 9: the bot and the person answer at the same time, or neither does."""

import asyncio

from tests.desk.telegram.peer_process import Peer
from tests.handoff.people import (
    LATE,
    PERSON,
    RACES,
    SENIOR,
    SUPERVISOR,
    WITHIN_S,
    People,
    ask,
    becomes,
    handed_over,
    switched,
)


async def test_1_the_bot_does_not_talk_over_the_agent(people: People, telegram: Peer, chat: int) -> None:
    """After a claim a hundred messages of the customer produce no message of the bot."""
    await telegram.says(chat, PERSON)
    conversation = await people.at_chat(chat, "queue")
    agent = await people.agent()
    assert (await agent.do(conversation, "claim")).is_success
    before = await people.messages(conversation)
    for n in range(100):
        await telegram.says(chat, f"are you still there? {n}")
    held = "select text from redress.messages where conversation_id = :c and status = 'held' order by seq"
    found = await people.until(held, lambda rows: len(rows) == 100, c=conversation)
    assert [row.text for row in found] == [f"are you still there? {n}" for n in range(100)]
    assert (await agent.do(conversation, "messages", text="I am here.", id="1")).is_success
    after = (await people.messages(conversation))[len(before) :]
    assert {m.author for m in after} == {"customer", "agent"}


async def test_1_nor_does_it_in_the_web_chat_by_whatever_way_the_person_came(people: People) -> None:
    """A hundred messages as fast as the desk takes them: half to an agent who claimed, half to one who took over."""
    claimed, taken = await handed_over(people), await people.stranger()
    await ask(taken, "hello")
    agent, senior = await people.agent(), await people.agent(SENIOR)
    assert (await agent.do(claimed.conversation, "claim")).is_success
    assert (await senior.do(taken.conversation, "take-over")).is_success
    for chat, person in ((claimed, agent), (taken, senior)):
        await becomes(chat, "agent")
        await chat.catch_up()
        before = chat.messages[-1].seq
        said = [f"are you still there? {n}" for n in range(50)]
        for words in said:
            await chat.send(words)
        assert (await person.do(chat.conversation, "messages", text="I am here.", id="1")).is_success
        assert await chat.until(lambda c: c.messages[-1].author == "agent", WITHIN_S)
        rows = [m for m in await people.messages(chat.conversation) if m.seq > before]
        assert [(m.author, m.status) for m in rows[:-1]] == [("customer", "held")] * len(said), "no turn awaits any"
        assert [m.text for m in chat.messages if m.seq > before] == [*said, "I am here."]


async def test_2_the_pause_does_not_evaporate(people: People, telegram: Peer, chat: int) -> None:
    """On both channels a session's end, an engine's restart and `/restart` leave the person as owner."""
    web = await handed_over(people)
    await telegram.says(chat, PERSON)
    both = [web.conversation, await people.at_chat(chat, "queue")]
    agent = await people.agent()
    for each in both:
        assert (await agent.do(each, "claim")).is_success
    await people.stored("update events set timestamp = timestamp - 7200 where sender_id = any(:both)", both=both)
    before = [len(await people.messages(each)) for each in both]
    people.kill("engine")
    for words in ("/restart", "hello?", "are you there?"):
        await web.send(words)
        await telegram.says(chat, words)
    held = "select 1 from redress.messages where conversation_id = :c and status = 'held'"
    for each, known in zip(both, before, strict=True):
        await people.until(held, lambda rows: len(rows) == 3, c=each)
        assert [m.author for m in (await people.messages(each))[known:]] == ["customer"] * 3
        assert await people.owner(each) == "agent"
        assert (await agent.do(each, "return")).is_success
    await becomes(web, "bot")
    asked = await web.send("hello")
    await telegram.says(chat, "hello")
    answered = await web.until(lambda c: any(m.author == "bot" and m.seq > asked for m in c.messages), WITHIN_S)
    assert answered
    sent = "select author from redress.messages where conversation_id = :c and status = 'delivered' order by seq desc"
    await people.until(sent, lambda rows: rows[0].author == "bot", c=both[1])


async def test_3_a_reply_in_flight_does_not_race_the_handoff(people: People) -> None:
    """A person takes over while the bot is at it: the customer reads one message, that the person is there."""
    senior = await people.agent(SENIOR)
    withheld = 0
    for _ in range(RACES):
        chat = await people.stranger()
        await ask(chat, "hello")
        async with people.engines_hold(chat.conversation):  # to the desk: the engine is busy with this conversation
            seq = await chat.send(LATE)
            await people.until(people.TURN_UNDER_WAY, bool, c=chat.conversation)
            assert (await senior.do(chat.conversation, "take-over")).is_success
        await becomes(chat, "agent")
        await people.until(people.TURN_UNDER_WAY, lambda rows: not rows, c=chat.conversation)
        await chat.catch_up()
        assert [m.author for m in chat.answers_to(seq)] == ["system"]
        assert "Sara" in chat.answers_to(seq)[0].text
        rows = await people.messages(chat.conversation)
        assert [m.status for m in rows if m.seq == seq] == ["held"]
        withheld += sum(m.status == "withheld" for m in rows)
    assert withheld, "in none of the races was the bot's reply late"


async def test_4_there_is_a_way_back_and_no_second_handoff_at_once(people: People) -> None:
    """After a return and after a resolve the next message is the bot's, and what is past hands nothing over."""
    chat = await handed_over(people)
    agent = await people.agent()
    for ending, given in (("return", {}), ("resolve", {"words": "courier strike"})):
        await agent.do(chat.conversation, "claim")
        assert (await agent.do(chat.conversation, ending, **given)).is_success
        await becomes(chat, "bot")
        answers = await ask(chat, LATE)
        assert answers[-1].author == "bot"
        assert await people.owner(chat.conversation) == "bot"
        if ending == "return":
            await ask(chat, PERSON)
            await becomes(chat, "queue")


async def test_5_no_transfer_is_silent(people: People, telegram: Peer, chat: int) -> None:
    """Even on a first message: one acknowledgement for the customer, one alert for the staff."""
    web = await handed_over(people)
    await telegram.says(chat, PERSON)
    acknowledged = await telegram.call("sendMessage", within=WITHIN_S, chat_id=str(chat))
    assert acknowledged["params"]["text"]
    conversation = await people.at_chat(chat, "queue")
    for each in (web.conversation, conversation):
        authors = [m.author for m in await people.messages(each)]
        assert authors == ["customer", "bot"]
        alerts = await people.stored("select kind from redress.alerts where conversation_id = :c", c=each)
        assert [a.kind for a in alerts] == ["handoff"]


async def test_8_the_second_handoff_works_and_so_does_the_third(people: People) -> None:
    """Three cycles with one customer; a transfer to the same team changes nothing."""
    chat = await people.stranger()
    agent = await people.agent()
    for _ in range(3):
        await ask(chat, PERSON)
        await becomes(chat, "queue")
        same = await agent.do(chat.conversation, "transfer", to="team:care", note="for us")
        assert same.is_success, same.text
        assert (await agent.do(chat.conversation, "claim")).is_success
        assert (await agent.do(chat.conversation, "resolve", words="courier strike")).is_success
        await becomes(chat, "bot")
    rows = await people.stored(
        "select ended_how from redress.handoffs where conversation_id = :c", c=chat.conversation
    )
    assert [h.ended_how for h in rows] == ["resolved"] * 3
    assert (await ask(chat, "hello"))[-1].author == "bot"


async def test_9_no_message_is_lost_during_the_switch(people: People) -> None:
    """While it is taken over and given back again and again, each message is stored once and in order."""
    chat = await handed_over(people)
    seniors = [await people.agent(SENIOR), await people.agent(SUPERVISOR)]
    switching = asyncio.create_task(switched(chat.conversation, seniors, 4))
    seqs = [await chat.send(f"message {n}") for n in range(25)]
    await switching
    rows = [m for m in await people.messages(chat.conversation) if m.text.startswith("message ")]
    assert [(m.text, m.seq) for m in rows] == [(f"message {n}", seq) for n, seq in enumerate(seqs)]
    assert seqs == sorted(seqs)
    waiting = "select 1 from redress.messages where conversation_id = :c and status = 'received'"
    await people.until(waiting, lambda found: not found, c=chat.conversation)
    all_rows = await people.messages(chat.conversation)
    assert [m.seq for m in all_rows] == list(range(1, len(all_rows) + 1))
    await chat.catch_up()
    shown = [m.seq for m in all_rows if m.status != "withheld"]
    assert [m.seq for m in chat.messages] == shown
