"""Failure 15: a follow-up comes twice or never, a survey interrupts a person, a clock runs on."""

from typing import Any

from redress.webchat import WebChat
from tests.desk.telegram.peer_process import Peer
from tests.handoff.people import (
    HACKED,
    LATE,
    NOT_SENT,
    WITHIN_S,
    People,
    ask,
    handed_over,
)

BOOKED = (LATE, "I'll go for the priority delivery", "yes please")
PROMISED = "select kind, done_at from crm.follow_ups where conversation_id = :c order by kind"
DUE = "update crm.follow_ups set due_at = now() where conversation_id = :c and kind = any(cast(:kinds as text[]))"
CLOCKS = """
    select kind, running_since, due_at, stopped_at, missed_at from redress.clocks
    join redress.handoffs on handoffs.id = handoff_id where conversation_id = :c order by kind
"""
BOTH_KINDS = ["check_back", "survey"]


async def test_15_a_follow_up_comes_once_whatever_restarts(people: People, telegram: Peer, chat: int) -> None:
    """On both channels: due when the desk is killed in the web chat, and while it is down on Telegram."""
    web = await _booked(people)
    conversation = await _booked_on_telegram(people, telegram, chat)
    await people.until(NOT_SENT, lambda rows: not rows, c=conversation)
    await people.stored(DUE, c=web.conversation, kinds=["check_back"])
    people.kill("desk")
    await people.stored(DUE, c=conversation, kinds=["check_back"])
    for each in (web.conversation, conversation):
        await _done(people, each, "check_back")
        (asked,) = await _follow_ups(people, each)
        assert asked.meta["kind"] == "check_back"
    assert await web.until(lambda c: c.messages[-1].author == "bot", WITHIN_S)
    await people.until(NOT_SENT, lambda rows: not rows, c=conversation)
    assert [m["text"] for m in await telegram.chat(chat)].count(asked.text) == 1


async def test_15_neither_a_follow_up_nor_a_survey_interrupts_a_person(
    people: People, telegram: Peer, chat: int
) -> None:
    """Somebody else's survey is due after theirs, and comes, once: so theirs were looked at, and wait."""
    agent, web = await people.agent(), await _booked(people)
    held = [web.conversation, await _booked_on_telegram(people, telegram, chat)]
    await ask(web, HACKED)
    await telegram.says(chat, HACKED)
    assert await people.at_chat(chat, "queue") == held[1]
    for each in held:
        assert (await agent.do(each, "claim")).is_success
        await people.stored(DUE, c=each, kinds=BOTH_KINDS)
    other_chat = chat + 10**10
    others = [(await _booked(people)).conversation, await _booked_on_telegram(people, telegram, other_chat)]
    for each in others:
        await people.stored(DUE, c=each, kinds=["survey"])
    for each in others:
        await _done(people, each, "survey")
        (asked,) = await _follow_ups(people, each)
        assert asked.meta["kind"] == "survey"
    for each in held:
        assert [row.done_at for row in await people.stored(PROMISED, c=each)] == [None, None]
        assert await _follow_ups(people, each) == []
    await people.until(NOT_SENT, lambda rows: not rows, c=others[1])
    assert [m["text"] for m in await telegram.chat(other_chat)].count(asked.text) == 1


async def test_15_the_clocks_stop_when_it_is_resolved(people: People, telegram: Peer, chat: int) -> None:
    web = await handed_over(people, HACKED)
    await telegram.says(chat, HACKED)
    both, agent = [web.conversation, await people.at_chat(chat, "queue")], await people.agent()
    for each in both:
        running = await people.until(CLOCKS, bool, c=each)
        assert [(row.kind, bool(row.due_at)) for row in running] == [("first_reply", True), ("resolution", True)]
        assert (await agent.do(each, "claim")).is_success
        assert (await agent.do(each, "resolve", words="stolen card")).is_success
        stood = await people.until(CLOCKS, lambda rows: all(row.stopped_at for row in rows), c=each)
        assert {(row.running_since, row.due_at, row.missed_at) for row in stood} == {(None, None, None)}


async def _booked(people: People) -> WebChat:
    """A new customer of the web chat, to whom we have promised to come back."""
    chat, _ = await people.customer()
    for words in BOOKED:
        await ask(chat, words)
    return chat


async def _booked_on_telegram(people: People, telegram: Peer, chat: int) -> str:
    """The same on Telegram; returns the conversation."""
    await telegram.says(chat, f"/start {people.link_of(await people.copy_of())}")
    for words in BOOKED:
        await telegram.says(chat, words)
    conversation = await people.at_chat(chat, "bot")
    await people.until(PROMISED, bool, c=conversation)
    return conversation


async def _done(people: People, conversation: str, kind: str) -> None:
    await people.until(PROMISED, lambda rows: any(r.kind == kind and r.done_at for r in rows), c=conversation)


async def _follow_ups(people: People, conversation: str) -> list[Any]:
    """The messages with which we came back."""
    return [m for m in await people.messages(conversation) if m.meta.get("kind") in BOTH_KINDS]
