"""Failures 12, 13 and 15: an engine dies, a photo gets lost, a follow-up comes twice."""

import os
import re
import signal
import time

from redress import running
from tests.desk.telegram.conftest import JPEG
from tests.desk.telegram.peer_process import Peer
from tests.handoff.people import HACKED, LATE, PERSON, WITHIN_S, People, ask, becomes

DUE = "update crm.follow_ups set due_at = now() where conversation_id = :c and kind = 'check_back'"
DONE = "select done_at from crm.follow_ups where conversation_id = :c and kind = 'check_back'"


def kill(people: People, name: str) -> None:
    os.kill(running.find(people.settings).processes[name], signal.SIGKILL)


async def test_12_a_dead_engine_is_told_truly_at_once_and_recovers(people: People) -> None:
    """The customer knows within five seconds, a person is alerted, and what waited is answered in order."""
    chat = await people.stranger()
    await ask(chat, "hello")
    kill(people, "engine")
    asked = time.monotonic()
    first = await chat.send("good morning")
    assert await chat.until(lambda c: any(m.author == "system" for m in c.answers_to(first)), WITHIN_S)
    assert time.monotonic() - asked < 5
    await becomes(chat, "queue")
    alerts = "select kind from redress.alerts where conversation_id = :c"
    assert [a.kind for a in await people.stored(alerts, c=chat.conversation)] == ["engine_down"]
    await chat.send("are you there?")
    await chat.send("thank you")
    waiting = "select 1 from redress.messages where conversation_id = :c and status = 'received'"
    await people.until(waiting, lambda rows: not rows, c=chat.conversation)
    await becomes(chat, "bot")
    rows = await people.messages(chat.conversation)
    asked_ids = [m.id for m in rows if m.author == "customer"]
    answered_ids = list(dict.fromkeys(m.in_reply_to for m in rows if m.author == "bot"))
    assert answered_ids == asked_ids
    assert [m.author for m in rows].count("system") == 1


async def test_13_photos_reach_the_agent_edits_are_no_turns_and_a_reload_restores(
    people: People, telegram: Peer, chat: int
) -> None:
    said = await telegram.says(chat, PERSON)
    conversation = await people.at_chat(chat, "queue")
    agent = await people.agent()
    assert (await agent.do(conversation, "claim")).is_success
    file_id = await telegram.keeps(JPEG, "photos/broken.jpg")
    photo = {"file_id": file_id, "file_unique_id": file_id, "width": 1, "height": 1, "file_size": len(JPEG)}
    await telegram.says(chat, None, photo=[photo], caption="The kettle, in two halves")
    await telegram.edits(chat, said, "I want to talk to a human being, please")
    shown = "select 1 from redress.messages where conversation_id = :c and text like :words"
    await people.until(shown, bool, c=conversation, words="%in two halves%")
    await people.until(shown, bool, c=conversation, words="%please%")
    kept = "select 1 from redress.attachments where conversation_id = :c and state = 'kept'"
    await people.until(kept, bool, c=conversation)
    page = (await agent.client.get(f"/desk/conversations/{conversation}")).text
    assert "The kettle, in two halves" in page
    (picture,) = set(re.findall(r'<img src="(/desk/conversations/[^"]+/files/[^"]+)"', page))
    assert (await agent.client.get(picture)).content == JPEG
    authors = [m.author for m in await people.messages(conversation)]
    assert authors.count("customer") == 2, "an edit is no new message"
    assert authors.count("bot") == 1, "an edit makes no new turn"
    again = (await agent.client.get(f"/desk/conversations/{conversation}")).text
    assert "The kettle, in two halves" in again


async def test_15_a_follow_up_comes_once_whatever_restarts(people: People) -> None:
    chat, _ = await people.customer()
    await ask(chat, LATE)
    await ask(chat, "I'll go for the priority delivery")
    await ask(chat, "yes please")
    await people.stored(DUE, c=chat.conversation)
    kill(people, "desk")
    await people.until(DONE, lambda rows: bool(rows and rows[0].done_at), c=chat.conversation)
    rows = await people.messages(chat.conversation)
    assert len([m for m in rows if m.meta.get("kind") == "check_back"]) == 1
    assert await chat.until(lambda c: c.messages[-1].author == "bot", WITHIN_S)


async def test_15_no_follow_up_interrupts_a_person(people: People) -> None:
    chat, _ = await people.customer()
    for words in (LATE, "I'll go for the priority delivery", "yes please", HACKED):
        await ask(chat, words)
    await becomes(chat, "queue")
    await people.stored(DUE, c=chat.conversation)
    other, _ = await people.customer()  # whose follow-up is due after it, and comes
    for words in (LATE, "I'll go for the priority delivery", "yes please"):
        await ask(other, words)
    await people.stored(DUE, c=other.conversation)
    await people.until(DONE, lambda rows: bool(rows and rows[0].done_at), c=other.conversation)
    assert [row.done_at for row in await people.stored(DONE, c=chat.conversation)] == [None]
    assert not [m for m in await people.messages(chat.conversation) if m.meta.get("kind") == "check_back"]
