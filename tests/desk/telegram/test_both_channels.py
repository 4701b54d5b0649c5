"""What every channel promises alike, tried on each: the web chat over HTTP, Telegram over its Bot API."""

from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from typing import Any, Protocol

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from casework.ports import Message, Owner, Staff, Status
from tests.desk.conftest import Customer, DeskUnderTest, decided, handoff_of
from tests.desk.telegram.conftest import JPEG, buttons, until
from tests.desk.telegram.peer_process import Peer


class Talker(Protocol):
    """A customer on some channel."""

    async def says(self, text: str) -> Callable[[], Coroutine[Any, Any, None]]:
        """Send it; returns how the channel sends the very same again."""

    async def presses(self, title: str) -> None: ...

    async def sends_photo(self) -> None: ...

    async def heard(self) -> Sequence[str]:
        """The texts that have arrived, in order."""

    async def conversation(self) -> str: ...


class OnWeb:
    def __init__(self, customer: Customer) -> None:
        self._customer = customer

    async def says(self, text: str) -> Callable[[], Coroutine[Any, Any, None]]:
        async def send() -> None:
            assert (await self._customer.send(text, f"key-{text}")).status_code in (200, 202)

        await send()
        return send

    async def presses(self, title: str) -> None:
        offered = [b for m in await self._customer.messages() for b in m["buttons"] if b["title"] == title]
        await self._customer.send(title, f"press-{title}", offered[-1]["payload"])

    async def sends_photo(self) -> None:
        form = {"data": {"id": "photo"}, "files": {"file": ("a.jpg", JPEG, "image/jpeg")}}
        await self._customer.http.post("/chat/attachments", headers=self._customer.bearer, **form)

    async def heard(self) -> Sequence[str]:
        return [m["text"] for m in await self._customer.messages() if m["author"] != "customer"]

    async def conversation(self) -> str:
        return self._customer.conversation


class OnTelegram:
    def __init__(self, desk: DeskUnderTest, peer: Peer) -> None:
        self._desk, self._peer = desk, peer

    async def says(self, text: str) -> Callable[[], Coroutine[Any, Any, None]]:
        number = await self._peer.says(7, text)
        person = {"id": 7, "is_bot": False, "first_name": "Robin"}
        message = {
            "message_id": number,
            "date": 1,
            "text": text,
            "from": person,
            "chat": {"id": 7, "type": "private"},
        }

        async def again() -> None:
            await self._peer.update({"message": message})

        return again

    async def presses(self, title: str) -> None:
        sent = [(m, b) for m in await self._peer.chat(7) for b in buttons(m) if b["text"] == title]
        message, button = sent[-1]
        await self._peer.presses(7, button, message["message_id"])

    async def sends_photo(self) -> None:
        held = await self._peer.keeps(JPEG, "a.jpg")
        await self._peer.says(7, None, photo=[{"file_id": held, "file_unique_id": held, "width": 9, "height": 9}])

    async def heard(self) -> Sequence[str]:
        return [m["text"] for m in await self._peer.chat(7)]

    async def conversation(self) -> str:
        async def look() -> str:
            found = await self._desk.store.conversations.latest_for("telegram", "7")
            return found.id if found else ""

        return await until(self._desk, look)


@pytest.fixture(params=["web", "telegram"])
async def talker(request: pytest.FixtureRequest, chat_desk: DeskUnderTest, peer: Peer) -> AsyncIterator[Talker]:
    if request.param == "web":
        yield OnWeb(await chat_desk.customer())
    else:
        yield OnTelegram(chat_desk, peer)


async def stored(desk: DeskUnderTest, talker: Talker, count: int) -> list[Message]:
    """The conversation once it has so many messages and the bot has nothing left to answer."""
    conversation = await talker.conversation()

    async def look() -> list[Message]:
        found = list(await desk.store.messages.all(conversation))
        return found if len(found) == count and all(m.status is not Status.RECEIVED for m in found) else []

    return await until(desk, look)


async def arrived(desk: DeskUnderTest, talker: Talker, texts: Sequence[str]) -> None:
    async def look() -> bool:
        return list(await talker.heard()) == list(texts)

    assert await until(desk, look)


async def test_messages_are_answered_once_each_in_order_however_often_they_are_sent(
    chat_desk: DeskUnderTest, talker: Talker
) -> None:
    for text in ("one", "two"):
        again = await talker.says(text)
        await again()
    found = await stored(chat_desk, talker, 4)
    assert sorted(m.text for m in found if m.author == "customer") == ["one", "two"]
    await arrived(chat_desk, talker, [f"You said: {m.text}" for m in found if m.author == "customer"])


async def test_a_button_counts_as_what_it_carries(chat_desk: DeskUnderTest, talker: Talker) -> None:
    chat_desk.engine.say = lambda turn: [{"text": "Shall I?", "buttons": [{"title": "Yes", "payload": "/affirm"}]}]
    await talker.says("hello")
    await arrived(chat_desk, talker, ["Shall I?"])
    await talker.presses("Yes")
    pressed = (await stored(chat_desk, talker, 4))[2]
    assert (pressed.text, pressed.payload) == ("Yes", "/affirm")
    assert chat_desk.engine.asked[-1]["text"] == "/affirm"


async def test_a_photo_alone_is_a_message_that_the_bot_hears_of(chat_desk: DeskUnderTest, talker: Talker) -> None:
    await talker.sends_photo()
    message, _ = await stored(chat_desk, talker, 2)
    assert message.meta == {"wordless": True, "files": ["photo"]}
    (asked,) = chat_desk.engine.asked
    assert (asked["text"], asked["metadata"]["files"]) == ("/inform", ["photo"])


async def test_a_person_answers_there_and_the_bot_is_silent(
    chat_desk: DeskUnderTest, talker: Talker, engine: AsyncEngine, priya: Staff
) -> None:
    async def hand_over(turn: dict[str, Any]) -> None:
        await decided(engine, handoff=handoff_of(turn["message_id"]))(turn)

    chat_desk.engine.before_answer = hand_over
    await talker.says("a person please")
    await stored(chat_desk, talker, 2)
    conversation = await talker.conversation()
    await chat_desk.ownership.claim(conversation, priya)
    for number in range(3):
        await talker.says(f"{number}")
    await stored(chat_desk, talker, 6)
    await chat_desk.ownership.send_as_agent(conversation, priya, "I am here.")

    async def look() -> bool:
        return any("I am here." in text for text in await talker.heard())

    assert await until(chat_desk, look)
    assert len(chat_desk.engine.asked) == 1
    assert (await chat_desk.store.conversations.get(conversation)).owner is Owner.AGENT
