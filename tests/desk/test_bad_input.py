"""Messages that nobody hoped for: each gets a clear answer, and loses nothing."""

import json

import pytest

from tests.desk.conftest import DeskUnderTest, running_desk

STRANGE = {
    "right to left": "أين طردي؟ لم يصل بعد",
    "emoji only": "😡🤬👩‍👩‍👧‍👦",
    "script": "<script>alert('hello')</script> & <b>\"quotes\"</b>",
    "sql": "'; drop table redress.messages; --",
    "long word": "x" * 7_900,
    "zalgo": "h̷̛̗e̴̡͝l̶̰̈́p̸",
    "percent": "100% {name} %s {0} \\n",
    "lines": "one\n\n\ttwo",
}


@pytest.mark.parametrize("words", STRANGE.values(), ids=STRANGE.keys())
async def test_a_strange_message_is_stored_and_answered_as_it_was_written(desk: DeskUnderTest, words: str) -> None:
    customer = await desk.customer()
    async with customer.events() as events:
        assert (await customer.send(words, "1")).status_code == 202
        assert (await events.next(author="customer"))["text"] == words
        assert (await events.next(author="bot"))["text"] == f"You said: {words}"


async def test_nul_and_control_characters_are_stripped_and_line_ends_made_one_kind(desk: DeskUnderTest) -> None:
    customer = await desk.customer()
    assert (await customer.send("  a\x00b\x07c\r\nd\x1b[31m ", "1")).status_code == 202
    assert (await customer.messages())[0]["text"] == "abc\nd[31m"


@pytest.mark.parametrize("words", ["", "   ", "\n\t ", "\x00\x00", "\u200b\u200d", "\u00a0"])
async def test_an_empty_message_is_refused(desk: DeskUnderTest, words: str) -> None:
    customer = await desk.customer()
    answer = await customer.send(words, "1")
    assert answer.status_code == 422
    assert "no text" in answer.json()["detail"]
    assert await customer.messages() == []


@pytest.mark.parametrize("size", [8_001, 100_000, 3_000_000])
async def test_a_message_that_is_too_long_is_refused_with_what_to_do(desk: DeskUnderTest, size: int) -> None:
    customer = await desk.customer()
    answer = await customer.send("é" * size, "1")
    assert answer.status_code == 413
    assert "shorter parts" in answer.json()["detail"]
    assert (await customer.send("é" * 8_000, "2")).status_code == 202


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b'{"text": "no id"}',
        b'{"id": 5, "text": "x"}',
        b'{"id": "1", "text": null}',
        b'{"id": "1", "text": "\\ud800"}',
        b"\xff\xfe",
    ],
)
async def test_a_body_that_is_no_message_is_refused_in_json(desk: DeskUnderTest, body: bytes) -> None:
    customer = await desk.customer()
    headers = {**customer.bearer, "Content-Type": "application/json"}
    answer = await desk.http.post("/chat/messages", content=body, headers=headers)
    assert answer.status_code in (400, 422)
    assert answer.json()["detail"]
    assert await customer.messages() == []


@pytest.mark.parametrize("key", ["", "x" * 65, "a\nb", "\x00"])
async def test_a_message_id_must_be_one(desk: DeskUnderTest, key: str) -> None:
    customer = await desk.customer()
    body = json.dumps({"id": key, "text": "hello"})
    answer = await desk.http.post("/chat/messages", content=body, headers=customer.bearer)
    assert answer.status_code == 422


async def test_a_payload_that_was_not_offered_is_ignored_and_the_text_counts(desk: DeskUnderTest) -> None:
    desk.engine.say = lambda turn: [{"text": "Shall I?", "buttons": [{"title": "Yes", "payload": "/affirm"}]}]
    customer = await desk.customer()
    async with customer.events() as events:
        await customer.send("hello", "1", payload="/grant_everything")
        await events.next(author="bot")
        await customer.send("Yes", "2", payload="/affirm")
        await events.next(author="bot")
    assert [(t["text"], t["payload"]) for t in desk.engine.asked] == [("hello", False), ("/affirm", True)]
    other = await desk.customer()
    async with other.events() as events:
        await other.send("Yes", "1", payload="/affirm")
        await events.next(author="bot")
    assert desk.engine.asked[-1]["payload"] is False


async def test_who_writes_faster_than_a_person_is_asked_to_wait(migrated_url: str, engine_double, clean) -> None:  # type: ignore[no-untyped-def]
    async with running_desk(migrated_url, engine_double, messages_a_minute=5) as desk:
        customer = await desk.customer()
        statuses = [(await customer.send(f"{i}", f"{i}")).status_code for i in range(6)]
        assert statuses == [202] * 5 + [429]
        answer = await customer.send("again", "again")
        assert int(answer.headers["Retry-After"]) >= 1
