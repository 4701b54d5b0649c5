"""Somebody on Telegram proves by a mailed code who they are, and goes on with what they began on the web."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from casework.turn import Bot, Turn
from crm_adapter.company import Company
from crm_adapter.memory import MemoryCrm
from desk.parts import TelegramSettings
from recovery.words import DialogueAct
from store.database import Database
from store.surroundings import SqlSurroundings
from store.turn_memory import SqlTurnMemory
from tests.casework.company import any_words, read_payload, texts
from tests.desk.conftest import DeskUnderTest, EngineDouble, running_desk
from tests.desk.telegram.peer_process import Peer
from tests.desk.test_proving import Postbox, answer_to, posted
from tests.recovery.builders import CUSTOMER, LATE, NOW, PLAYBOOK, order, said, topic_of

UNDERSTOOD: dict[str, tuple[DialogueAct, dict[str, Any]]] = {
    "my parcel is late": (DialogueAct.REPORT_PROBLEM, {"challenges": (LATE,)}),
    "where does my case stand?": (DialogueAct.ASK_STATUS, {}),
}


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
async def both(
    migrated_url: str,
    clean: None,
    engine: AsyncEngine,
    engine_double: EngineDouble,
    bot: TelegramSettings,
    postbox: Postbox,
) -> AsyncIterator[DeskUnderTest]:
    """A desk with both channels, whose engine asks the real bot; only the understanding is given."""
    crm = MemoryCrm(Company(customers=(CUSTOMER,), orders=(order(),)))
    memory, around = SqlTurnMemory(Database(engine)), SqlSurroundings(Database(engine))
    mind = Bot(crm, memory, any_words(), lambda: PLAYBOOK, lambda: NOW, around, mails_codes=True)
    said_to: dict[str, list[dict[str, Any]]] = {}

    async def think(turn: dict[str, Any]) -> None:
        words, known = turn["text"], turn["metadata"]
        if words.startswith("/"):
            act, choice = read_payload(words)
            heard = said("", act, choice=choice, message_id=turn["message_id"])
        else:
            act, more = UNDERSTOOD[words]
            heard = said(words, act, message_id=turn["message_id"], **more)
        stage = (await memory.recall(turn["conversation"])).state.stage
        outcome = await mind.take(
            Turn(turn["conversation"], topic_of(heard, stage), heard, known["customer_id"], known["channel"])
        )
        said_to[turn["message_id"]] = [
            {"text": texts({"replies": [r]}), "metadata": {"id": r["id"], **r["meta"]}} for r in outcome["replies"]
        ]

    engine_double.before_answer = think
    engine_double.say = lambda turn: said_to[turn["message_id"]]
    async with running_desk(migrated_url, engine_double, telegram=bot, crm=crm, mailer=postbox) as running:
        yield running


async def hears(peer: Peer, text: str) -> str:
    await peer.says(7, text)
    return await next_of(peer)


async def next_of(peer: Peer) -> str:
    return str((await peer.call("sendMessage", chat_id="7"))["params"]["text"])


async def test_a_case_opened_on_the_web_is_known_on_telegram_once_its_customer_has_proved_who_they_are(
    both: DeskUnderTest, peer: Peer, postbox: Postbox
) -> None:
    on_web = await both.customer()
    async with on_web.events() as events:
        await on_web.send("my parcel is late", "k1")
        assert (
            "utter_ask_for_email"
            in (await events.next(author="bot"))["text"] + (await events.next(author="bot"))["text"]
        )
        await answer_to(both, on_web, CUSTOMER.email)
        await answer_to(both, on_web, f"it's {postbox.code}")
        offered = await events.next(author="bot")  # nothing was told again
    assert "utter_offer" in offered["text"]
    (case,) = await both.app.state.desk.parts.crm.cases(CUSTOMER.id)

    assert await hears(peer, f"I'm {CUSTOMER.email}") == "utter_code_on_its_way"
    await posted(both)
    assert (await hears(peer, postbox.code)).startswith("utter_code_right")
    await next_of(peer)
    told = await hears(peer, "where does my case stand?")
    assert "utter_status" in told
    assert both.engine.asked[-1]["metadata"]["customer_id"] == CUSTOMER.id
    assert [c.id for c in await both.app.state.desk.parts.crm.cases(CUSTOMER.id)] == [case.id]

    link = await both.store.identities.of("telegram", "7")
    assert link is not None
    assert (link.customer_id, link.how) == (CUSTOMER.id, "email_code")
    conversation = await both.store.conversations.latest_for("telegram", "7")
    assert conversation is not None
    assert not any(postbox.code in m.text for m in await both.store.messages.all(conversation.id))
    assert (await hears(peer, "/unlink")).startswith("utter_chat_unlinked")
    assert await both.store.identities.of("telegram", "7") is None


async def test_a_code_sent_as_a_command_proves_as_much_as_a_bare_one(
    both: DeskUnderTest, peer: Peer, postbox: Postbox
) -> None:
    assert await hears(peer, CUSTOMER.email) == "utter_code_on_its_way"
    await posted(both)
    assert await hears(peer, "/code") == "utter_chat_unknown_command"
    other = str((int(postbox.code) + 1) % 10**6).zfill(6)
    assert (await hears(peer, f"/code {other}")).startswith("utter_code_wrong")
    assert (await hears(peer, f"/code@TestNameBot {postbox.code}")).startswith("utter_code_right")
    link = await both.store.identities.of("telegram", "7")
    assert link is not None
    assert (link.customer_id, link.how) == (CUSTOMER.id, "email_code")
    conversation = await both.store.conversations.latest_for("telegram", "7")
    assert conversation is not None
    texts = [m.text for m in await both.store.messages.all(conversation.id)]
    assert texts.count("••••••") == 2
    assert not any(code in text for text in texts for code in (other, postbox.code))


async def test_a_code_that_is_quoted_or_stands_in_another_command_is_hidden_too(
    both: DeskUnderTest, peer: Peer, postbox: Postbox
) -> None:
    assert await hears(peer, CUSTOMER.email) == "utter_code_on_its_way"
    await posted(both)
    me = {"id": 7, "is_bot": False, "first_name": "Ada"}
    said = {"message_id": 900, "date": 1, "chat": {"id": 7, "type": "private"}, "from": me}
    quoted = {**said, "text": f"{'- ' * 98}{postbox.code[:3]} {postbox.code[3:]}"}
    assert await hears(peer, f"/fly {postbox.code}") == "utter_chat_unknown_command"
    await peer.says(7, "where does my case stand?", reply_to_message=quoted)
    await next_of(peer)
    conversation = await both.store.conversations.latest_for("telegram", "7")
    assert conversation is not None
    stored = await both.store.messages.all(conversation.id)
    assert [m.text for m in stored if m.text.startswith("/fly")] == ["/fly ••••••"]
    assert [m.meta["quotes"] for m in stored if "quotes" in m.meta] == ["- " * 98 + "••••"]


async def test_help_and_welcome_tell_of_the_code_where_one_can_be_mailed(both: DeskUnderTest, peer: Peer) -> None:
    assert await hears(peer, "/start") == "utter_chat_welcome Harbour & Pine mailed"
    assert await hears(peer, "/help") == "utter_chat_help mailed"
