"""Another bot of ours on the same database: Telegram numbers messages for each bot, so no number is a repeat."""

from typing import Any

from desk.telegram.receiving import Receiver
from desk.telegram.updates import Command, Corrected, Meaning, Said
from tests.desk.conftest import DeskUnderTest
from tests.desk.telegram.peer_process import Peer


def bot_of(desk: DeskUnderTest, account: str) -> Receiver:
    """The desk as it is after a restart with this bot's token."""
    was: Any = desk.app.state.desk.telegram.receiver
    kept = {name: getattr(was, name) for name in was.__dataclass_fields__ if name not in ("account", "_numbering")}
    return Receiver(**kept, account=account)


async def said(desk: DeskUnderTest) -> list[str]:
    found = await desk.store.conversations.latest_for("telegram", "7")
    assert found is not None
    return [m.text for m in await desk.store.messages.all(found.id) if m.channel_message_id]


def says(text: str, album: str | None = None) -> Said:
    return Said("7", "Ada", "5", text, album=album)


async def test_what_another_bot_hears_under_a_number_that_was_stored_is_a_new_message(
    chat_desk: DeskUnderTest, peer: Peer
) -> None:
    first, other = bot_of(chat_desk, "1"), bot_of(chat_desk, "2")
    for bot, text in ((first, "my lamp is broken"), (other, "and my vase")):
        assert await bot.take(says(text)) is True
        assert await bot.take(says(text)) is False  # it came again
    assert await said(chat_desk) == ["my lamp is broken", "and my vase"]


async def test_the_first_bot_that_comes_back_knows_what_it_stored(chat_desk: DeskUnderTest, peer: Peer) -> None:
    for account, new in (("1", True), ("2", True), ("1", False), ("2", False)):
        assert await bot_of(chat_desk, account).take(says("my lamp is broken")) is new
    assert len(await said(chat_desk)) == 2


async def test_what_was_stored_before_bots_were_told_apart_is_no_news_to_the_bot_that_goes_on(
    chat_desk: DeskUnderTest, peer: Peer
) -> None:
    desk: Any = chat_desk.app.state.desk
    conversation = await desk.chats.conversation("telegram", "7", "Ada")
    await desk.intake.receive(conversation.id, "5", "my lamp is broken")
    assert await bot_of(chat_desk, "1").take(says("my lamp is broken")) is False


async def test_commands_and_edits_of_another_bot_are_told_apart_too(chat_desk: DeskUnderTest, peer: Peer) -> None:
    first, other = bot_of(chat_desk, "1"), bot_of(chat_desk, "2")
    help_: Meaning = Command("7", "Ada", "5", "/help", "help", "")
    await first.take(says("my lamp is broken"))
    await other.take(Corrected("7", "5", "somebody's else"))
    await other.take(help_)
    assert await said(chat_desk) == ["my lamp is broken", "/help"]
    await other.take(Corrected("7", "5", "help me"))
    await first.take(Corrected("7", "5", "my lamp is dented"))
    assert await said(chat_desk) == ["my lamp is dented", "help me"]


async def test_albums_of_two_bots_with_the_same_number_are_two_messages(chat_desk: DeskUnderTest, peer: Peer) -> None:
    assert await bot_of(chat_desk, "1").take(says("the lamp", album="9"))
    assert await bot_of(chat_desk, "2").take(says("the vase", album="9"))
    assert await said(chat_desk) == ["the lamp", "the vase"]
