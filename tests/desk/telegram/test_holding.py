"""What must hold whatever fails: no update lost or doubled, each reply once and in order, nobody pestered."""

import asyncio
from typing import Any

import pytest
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from casework.ports import Author, Button, Message, Outbound, Owner, Staff, Status
from desk.parts import TelegramSettings
from desk.telegram.channel import webhook_secret
from desk.telegram.receiving import Receiver
from desk.telegram.updates import Said
from tests.desk.conftest import SECRET, DeskUnderTest, EngineDouble, decided, handoff_of, now, running_desk
from tests.desk.telegram.conftest import buttons, until
from tests.desk.telegram.peer_process import Peer


async def told(desk: DeskUnderTest, chat: int = 7) -> list[Message]:
    """The conversation of a chat, whole."""
    found = await desk.store.conversations.latest_for("telegram", str(chat))
    return list(await desk.store.messages.all(found.id)) if found else []


async def settled(desk: DeskUnderTest, count: int, chat: int = 7) -> list[Message]:
    """The conversation once it has so many messages and none is on its way."""

    async def look() -> list[Message]:
        found = await told(desk, chat)
        moving = (Status.RECEIVED, Status.READY)
        return found if len(found) == count and all(m.status not in moving for m in found) else []

    return await until(desk, look)


async def say(desk: DeskUnderTest, text: str, chat: int = 7, **more: Any) -> Outbound:
    found = await desk.store.conversations.latest_for("telegram", str(chat))
    assert found is not None
    said = Outbound(f"m-{abs(hash(text))}", Author.SYSTEM, text, **more)
    await desk.store.messages.say(found.id, said, now())
    return said


async def test_an_update_that_was_stored_but_not_confirmed_comes_again_and_is_one_message(
    chat_desk: DeskUnderTest, peer: Peer
) -> None:
    raw = {"message": {"message_id": 41, "date": 1, "text": "hello", **_who(7)}}
    await peer.update(raw)
    await peer.call("sendMessage")
    await peer.update(raw)  # Telegram numbers it anew only here; what counts is the message's own id
    await peer.says(7, "and this")
    await peer.call("sendMessage", text="You said: and this")
    assert [m.text for m in await told(chat_desk) if m.author == "customer"] == ["hello", "and this"]


async def test_nothing_is_confirmed_before_it_is_stored(
    migrated_url: str, clean: None, engine_double: EngineDouble, bot: TelegramSettings, peer: Peer
) -> None:
    async with running_desk(migrated_url, engine_double, telegram=bot) as desk:
        await peer.call("deleteWebhook")
        receive = desk.app.state.desk.telegram.receiver

        async def dies(meaning: object) -> bool:
            raise SystemError("cut off in the middle")

        receive.take = dies
        await peer.says(7, "do not lose me")
        assert [u["message"]["text"] for u in await peer.waiting()] == ["do not lose me"]
    async with running_desk(migrated_url, engine_double, telegram=bot):
        await peer.call("sendMessage", text="You said: do not lose me")


