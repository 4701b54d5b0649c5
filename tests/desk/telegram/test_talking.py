"""Text in, text out, buttons: a customer talks to the desk over Telegram."""

from typing import Any

from tests.desk.conftest import DeskUnderTest
from tests.desk.telegram.conftest import buttons
from tests.desk.telegram.peer_process import Peer


def offers(turn: dict[str, Any]) -> list[dict[str, Any]]:
    choices = [
        {"title": "A refund", "payload": '/accept_offer{"choice": "refund"}'},
        {"title": "No", "payload": "/deny"},
    ]
    return [{"text": f"You said: {turn['text']}", "buttons": choices}]


async def test_a_message_is_answered_in_its_chat(chat_desk: DeskUnderTest, peer: Peer) -> None:
    await peer.says(7, "my parcel is late")
    sent = await peer.call("sendMessage")
    assert (sent["params"]["chat_id"], sent["params"]["text"]) == ("7", "You said: my parcel is late")


async def test_a_pressed_button_counts_as_what_it_carries_and_shows_what_was_chosen(
    chat_desk: DeskUnderTest, peer: Peer
) -> None:
    chat_desk.engine.say = offers
    await peer.says(7, "hello")
    await peer.call("sendMessage")
    (sent,) = await peer.chat(7)
    await peer.presses(7, buttons(sent)[0], sent["message_id"])
    await peer.call("answerCallbackQuery")
    changed = await peer.call("editMessageText")
    assert changed["params"]["text"] == "You said: hello\n\n✓ A refund"
    await peer.call("sendMessage")
    assert [t["text"] for t in chat_desk.engine.asked] == ["hello", '/accept_offer{"choice": "refund"}']
    first, _ = await peer.chat(7)
    assert not buttons(first)


async def test_a_used_button_is_marked_although_telegram_asks_to_wait(chat_desk: DeskUnderTest, peer: Peer) -> None:
    chat_desk.engine.say = offers
    await peer.says(7, "hello")
    await peer.call("sendMessage")
    (sent,) = await peer.chat(7)
    wait = {"status": 429, "description": "Too Many Requests", "parameters": {"retry_after": 1}}
    await peer.fault("editMessageText", **wait)
    await peer.presses(7, buttons(sent)[0], sent["message_id"])
    for _ in ("asked to wait", "done"):
        changed = await peer.call("editMessageText")
    assert changed["params"]["text"] == "You said: hello\n\n✓ A refund"
