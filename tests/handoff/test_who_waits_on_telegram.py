"""Failures 6, 7, 10, 11 and 14 on Telegram, where a wait is told in a line that makes no sound."""

import asyncio
import re
from datetime import timedelta

from tests.desk.telegram.peer_process import Peer
from tests.handoff.people import (
    FIRST_REPLY,
    HACKED,
    LATE,
    NOT_SENT,
    PERSON,
    WITHIN_S,
    People,
    claimed_at_once,
    goes_to_seniors,
    opening,
)
from tests.product import CLOSED_FOR


async def test_6_where_nobody_is_online_a_call_is_offered_and_the_case_waits(
    people: People, telegram: Peer, chat: int
) -> None:
    await telegram.says(chat, PERSON)
    await telegram.call("sendMessage", within=WITHIN_S, chat_id=str(chat))
    conversation = await people.at_chat(chat, "queue")
    answer = (await telegram.chat(chat))[0]
    (call,) = [b for row in answer["reply_markup"]["inline_keyboard"] for b in row if b["text"] == "Call me back"]
    await telegram.presses(chat, call, answer["message_id"])
    asked = "select 1 from redress.callbacks where conversation_id = :c"
    await people.until(asked, bool, c=conversation)
    await telegram.says(chat, "Robin, 020 7946 0101, after six")
    authors = "select author from redress.messages where conversation_id = :c and author = 'system'"
    await people.until(authors, lambda rows: len(rows) == 2, c=conversation)
    assert await people.owner(conversation) == "queue"


async def test_7_out_of_hours_one_notice_names_the_next_opening_and_the_clock_stands(
    people: People, telegram: Peer, chat: int
) -> None:
    await telegram.says(chat, PERSON)
    conversation = await people.at_chat(chat, "queue")
    for words in ("hello?", "anybody?"):
        await telegram.says(chat, words)
    held = "select 1 from redress.messages where conversation_id = :c and status = 'held'"
    await people.until(held, lambda rows: len(rows) == 2, c=conversation)
    await people.until(NOT_SENT, lambda rows: not rows, c=conversation)
    assert [m.author for m in await people.messages(conversation)] == ["customer", "bot", "customer", "customer"]
    opens = opening()
    (notice,) = [
        m["text"] for m in await telegram.chat(chat) if not m.get("disable_notification")
    ]  # a place is silent
    assert CLOSED_FOR in notice
    assert f"{opens:%A}" in notice
    (clock,) = await people.until(FIRST_REPLY, bool, c=conversation)
    assert clock.due_at == opens + timedelta(seconds=clock.target_s)


async def test_10_ten_first_messages_at_once_open_one_case(people: People, telegram: Peer, chat: int) -> None:
    """What Telegram brings a second time included."""
    customer = await people.copy_of()
    await telegram.says(chat, f"/start {people.link_of(customer)}")
    numbers = await asyncio.gather(*(telegram.says(chat, LATE) for _ in range(10)))
    robin = {"from": {"id": chat, "is_bot": False, "first_name": "Robin"}, "chat": {"id": chat, "type": "private"}}
    for number in numbers:
        await telegram.update({"message": {"message_id": number, "date": 1, "text": LATE, **robin}})
    last = await telegram.says(chat, "hello")  # by then all before it has come in
    answered = """
        select asked.conversation_id from redress.messages asked
        join redress.conversations on conversations.id = asked.conversation_id
        where channel_user = :chat and asked.channel_message_id = :said and asked.status <> 'received'
    """
    ((conversation,),) = await people.until(answered, bool, chat=str(chat), said=str(last))
    said = [m.text for m in await people.messages(conversation) if m.author == "customer"]
    assert said.count(LATE) == 10
    cases = "select conversation_id, challenge from crm.cases where customer_id = :who and conversation_id > ''"
    assert [tuple(row) for row in await people.stored(cases, who=customer.id)] == [(conversation, "late_delivery")]


async def test_11_the_queue_is_no_limbo(people: People, telegram: Peer, chat: int) -> None:
    """The place is told and moves; who waits too long is asked about one tier up, and may have a call instead."""
    conversations = []
    line = "select text, channel_id from redress.wait_lines where conversation_id = :c"
    for one in (chat, chat + 10**10):
        await telegram.says(one, HACKED)
        conversations.append(await people.at_chat(one, "queue"))
        ((words, _),) = await people.until(line, bool, c=conversations[-1])
    behind = _number(words)
    # Others may have left the queue since the first was told: then that line moves, too.
    await people.until(line, lambda rows: _number(rows[0].text) < behind, c=conversations[0])
    agent = await people.agent()
    assert (await agent.do(conversations[0], "claim")).is_success
    gone = await people.until(line, lambda rows: not rows, c=conversations[0])
    assert not gone
    moved = await people.until(line, lambda rows: _number(rows[0].text) < behind, c=conversations[1])
    shown = [m["text"] for m in await telegram.chat(chat + 10**10)]
    assert [words for words in shown if words.startswith("Your place")] == [moved[0].text], shown
    await goes_to_seniors(people, conversations[1])
    long_ago = "update redress.handoffs set queued_at = queued_at - interval '1 hour' where conversation_id = :c"
    await people.stored(long_ago, c=conversations[1])
    offered = (
        "select text from redress.messages where conversation_id = :c and author = 'system' and status = 'delivered'"
    )
    await people.until(offered, bool, c=conversations[1])
    last = [m for m in await telegram.chat(chat + 10**10) if not m.get("disable_notification")][-1]
    assert [b["text"] for row in last["reply_markup"]["inline_keyboard"] for b in row] == ["Call me back"]


def _number(words: str) -> int:
    return int(re.findall(r"\d+", words)[0])


async def test_14_typing_is_true_and_of_two_claims_one_wins(people: People, telegram: Peer, chat: int) -> None:
    await telegram.says(chat, PERSON)
    conversation = await people.at_chat(chat, "queue")
    winner, loser, name = await claimed_at_once(people, conversation)
    await people.until(NOT_SENT, lambda rows: not rows, c=conversation)
    await telegram.refresh()
    telegram.calls.clear()  # the bot may have been typing before
    await loser.do(conversation, "typing", on="1")
    assert (await winner.do(conversation, "messages", text="I am here.", id="1")).is_success
    # By then the typing of somebody who is not there would have shown.
    await telegram.call("sendMessage", within=WITHIN_S, chat_id=str(chat), text=f"{name}\nI am here.")
    acted = [c for c in telegram.calls if c["method"] == "sendChatAction" and c["params"]["chat_id"] == str(chat)]
    assert acted == [], "who does not talk shows no typing"
    await winner.do(conversation, "typing", on="1")
    shown = await telegram.call("sendChatAction", within=WITHIN_S, chat_id=str(chat))
    assert shown["params"]["action"] == "typing"
    await winner.do(conversation, "typing", on="0")
    told = [m["text"] for m in await telegram.chat(chat)]
    assert [name.split()[0] in words for words in told].count(True) == 2, (
        "who joined is told once, and heads their words"
    )
