"""What makes a chat tidy is done when Telegram lets us, and nothing that it asked to wait for is done before."""

import asyncio
import time
from typing import Any

import pytest
from structlog.testing import capture_logs

from desk.telegram import tidying
from desk.telegram.api import ApiTrouble, NotNow, PerhapsSent
from desk.telegram.pacing import Pace
from desk.telegram.tidying import Tidying
from tests.desk.conftest import DeskUnderTest
from tests.desk.telegram.conftest import buttons, until
from tests.desk.telegram.peer_process import Peer

YES = {"title": "Yes", "payload": "/affirm"}


def wait(seconds: int) -> dict[str, Any]:
    return {"status": 429, "description": "Too Many Requests", "parameters": {"retry_after": seconds}}


async def asked(desk: DeskUnderTest, peer: Peer) -> dict[str, Any]:
    """A question with a button, as the customer sees it."""
    desk.engine.say = lambda turn: [{"text": "Shall I?", "buttons": [YES]}] if turn["text"] == "hello" else []
    await peer.says(7, "hello")
    await peer.call("sendMessage")
    (sent,) = await peer.chat(7)
    return sent


async def between(peer: Peer, method: str) -> float:
    """How long after one call of a method the next one comes."""
    await peer.call(method)
    first = time.monotonic()
    await peer.call(method)
    return time.monotonic() - first


async def test_a_used_button_goes_later_where_it_could_not_go_at_once(chat_desk: DeskUnderTest, peer: Peer) -> None:
    sent = await asked(chat_desk, peer)
    await peer.fault("editMessageText", drop="before")
    await peer.presses(7, buttons(sent)[0], sent["message_id"])
    await between(peer, "editMessageText")
    assert [len(buttons(m)) for m in await peer.chat(7)] == [0]


async def test_a_press_is_answered_when_telegram_takes_answers_again(chat_desk: DeskUnderTest, peer: Peer) -> None:
    sent = await asked(chat_desk, peer)
    await peer.fault("answerCallbackQuery", **wait(1))
    await peer.presses(7, buttons(sent)[0], sent["message_id"])
    assert await between(peer, "answerCallbackQuery") > 0.9


@pytest.mark.parametrize("method", ["sendChatAction", "editMessageReplyMarkup"])
async def test_whatever_telegram_asked_a_chat_to_wait_for_its_messages_wait_too(
    chat_desk: DeskUnderTest, peer: Peer, method: str
) -> None:
    await asked(chat_desk, peer)
    pace = chat_desk.app.state.desk.telegram.pace
    chat_desk.engine.say = lambda turn: [{"text": "Well."}]
    chat_desk.app.state.desk.worker.typing_after = 0.0
    chat_desk.engine.may_answer.clear()
    await peer.fault(method, **wait(1))
    await peer.says(7, "wait")
    await peer.call(method)
    begun = time.monotonic()

    async def held() -> bool:
        return bool(pace.held_s("7") > 0)

    await until(chat_desk, held)
    chat_desk.engine.may_answer.set()
    await peer.call("sendMessage", text="Well.")
    assert time.monotonic() - begun > 0.9


async def test_used_buttons_that_a_restart_left_are_taken_away_at_the_next_message(
    chat_desk: DeskUnderTest, peer: Peer
) -> None:
    sent = await asked(chat_desk, peer)
    receiver = chat_desk.app.state.desk.telegram.receiver
    await peer.fault("editMessageText", **wait(600))
    await peer.presses(7, buttons(sent)[0], sent["message_id"])
    await peer.call("editMessageText")
    async with asyncio.timeout(4):
        await receiver.close()
    receiver.tidying = Tidying(Pace())  # what began anew remembers nothing
    await peer.says(7, "and then?")
    await peer.call("editMessageReplyMarkup")
    assert [len(buttons(m)) for m in await peer.chat(7)] == [0]


@pytest.mark.parametrize("trouble", [NotNow(0.0), PerhapsSent()])
async def test_giving_up_in_the_end_is_logged_without_anything_personal(
    monkeypatch: pytest.MonkeyPatch, trouble: ApiTrouble
) -> None:
    monkeypatch.setattr(tidying, "_LONGEST_PAUSE_S", 0.0)
    tries, one = 0, Tidying(Pace())

    async def never() -> None:
        nonlocal tries
        tries += 1
        raise trouble

    with capture_logs() as logged:
        one.begin("7", never)
        await one.close()
    assert tries == 10
    (told,) = logged
    assert told == {"event": "left_untidy", "log_level": "warning", "why": type(trouble).__name__, "tries": 10}


def test_what_asks_for_less_shortens_no_wait() -> None:
    now = [0.0]
    pace = Pace(lambda: now[0])
    pace.hold("a", 30)
    pace.hold("a", 5)
    now[0] = 20.0
    assert pace.held_s("a") == 10
    assert pace.wait_s("a") >= 10
