"""Failures 12 and 13: an engine dies, a photo gets lost, a page that is loaded again is empty."""

import base64
import re
import time
from contextlib import AsyncExitStack

import pytest
from playwright.async_api import Browser

from redress import wiring
from redress.chaos.agents import Agent
from tests.browser.people import People as Visitors
from tests.desk.telegram.conftest import JPEG
from tests.desk.telegram.peer_process import Peer
from tests.handoff.people import NOT_SENT, PERSON, WITHIN_S, People, ask, asked_on_telegram, becomes

OGG, PDF = b"OggS\x00\x02" + b"0" * 200, b"%PDF-1.7\n%%EOF\n"
PNG = base64.b64decode(  # one pixel
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
KEPT = "select 1 from redress.attachments where conversation_id = :c and state = 'kept'"
TOLD = """
    select text from redress.messages where conversation_id = :c and author = 'system' and status = 'delivered'
"""


async def test_12_a_dead_engine_is_told_truly_at_once_and_recovers(people: People, telegram: Peer, chat: int) -> None:
    """Customers of both channels know in five seconds, a person is alerted, and what waited is answered in order."""
    web = await people.stranger()
    await ask(web, "hello")
    await asked_on_telegram(people, telegram, chat, "hello")
    both = [web.conversation, await people.at_chat(chat, "bot")]
    people.kill("engine")
    asked = time.monotonic()
    await telegram.says(chat, "good morning")
    first = await web.send("good morning")
    assert await web.until(lambda c: any(m.author == "system" for m in c.answers_to(first)), WITHIN_S)
    ((notice,),) = await people.until(TOLD, bool, c=both[1])
    assert time.monotonic() - asked < 5
    assert (await telegram.chat(chat))[1]["text"] == notice
    await becomes(web, "queue")
    alerts = "select kind from redress.alerts where conversation_id = :c"
    for each in both:
        assert [a.kind for a in await people.stored(alerts, c=each)] == ["engine_down"]
    for words in ("are you there?", "thank you"):
        await web.send(words)
        await telegram.says(chat, words)
    for each in both:
        await people.until(NOT_SENT, lambda rows: not rows, c=each)
        assert await people.owner(each) == "bot"
        rows = await people.messages(each)
        asked_ids = [m.id for m in rows if m.author == "customer"]
        assert list(dict.fromkeys(m.in_reply_to for m in rows if m.author == "bot")) == asked_ids
        assert [m.author for m in rows].count("system") == 1
    await becomes(web, "bot")
    said = [m.text for m in rows if m.author != "customer"]
    assert [m["text"] for m in await telegram.chat(chat) if not m.get("disable_notification")] == said


async def test_13_files_reach_the_agent_edits_are_no_turns_and_a_reload_restores(
    people: People, telegram: Peer, chat: int
) -> None:
    said = await telegram.says(chat, PERSON)
    conversation = await people.at_chat(chat, "queue")
    agent = await people.agent()
    assert (await agent.do(conversation, "claim")).is_success
    photo, voice, paper = [await telegram.keeps(c, n) for c, n in ((JPEG, "1.jpg"), (OGG, "2.oga"), (PDF, "3.pdf"))]
    sizes = [{"file_id": photo, "file_unique_id": photo, "width": 1, "height": 1, "file_size": len(JPEG)}]
    await telegram.says(chat, None, photo=sizes, caption="The kettle, in two halves")
    await telegram.says(chat, None, voice={"file_id": voice, "file_unique_id": voice, "duration": 3})
    receipt = {"file_id": paper, "file_unique_id": paper, "file_name": "receipt.pdf"}
    await telegram.says(chat, None, document=receipt, caption="And what I paid")
    await telegram.edits(chat, said, "I want to talk to a human being, please")
    corrected = "select 1 from redress.messages where conversation_id = :c and text like '%please%'"
    await people.until(corrected, bool, c=conversation)
    await people.until(KEPT, lambda rows: len(rows) == 3, c=conversation)
    for _ in ("read", "loaded again"):
        page = await _reads(agent, conversation)
        assert "The kettle, in two halves" in page
        assert "And what I paid" in page
        assert await _files(agent, page) == {JPEG, OGG, PDF}
    authors = [m.author for m in await people.messages(conversation)]
    assert authors.count("customer") == 4, "an edit is no new message"
    assert authors.count("bot") == 1, "an edit makes no new turn"


async def test_13_files_reach_the_agent_from_the_web_chat_too_and_a_reload_restores(people: People) -> None:
    """The web chat has no edits. The customer's files are theirs again in another tab, and so is the thread."""
    chat, token = await people.customer()
    await ask(chat, PERSON)
    agent = await people.agent()
    assert (await agent.do(chat.conversation, "claim")).is_success
    for content, name, words in (
        (JPEG, "1.jpg", "The kettle, in two halves"),
        (OGG, "2.ogg", ""),
        (PDF, "3.pdf", ""),
    ):
        form = {"data": {"id": name, "text": words}, "files": {"file": (name, content)}}
        assert (await chat.client.post("/chat/attachments", **form)).status_code == 202  # type: ignore[arg-type]
    for _ in ("read", "loaded again"):
        page = await _reads(agent, chat.conversation)
        assert words in page
        assert await _files(agent, page) == {JPEG, OGG, PDF}
    await chat.catch_up()
    again = await people.again(token)
    assert again.messages == chat.messages
    shown = [file for m in (await again.client.get("/chat/messages")).json() for file in m["files"]]
    assert [file["kind"] for file in shown] == ["photo", "audio", "file"]
    served = [(await again.client.get(f"/chat/attachments/{file['id']}")).content for file in shown]
    assert served == [JPEG, OGG, PDF]
    assert "bot" not in {m.author for m in again.messages[2:]}


async def _reads(agent: Agent, conversation: str) -> str:
    return (await agent.client.get(f"/desk/conversations/{conversation}")).text


async def _files(agent: Agent, page: str) -> set[bytes]:
    """What the agent gets who opens every file that a conversation's page shows."""
    found = set(re.findall(r'(?:src|href)="(/desk/conversations/[^"]+/files/[^"]+)"', page))
    return {(await agent.client.get(address)).content for address in found}


@pytest.mark.browser
async def test_13_a_reload_of_the_customers_page_restores_the_thread_with_its_photo(
    people: People, chromium: Browser
) -> None:
    """At the shop's own page, in a browser, while a person has the conversation."""
    async with AsyncExitStack() as windows:
        copies = await windows.enter_async_context(wiring.customers(str(people.settings.database_url)))
        maya = await Visitors(chromium, people.settings, copies, windows, {}).customer("C001")
        await maya.opens_the_chat()
        await maya.says(PERSON)
        await maya.talks_to("Waiting for a person")
        people.conversations.append(conversation := await maya.conversation())
        agent = await people.agent()
        assert (await agent.do(conversation, "claim")).is_success
        await maya.words.fill("The kettle, in two halves")
        photo = {"name": "kettle.png", "mimeType": "image/png", "buffer": PNG}
        await maya.page.locator("input[type=file]").set_input_files(photo)  # type: ignore[arg-type]
        await maya.reads("The kettle, in two halves")
        assert (await agent.do(conversation, "messages", text="I can see it is broken.", id="1")).is_success
        await maya.reads("I can see it is broken.")
        thread = await maya.thread()
        await maya.page.reload()
        await maya.reads("I can see it is broken.")
        assert await maya.thread() == thread
        drawn = await maya.log.locator(".file img").evaluate(
            "async (e) => { await e.decode(); return e.naturalWidth }"
        )
        assert drawn == 1
        assert await people.owner(conversation) == "agent"
