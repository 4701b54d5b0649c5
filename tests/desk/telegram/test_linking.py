"""Who a chat belongs to: by a link that the shop signed, until it is undone."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from casework.deep_links import sign
from casework.errors import Conflict
from casework.ports import Conversation, Owner, Staff
from crm_adapter.company import Company
from crm_adapter.memory import MemoryCrm
from desk.parts import TelegramSettings
from recovery.owners import Move, State
from tests.desk.conftest import SECRET, DeskUnderTest, EngineDouble, decided, handoff_of, now, running_desk
from tests.desk.telegram.conftest import until
from tests.desk.telegram.peer_process import Peer
from tests.recovery.builders import CUSTOMER

SHOP = SECRET + "i"  # the identity secret of the tests' desk


@pytest.fixture
async def linked_desk(
    migrated_url: str, clean: None, engine_double: EngineDouble, bot: TelegramSettings
) -> AsyncIterator[DeskUnderTest]:
    async with running_desk(
        migrated_url, engine_double, telegram=bot, crm=MemoryCrm(Company(customers=(CUSTOMER,)))
    ) as running:
        yield running


async def chat_of(desk: DeskUnderTest, chat: int = 7) -> Conversation:
    found = await desk.store.conversations.latest_for("telegram", str(chat))
    assert found is not None
    return found


async def said(peer: Peer, chat: int, text: str) -> str:
    """What the bot answers."""
    await peer.says(chat, text)
    return str((await peer.call("sendMessage", chat_id=str(chat)))["params"]["text"])


async def test_a_signed_link_makes_the_chat_the_customers_with_what_was_said_before(
    linked_desk: DeskUnderTest, peer: Peer
) -> None:
    await said(peer, 7, "hello")
    before = await chat_of(linked_desk)
    assert before.customer_id is None
    answer = await said(peer, 7, f"/start {sign(SHOP, CUSTOMER.id, now())}")
    assert answer.startswith("utter_chat_linked")
    after = await chat_of(linked_desk)
    assert (after.id, after.customer_id, after.customer_name) == (before.id, CUSTOMER.id, CUSTOMER.name)
    await said(peer, 7, "where is my order?")
    assert linked_desk.engine.asked[-1]["metadata"]["customer_id"] == CUSTOMER.id


async def test_what_telegram_brings_again_once_the_chat_is_another_conversation_is_heard_once(
    linked_desk: DeskUnderTest, peer: Peer
) -> None:
    """As after a crash between storing some updates and confirming them."""
    texts = (f"/start {sign(SHOP, CUSTOMER.id, now())}", "where is my order?", "/unlink", "hello")
    brought = []
    for text in texts:
        me = {"id": 7, "is_bot": False, "first_name": "Robin"}
        message = {"message_id": await peer.says(7, text), "date": 1, "text": text, "from": me}
        brought.append({"message": {**message, "chat": {"id": 7, "type": "private"}}})
        await peer.call("sendMessage", chat_id="7")
    for update in brought:
        await peer.update(update)
    assert await said(peer, 7, "anybody?") == "You said: anybody?"
    assert [turn["text"] for turn in linked_desk.engine.asked] == ["where is my order?", "hello", "anybody?"]
    assert len(await peer.chat(7)) == 5, "each was answered once"
    assert await linked_desk.store.identities.of("telegram", "7") is None


async def test_a_link_is_for_one_chat_and_its_token_is_not_kept_in_the_record(
    linked_desk: DeskUnderTest, peer: Peer
) -> None:
    token = sign(SHOP, CUSTOMER.id, now())
    assert (await said(peer, 7, f"/start {token}")).startswith("utter_chat_linked")
    assert (await said(peer, 8, f"/start {token}")).startswith("utter_chat_link_refused")
    assert (await chat_of(linked_desk, 8)).customer_id is None
    messages = await linked_desk.store.messages.all((await chat_of(linked_desk)).id)
    assert not any(token in m.text for m in messages)


@pytest.mark.parametrize("secret", [SHOP + "x", SHOP])
async def test_a_forged_link_or_one_for_nobody_leaves_a_stranger(
    linked_desk: DeskUnderTest, peer: Peer, secret: str
) -> None:
    answer = await said(peer, 7, f"/start {sign(secret, 'nobody', now())}")
    assert answer.startswith("utter_chat_link_refused")
    assert (await chat_of(linked_desk)).customer_id is None


async def test_unlinking_begins_a_strangers_conversation_in_the_same_chat(
    linked_desk: DeskUnderTest, peer: Peer
) -> None:
    await said(peer, 7, f"/start {sign(SHOP, CUSTOMER.id, now())}")
    theirs = await chat_of(linked_desk)
    assert (await said(peer, 7, "/unlink")).startswith("utter_chat_unlinked")
    strangers = await chat_of(linked_desk)
    assert (strangers.id == theirs.id, strangers.customer_id) == (False, None)
    await said(peer, 7, "hello again")
    assert linked_desk.engine.asked[-1]["metadata"]["customer_id"] is None
    assert await linked_desk.store.identities.of("telegram", "7") is None


async def test_the_next_customer_at_the_same_phone_does_not_see_the_firsts_conversation(
    linked_desk: DeskUnderTest, peer: Peer
) -> None:
    await said(peer, 7, f"/start {sign(SHOP, CUSTOMER.id, now())}")
    first = await chat_of(linked_desk)
    await linked_desk.app.state.desk.chats.link("telegram", "7", "another", "Somebody Else", "deep_link")
    second = await chat_of(linked_desk)
    assert (second.id == first.id, second.customer_id) == (False, "another")


@pytest.mark.parametrize("claimed", [False, True])
async def test_the_next_customer_does_not_get_into_what_a_person_holds_for_the_first(
    linked_desk: DeskUnderTest, peer: Peer, engine: AsyncEngine, priya: Staff, claimed: bool
) -> None:
    async def hand_over(turn: dict[str, Any]) -> None:
        await decided(engine, handoff=handoff_of(turn["message_id"]))(turn)

    await said(peer, 7, f"/start {sign(SHOP, CUSTOMER.id, now())}")
    linked_desk.engine.before_answer = hand_over
    await said(peer, 7, "a person please")
    first = await chat_of(linked_desk)
    if claimed:
        await linked_desk.ownership.claim(first.id, priya)
    await linked_desk.app.state.desk.chats.link("telegram", "7", "another", "Somebody Else", "deep_link")

    second = await chat_of(linked_desk)
    assert (second.id == first.id, second.customer_id, second.owner) == (False, "another", Owner.BOT)
    left = await linked_desk.store.conversations.get(first.id)
    assert (left.customer_id, left.state, left.agent_id) == (CUSTOMER.id, State.CLOSED, None)
    assert await linked_desk.store.handoffs.open_one(first.id) is None
    (*_, last) = await linked_desk.store.ownership.transitions(first.id)
    assert (last.move, last.was) == (Move.UNLINKED, State.OWNED if claimed else State.QUEUED)
    assert (await linked_desk.store.recoveries.load(second.id)).version == 0
    with pytest.raises(Conflict):
        await linked_desk.ownership.send_as_agent(first.id, priya, "This is for the first of the two.")


async def test_the_shops_page_leads_its_customer_to_the_bot(linked_desk: DeskUnderTest, peer: Peer) -> None:
    await peer.call("deleteWebhook")
    page = await linked_desk.http.get("/", params={"customer": "4711"})
    assert "https://t.me/TestNameBot?start=" in page.text
    assert "t.me" not in (await linked_desk.http.get("/")).text


async def test_who_unlinks_again_and_again_hears_the_same_plain_word_and_stays_in_their_conversation(
    linked_desk: DeskUnderTest, peer: Peer
) -> None:
    await said(peer, 7, f"/start {sign(SHOP, CUSTOMER.id, now())}")
    assert (await said(peer, 7, "/unlink")).startswith("utter_chat_unlinked")
    strangers = await chat_of(linked_desk)
    for _ in range(2):
        assert await said(peer, 7, "/unlink") == "utter_chat_not_linked"
    again = await chat_of(linked_desk)
    assert (again.id, again.customer_id, again.owner) == (strangers.id, None, Owner.BOT)


@pytest.mark.parametrize("proved", [False, True])
async def test_who_unlinks_while_a_person_has_the_chat_gets_one_answer_each_time_and_nothing_breaks(
    linked_desk: DeskUnderTest, peer: Peer, engine: AsyncEngine, priya: Staff, proved: bool
) -> None:
    async def hand_over(turn: dict[str, Any]) -> None:
        await decided(engine, handoff=handoff_of(turn["message_id"]))(turn)

    await said(peer, 7, f"/start {sign(SHOP, CUSTOMER.id, now())}" if proved else "/start")
    linked_desk.engine.before_answer = hand_over
    await said(peer, 7, "a person please")
    held = await chat_of(linked_desk)
    await linked_desk.ownership.claim(held.id, priya)
    for _ in range(3):
        await peer.says(7, "/unlink")

    async def heard() -> list[str]:
        answers = [m["text"].split(" ")[0] for m in await peer.chat(7) if "linked" in m["text"]]
        return answers[-3:] if len(answers) >= 3 + proved else []

    first = "utter_chat_unlinked" if proved else "utter_chat_not_linked"
    assert await until(linked_desk, heard) == [first, "utter_chat_not_linked", "utter_chat_not_linked"]
    now_there = await chat_of(linked_desk)
    if proved:
        assert (now_there.id == held.id, now_there.customer_id, now_there.owner) == (False, None, Owner.BOT)
        kept = [m.text for m in await linked_desk.store.messages.all(now_there.id)]
        assert "a person please" not in kept, "what the customer said is not a stranger's"
    else:
        assert (now_there.id, now_there.owner, now_there.agent_id) == (held.id, Owner.AGENT, priya.id)
