"""Who waits on Telegram knows as much as on the web: place and expected wait, and who comes, is away or has gone."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from casework.floor.floor import FloorPorts
from casework.floor.ports import Presence
from casework.ports import Owner, Staff
from desk.parts import TelegramSettings
from redress.wiring import floor_ports
from store.database import connect
from store.sql_store import SqlStore
from tests.casework.floor import STAFFING
from tests.desk.conftest import DeskUnderTest, EngineDouble, decided, handoff_of, hired, now, running_desk
from tests.desk.telegram.conftest import buttons, until
from tests.desk.telegram.peer_process import Peer
from tests.recovery.builders import PLAYBOOK

QUICK = timedelta(milliseconds=100)
RULES = replace(PLAYBOOK, staffing=STAFFING)


@pytest.fixture
async def floor(migrated_url: str) -> AsyncIterator[FloorPorts]:
    store = SqlStore(connect(migrated_url))
    yield floor_ports(store, lambda: RULES)
    await store.close()


@dataclass
class Ahead:
    """A clock that a test can put forward."""

    by: timedelta = timedelta()

    def __call__(self) -> datetime:
        return now() + self.by


@pytest.fixture
def clock() -> Ahead:
    return Ahead()


@pytest.fixture
def opened(
    migrated_url: str,
    clean: None,
    engine: AsyncEngine,
    engine_double: EngineDouble,
    bot: TelegramSettings,
    floor: FloorPorts,
    clock: Ahead,
) -> AbstractAsyncContextManager[DeskUnderTest]:
    """A desk with people at work, whose bot hands everybody over."""

    async def hand_over(turn: dict[str, Any]) -> None:
        await decided(engine, handoff=handoff_of(turn["message_id"]))(turn)

    engine_double.before_answer = hand_over
    return running_desk(migrated_url, engine_double, telegram=bot, floor=floor, floor_every=QUICK, clock=clock)


@pytest.fixture
async def staffed(opened: AbstractAsyncContextManager[DeskUnderTest]) -> AsyncIterator[DeskUnderTest]:
    async with opened as desk:
        yield desk


@pytest.fixture
async def priya(staffed: DeskUnderTest) -> Staff:
    return await hired(staffed.store, "u1", "Priya Shah")


async def asks_for_a_person(desk: DeskUnderTest, peer: Peer, chat: int) -> str:
    """Returns the conversation, once it is answered."""
    await peer.says(chat, "a person please")
    answered = await peer.call("sendMessage", chat_id=str(chat))
    assert answered["params"]["text"].startswith("You said: a person please")
    found = await desk.store.conversations.latest_for("telegram", str(chat))
    assert found is not None
    return found.id


async def line_of(peer: Peer, chat: int) -> dict[str, Any]:
    """What is sent as the line of a chat."""
    sent: dict[str, Any] = (await peer.call("sendMessage", chat_id=str(chat)))["params"]
    return sent


async def kept(desk: DeskUnderTest, conversation: str) -> None:
    """The desk knows its line."""

    async def look() -> bool:
        line = await desk.store.wait_lines.of("telegram", conversation)
        return line is not None and bool(line.text)

    assert await until(desk, look)


async def texts(peer: Peer, chat: int) -> list[str]:
    return [m["text"] for m in await peer.chat(chat)]


async def all_read(desk: DeskUnderTest, conversation: str, last: str) -> bool:
    return (await desk.store.messages.all(conversation))[-1].text == last


async def test_the_place_is_told_without_a_sound_moves_and_goes_when_a_person_comes(
    staffed: DeskUnderTest, peer: Peer, priya: Staff
) -> None:
    first = await asks_for_a_person(staffed, peer, 7)
    assert (await line_of(peer, 7))["text"] == "utter_queue_position 1 "
    second = await asks_for_a_person(staffed, peer, 8)
    told = await line_of(peer, 8)
    assert (told["text"], told["disable_notification"]) == ("utter_queue_position 2 ", "true")
    await staffed.ownership.claim(first, priya)
    assert (await peer.call("editMessageText", chat_id="8"))["params"]["text"] == "utter_queue_position 1 "
    await peer.call("sendMessage", text="You're now talking to Priya.")
    await peer.call("deleteMessage", chat_id="7")
    assert (await texts(peer, 7))[1:] == ["You're now talking to Priya."]
    assert len(await texts(peer, 8)) == 2, "it is one line, however often it changes"
    said = [m.text for m in await staffed.store.messages.all(second) if m.author == "system"]
    assert said == [], "it is no message of the conversation"


async def test_the_expected_wait_is_told_once_there_is_a_basis_for_it(
    staffed: DeskUnderTest, peer: Peer, priya: Staff, clock: Ahead
) -> None:
    attendance = staffed.app.state.desk.floor.attendance
    for chat in range(20, 25):
        handled = await asks_for_a_person(staffed, peer, chat)
        await staffed.ownership.claim(handled, priya)
        await staffed.ownership.resolve(handled, priya, "courier strike")
    clock.by += timedelta(minutes=1)  # what was known of the floor is asked anew
    await attendance.seen(priya.id)
    await attendance.choose(priya.id, Presence.ONLINE)
    await asks_for_a_person(staffed, peer, 7)

    async def knows() -> bool:
        return (await texts(peer, 7))[1:] == ["utter_queue_position 1 about 5 minutes"]

    assert await until(staffed, knows)


async def test_who_joins_is_away_and_leaves_is_told_here_too(
    staffed: DeskUnderTest, peer: Peer, priya: Staff
) -> None:
    conversation = await asks_for_a_person(staffed, peer, 7)
    await staffed.ownership.claim(conversation, priya)
    await peer.call("sendMessage", text="You're now talking to Priya.")
    await staffed.app.state.desk.floor.attendance.choose(priya.id, Presence.AWAY)
    await peer.call("sendMessage", text="utter_agent_away Priya")
    await staffed.ownership.release(conversation, priya.id, "care", "senior")
    await peer.call("sendMessage", text="utter_agent_gone Priya")
    await line_of(peer, 7)


async def test_when_nobody_is_left_a_call_is_offered_here_too_and_the_button_stays_while_one_waits(
    staffed: DeskUnderTest, peer: Peer, priya: Staff, clock: Ahead
) -> None:
    desk = staffed.app.state.desk
    await desk.floor.attendance.choose(priya.id, Presence.ONLINE)
    conversation = await asks_for_a_person(staffed, peer, 7)
    clock.by += timedelta(minutes=2)  # her browser has been silent for longer than that
    await desk.floor.look()
    clock.by += timedelta(seconds=15)
    offered = await peer.call("sendMessage", text="utter_everybody_left")
    (button,) = buttons(offered["params"])
    assert button["text"] == "utter_title_call_back"
    for words in ("hello?", "anybody?"):
        await peer.says(7, words)
    await until(staffed, lambda: all_read(staffed, conversation, "anybody?"))
    (sent,) = [m for m in await peer.chat(7) if m["text"] == "utter_everybody_left"]
    await peer.presses(7, buttons(sent)[0], sent["message_id"])
    await peer.call("sendMessage", text="utter_callback_details")
    assert await desk.floor.callbacks.store.open_one(conversation) is not None


async def test_who_passes_on_and_gives_back_is_told_here_too(
    staffed: DeskUnderTest, peer: Peer, priya: Staff
) -> None:
    conversation = await asks_for_a_person(staffed, peer, 7)
    await staffed.ownership.claim(conversation, priya)
    other = await hired(staffed.store, "u2", "Sam Reed")
    await staffed.ownership.transfer_to_person(conversation, priya, other, "theirs")
    await peer.call("sendMessage", text="utter_passed_to_agent Sam")
    await staffed.ownership.return_to_bot(conversation, other)
    await peer.call("sendMessage", text="utter_returned_to_bot")


async def test_a_desk_that_starts_again_says_no_second_line_and_takes_the_first_back(
    migrated_url: str,
    opened: AbstractAsyncContextManager[DeskUnderTest],
    engine_double: EngineDouble,
    bot: TelegramSettings,
    floor: FloorPorts,
    peer: Peer,
) -> None:
    async with opened as desk:
        conversation = await asks_for_a_person(desk, peer, 7)
        await line_of(peer, 7)
        await kept(desk, conversation)
    async with running_desk(migrated_url, engine_double, telegram=bot, floor=floor, floor_every=QUICK) as again:
        priya = await hired(again.store, "u1", "Priya Shah")
        await again.ownership.claim(conversation, priya)
        await peer.call("deleteMessage", chat_id="7")
        await peer.call("sendMessage", text="You're now talking to Priya.")
        assert (await texts(peer, 7))[1:] == ["You're now talking to Priya."]
    await peer.refresh()
    assert not [c for c in peer.calls if "queue_position" in str(c["params"].get("text"))]


async def test_who_waits_on_the_web_is_told_nothing_by_telegram(staffed: DeskUnderTest) -> None:
    customer = await staffed.customer()
    await customer.send("a person please")

    async def waits() -> bool:
        return await staffed.store.wait_lines.of("web", customer.conversation) is not None

    assert await until(staffed, waits)
    assert await staffed.store.wait_lines.of("telegram", customer.conversation) is None


async def test_a_line_too_old_to_be_deleted_says_what_is_true_now(
    staffed: DeskUnderTest, peer: Peer, priya: Staff
) -> None:
    conversation = await asks_for_a_person(staffed, peer, 7)
    await line_of(peer, 7)
    await peer.fault("deleteMessage", status=400, description="Bad Request: message can't be deleted for everyone")
    await staffed.ownership.claim(conversation, priya)
    changed = await peer.call("editMessageText", chat_id="7")
    assert changed["params"]["text"] == "You're now talking to Priya."

    async def forgotten() -> bool:
        return await staffed.store.wait_lines.of("telegram", conversation) is None

    assert await until(staffed, forgotten)
    assert (await staffed.store.conversations.get(conversation)).owner is Owner.AGENT


async def test_who_blocks_the_bot_while_waiting_still_waits(staffed: DeskUnderTest, peer: Peer, priya: Staff) -> None:
    await peer.says(7, "a person please")
    await peer.call("sendMessage", chat_id="7")
    await line_of(peer, 7)
    await peer.fault("sendMessage", chat=8, status=403, description="Forbidden: bot was blocked by the user")
    await peer.fault("sendMessage", chat=8, status=403, description="Forbidden: bot was blocked by the user")
    await peer.says(8, "a person please")
    for _ in range(2):
        await peer.call("sendMessage", chat_id="8")
    blocked = await staffed.store.conversations.latest_for("telegram", "8")
    assert blocked is not None
    await kept(staffed, blocked.id)
    await staffed.ownership.claim(blocked.id, priya)
    await peer.call("sendMessage", chat_id="8", text="You're now talking to Priya.")