async def test_of_many_waiting_messages_those_long_stored_do_not_come_again_however_often_a_desk_is_cut_off(
    migrated_url: str,
    clean: None,
    engine_double: EngineDouble,
    bot: TelegramSettings,
    peer: Peer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chats = range(100, 145)
    for chat in chats:
        await peer.says(chat, "still waiting")
    take = Receiver.take

    async def cut_off_at_the_last(receiver: Receiver, meaning: Said) -> bool:
        if meaning.chat == str(chats[-1]):
            await asyncio.Event().wait()
        return await take(receiver, meaning)

    monkeypatch.setattr(Receiver, "take", cut_off_at_the_last)
    async with running_desk(migrated_url, engine_double, telegram=bot) as desk:
        await until(desk, lambda: told(desk, chats[-2]))
        left = [chat for update in await peer.waiting() if (chat := update["message"]["chat"]["id"]) in chats]
    assert 0 < len(left) < len(chats) / 2


async def test_of_two_desks_one_fetches_and_the_other_takes_over_when_it_is_gone(
    migrated_url: str, clean: None, engine_double: EngineDouble, bot: TelegramSettings, peer: Peer
) -> None:
    async with running_desk(migrated_url, engine_double, telegram=bot) as second:
        await peer.call("deleteWebhook")
        async with running_desk(migrated_url, engine_double, telegram=bot):
            await peer.says(7, "first")
            await peer.call("sendMessage", text="You said: first")
        await peer.says(7, "second")
        await peer.call("sendMessage", text="You said: second")
        assert [m.text for m in await settled(second, 4)] == [
            "first",
            "You said: first",
            "second",
            "You said: second",
        ]
    assert len(await peer.chat(7)) == 2


async def test_messages_arrive_in_order_each_once_though_telegram_stumbles(
    chat_desk: DeskUnderTest, peer: Peer
) -> None:
    await peer.fault("sendMessage", status=429, description="Too Many Requests", parameters={"retry_after": 1})
    await peer.fault("sendMessage", drop="before")
    for number in range(3):
        await peer.says(7, f"{number}")
    await settled(chat_desk, 6)
    assert [m["text"] for m in await peer.chat(7)] == [f"You said: {number}" for number in range(3)]


async def test_a_send_whose_answer_was_lost_may_repeat_and_is_marked(chat_desk: DeskUnderTest, peer: Peer) -> None:
    await peer.fault("sendMessage", drop="after")
    await peer.says(7, "hello")
    _, reply = await settled(chat_desk, 2)
    assert [m["text"] for m in await peer.chat(7)] == ["You said: hello"] * 2
    arrivals = await chat_desk.store.deliveries.arrivals([reply.id])
    assert arrivals[reply.id].repeated


async def test_who_blocks_the_bot_is_left_alone_and_the_staff_are_told_once(
    chat_desk: DeskUnderTest, peer: Peer
) -> None:
    blocked = {"status": 403, "description": "Forbidden: bot was blocked by the user"}
    await peer.fault("sendMessage", **blocked)
    await peer.says(7, "hello")
    _, reply = await settled(chat_desk, 2)
    assert reply.status is Status.UNDELIVERABLE
    await peer.fault("sendMessage", **blocked)
    await say(chat_desk, "Are you there?")
    await settled(chat_desk, 3)
    alerts = await chat_desk.store.alerts.open_ones()
    assert [a.text for a in alerts] == ["The customer has blocked the bot."]
    await peer.refresh()
    assert sum(call["method"] == "sendMessage" for call in peer.calls) == 2
    await say(chat_desk, "Welcome back.")
    assert (await settled(chat_desk, 4))[-1].status is Status.DELIVERED


async def test_a_chat_that_has_moved_is_followed(chat_desk: DeskUnderTest, peer: Peer) -> None:
    parameters = {"migrate_to_chat_id": 99}
    await peer.fault("sendMessage", status=400, description="Bad Request: migrated", parameters=parameters)
    await peer.says(7, "hello")
    await peer.call("sendMessage", chat_id="99")
    assert [m["text"] for m in await peer.chat(99)] == ["You said: hello"]


async def test_a_long_text_comes_in_parts_with_its_buttons_last(chat_desk: DeskUnderTest, peer: Peer) -> None:
    await peer.says(7, "hello")
    await settled(chat_desk, 2)
    text = "\n\n".join(f"Paragraph {n}. " + "All of it matters. 🙂 " * 40 for n in range(8))
    await say(chat_desk, text, buttons=(Button("Yes", "/affirm"),))
    await settled(chat_desk, 3)
    _, *parts = await peer.chat(7)
    assert len(parts) > 1
    assert "".join("".join(p["text"].split()) for p in parts) == "".join(text.split())
    assert [len(buttons(p)) for p in parts] == [0] * (len(parts) - 1) + [1]


async def test_an_edit_corrects_the_record_and_makes_no_turn(chat_desk: DeskUnderTest, peer: Peer) -> None:
    message_id = await peer.says(7, "order 10482")
    await settled(chat_desk, 2)
    await peer.edits(7, message_id, "order 10428")

    async def corrected() -> list[Message]:
        return [m for m in await told(chat_desk) if m.text == "order 10428"]

    (message,) = await until(chat_desk, corrected)
    assert await chat_desk.store.messages.before([message.id]) == {message.id: ["order 10482"]}
    assert len(chat_desk.engine.asked) == 1


async def test_a_danger_that_an_edit_tells_of_is_heard_at_once_and_once(chat_desk: DeskUnderTest, peer: Peer) -> None:
    message_id = await peer.says(7, "the kettle is a bit warm")
    await settled(chat_desk, 2)
    for text in ("the kettle is on fire", "the kettle is on fire, help"):
        await peer.edits(7, message_id, text)

    async def corrected() -> list[Message]:
        return [m for m in await told(chat_desk) if m.text == "the kettle is on fire, help"]

    assert await until(chat_desk, corrected)
    await settled(chat_desk, 4)
    assert [turn["text"] for turn in chat_desk.engine.asked] == [
        "the kettle is a bit warm",
        "the kettle is on fire",
    ]


async def test_an_edit_corrects_the_conversation_that_the_message_is_in(chat_desk: DeskUnderTest, peer: Peer) -> None:
    message_id = await peer.says(7, "order 10482")
    first, _ = await settled(chat_desk, 2)
    # Who signs out is a stranger again: what they write next begins another conversation.
    await chat_desk.store.conversations.verify(first.conversation_id, "C001", "Robin", "7")
    await peer.says(7, "something else")
    await settled(chat_desk, 2)
    await peer.edits(7, message_id, "order 10428")

    async def corrected() -> bool:
        (message, _) = await chat_desk.store.messages.all(first.conversation_id)
        return message.text == "order 10428"

    assert await until(chat_desk, corrected)


async def test_a_button_counts_once_however_often_it_is_pressed(chat_desk: DeskUnderTest, peer: Peer) -> None:
    yes = {"title": "Yes", "payload": "/affirm"}
    chat_desk.engine.say = lambda turn: [{"text": "Shall I?", "buttons": [yes, {"title": "No", "payload": "/deny"}]}]
    await peer.says(7, "hello")
    await settled(chat_desk, 2)
    (sent,) = await peer.chat(7)
    first, other = buttons(sent)
    for button in (first, first, other):
        await peer.presses(7, button, sent["message_id"])
    answers = [(await peer.call("answerCallbackQuery"))["params"].get("text") for _ in range(3)]
    assert (
        sorted(answers, key=str) == [None, "utter_button_used", "utter_button_used"][::-1] or answers.count(None) == 1
    )
    await settled(chat_desk, 4)
    assert [t["text"] for t in chat_desk.engine.asked] == ["hello", "/affirm"]


async def test_a_button_of_nothing_that_we_said_is_answered_and_counts_as_nothing(
    chat_desk: DeskUnderTest, peer: Peer
) -> None:
    for data in ("0.m-unknown", "nonsense", "99999.x", "."):
        await peer.presses(7, {"callback_data": data}, 12)
        assert (await peer.call("answerCallbackQuery"))["params"]["text"] == "utter_button_gone"
    assert await told(chat_desk) == []


async def test_words_close_the_question_that_buttons_asked(chat_desk: DeskUnderTest, peer: Peer) -> None:
    chat_desk.engine.say = lambda turn: [{"text": "Shall I?", "buttons": [{"title": "Yes", "payload": "/affirm"}]}]
    await peer.says(7, "hello")
    await settled(chat_desk, 2)
    await peer.says(7, "wait")
    await peer.call("editMessageReplyMarkup")
    await settled(chat_desk, 4)
    assert [len(buttons(m)) for m in await peer.chat(7)] == [0, 1]


async def test_typing_shows_only_while_an_answer_is_prepared(chat_desk: DeskUnderTest, peer: Peer) -> None:
    worker = chat_desk.app.state.desk.worker
    worker.typing_after = 60.0  # sooner than that the answer is there, on the slowest machine
    await peer.says(7, "quick")
    await peer.call("sendMessage")
    await peer.refresh()
    assert [c for c in peer.calls if c["method"] == "sendChatAction"] == []
    worker.typing_after = 0.0
    chat_desk.engine.may_answer.clear()
    await peer.says(7, "slow")
    typing = await peer.call("sendChatAction")
    assert typing["params"] == {"chat_id": "7", "action": "typing"}
    chat_desk.engine.may_answer.set()
    await peer.call("sendMessage", text="You said: slow")


async def test_a_group_is_declined_and_left_and_nothing_of_it_is_kept(chat_desk: DeskUnderTest, peer: Peer) -> None:
    await peer.in_group(-5, "hello bot")
    assert (await peer.call("sendMessage"))["params"]["text"] == "utter_chat_no_groups"
    await peer.call("leaveChat")
    assert await chat_desk.store.conversations.latest_for("telegram", "-5") is None


async def test_a_person_is_one_command_away(chat_desk: DeskUnderTest, peer: Peer, engine: AsyncEngine) -> None:
    async def hand_over(turn: dict[str, Any]) -> None:
        await decided(engine, handoff=handoff_of(turn["message_id"]))(turn)

    chat_desk.engine.before_answer = hand_over
    await peer.says(7, "/person")
    await settled(chat_desk, 2)
    assert chat_desk.engine.asked[0]["text"] == "/request_human"
    found = await chat_desk.store.conversations.latest_for("telegram", "7")
    assert found is not None
    assert found.owner is Owner.QUEUE


async def test_commands_are_answered_without_a_turn(chat_desk: DeskUnderTest, peer: Peer) -> None:
    for command, said in (
        ("/start", "utter_chat_welcome Harbour & Pine"),
        ("/help", "utter_chat_help"),
        ("/unlink", "utter_chat_not_linked"),
        ("/fly", "utter_chat_unknown_command"),
    ):
        await peer.says(7, command)
        assert (await peer.call("sendMessage"))["params"]["text"] == said
    assert chat_desk.engine.asked == []


async def test_after_a_person_takes_over_the_bot_is_silent_here_too(
    chat_desk: DeskUnderTest, peer: Peer, vera: Staff
) -> None:
    await peer.says(7, "hello")
    await settled(chat_desk, 2)
    conversation = (await told(chat_desk))[0].conversation_id
    await chat_desk.ownership.take_over(conversation, vera)
    for words in ("hello?", "/restart", "/fly", "/code 123456", "are you there?"):
        await peer.says(7, words)

    async def held() -> list[Message]:
        found = [m for m in await told(chat_desk) if m.status is Status.HELD]
        return found if len(found) == 5 else []

    assert await until(chat_desk, held)
    assert len(chat_desk.engine.asked) == 1
    assert [m.author for m in await told(chat_desk)][3:] == ["customer"] * 5


async def test_a_webhook_needs_its_secret_and_stores_before_it_answers(
    migrated_url: str, clean: None, engine_double: EngineDouble, peer: Peer
) -> None:
    bot = TelegramSettings(peer.token, peer.url, "https://desk.example")
    async with running_desk(migrated_url, engine_double, telegram=bot) as desk:
        told_where = (await peer.call("setWebhook"))["params"]
        secret = webhook_secret(SECRET + "s")
        assert (told_where["url"], told_where["secret_token"]) == ("https://desk.example/telegram/webhook", secret)
        update = {"update_id": 5, "message": {"message_id": 3, "date": 1, "text": "hello", **_who(7)}}
        header = {"X-Telegram-Bot-Api-Secret-Token": secret}
        assert (await desk.http.post("/telegram/webhook", json=update)).status_code == 403
        assert await told(desk) == []
        for _ in range(2):
            assert (await desk.http.post("/telegram/webhook", json=update, headers=header)).status_code == 200
            assert [m.text for m in await told(desk) if m.author == "customer"] == ["hello"]
        await peer.call("sendMessage", text="You said: hello")


async def test_an_update_that_always_breaks_us_is_left_to_a_person_and_telegram_need_not_bring_it_again(
    migrated_url: str, clean: None, engine_double: EngineDouble, peer: Peer
) -> None:
    bot = TelegramSettings(peer.token, peer.url, "https://desk.example")
    async with running_desk(migrated_url, engine_double, telegram=bot) as desk:
        taken = desk.app.state.desk.telegram.receiver.take
        header = {"X-Telegram-Bot-Api-Secret-Token": webhook_secret(SECRET + "s")}

        async def breaks(meaning: object) -> bool:
            raise TypeError("a bug")

        async def brings(text: str) -> int:
            update = {"update_id": 5, "message": {"message_id": 3, "date": 1, "text": text, **_who(7)}}
            return (await desk.http.post("/telegram/webhook", json=update, headers=header)).status_code

        assert await brings("\u200b") == 200
        assert await desk.store.alerts.open_ones() == []
        desk.app.state.desk.telegram.receiver.take = breaks
        assert await brings("poison") == 200
        assert [alert.kind for alert in await desk.store.alerts.open_ones()] == ["telegram"]
        desk.app.state.desk.telegram.receiver.take = taken
        assert await brings("the next one") == 200
        assert "the next one" in [m.text for m in await told(desk)]


async def test_the_token_is_never_logged(chat_desk: DeskUnderTest, peer: Peer) -> None:
    with structlog.testing.capture_logs() as logs:
        for fault in ({"status": 401, "description": "Unauthorized"}, {"status": 500, "description": "Internal"}):
            await peer.fault("sendMessage", **fault)
        await peer.says(7, "hello")
        async with asyncio.timeout(8):
            while not any(entry["event"] == "not_delivered" for entry in logs):
                await peer.refresh(wait_ms=100)
    assert peer.token not in str(logs)
    assert peer.token not in repr(chat_desk.app.state.desk.parts.telegram)


def _who(chat: int) -> dict[str, Any]:
    person = {"id": chat, "is_bot": False, "first_name": "Robin"}
    return {"from": person, "chat": {"id": chat, "type": "private", "first_name": "Robin"}}
