"""A scripted customer talks over Telegram by the same means as over the web chat."""

from redress import telegramchat
from tests.desk.conftest import DeskUnderTest
from tests.desk.telegram.peer_process import Peer
from tests.desk.telegram.test_talking import offers


async def test_a_scripted_customer_writes_presses_and_reads_in_order(chat_desk: DeskUnderTest, peer: Peer) -> None:
    chat_desk.engine.say = offers
    store = chat_desk.store
    async with telegramchat.opened(peer.url, peer.token, 77, store.conversations, store.messages) as chat:
        first = await chat.send("hello")
        assert await chat.until(lambda c: bool(c.answers_to(first)), 8)
        await chat.catch_up()
        (reply,) = chat.answers_to(first)
        assert (reply.author, reply.text, chat.owner) == ("bot", "You said: hello", "bot")
        title, payload = reply.buttons[0]
        second = await chat.send(title, payload)
        assert await chat.until(lambda c: bool(c.answers_to(second)), 8)
        await chat.catch_up()
        assert [m.seq for m in chat.messages] == [1, 2, 3, 4]
        assert chat_desk.engine.asked[-1]["payload"] is True
