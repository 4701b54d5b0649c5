"""The web chat's public protocol, spoken by a browser that is not ours."""

import asyncio
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from casework.identity import Identity
from store.database import Database
from store.erasing import SqlErasure
from tests.casework.test_erasing import in_no_crm
from tests.desk.conftest import SECRET, DeskUnderTest, settings

ADA = Identity("4711", "Ada Moss")


async def test_a_message_is_acknowledged_stored_and_answered(desk: DeskUnderTest) -> None:
    customer = await desk.customer()
    async with customer.events() as events:
        assert await events.next("owner") == {"owner": "bot", "name": None, "position": None, "proved": False}
        sent = await customer.send("my parcel is late")
        assert sent.status_code == 202
        mine = await events.next(author="customer")
        assert mine["seq"] == sent.json()["seq"] == 1
        answer = await events.next(author="bot")
        assert (answer["seq"], answer["text"]) == (2, "You said: my parcel is late")


async def test_a_customer_has_one_open_conversation_and_a_stranger_a_new_one(desk: DeskUnderTest) -> None:
    token = desk.tokens.sign_identity(ADA)
    first, second = await desk.customer(token), await desk.customer(token)
    assert first.conversation == second.conversation
    assert (await desk.customer()).conversation != (await desk.customer()).conversation


async def test_ten_first_sessions_and_messages_at_once_are_one_conversation_without_gaps(desk: DeskUnderTest) -> None:
    token = desk.tokens.sign_identity(ADA)
    tabs = await asyncio.gather(*(desk.customer(token) for _ in range(10)))
    assert len({tab.conversation for tab in tabs}) == 1
    answers = await asyncio.gather(*(tab.send(f"message {i}", f"id-{i}") for i, tab in enumerate(tabs)))
    assert {a.status_code for a in answers} == {202}
    async with tabs[0].events() as events:
        seen = [await events.next() for _ in range(20)]
    assert [m["seq"] for m in seen] == list(range(1, 21))
    assert {m["text"] for m in seen if m["author"] == "customer"} == {f"message {i}" for i in range(10)}
    replies = [m["text"] for m in seen if m["author"] == "bot"]
    asked = [m["text"] for m in seen if m["author"] == "customer"]
    assert replies == [f"You said: {words}" for words in asked]


async def test_the_same_message_id_twice_is_one_message_with_the_first_answer(desk: DeskUnderTest) -> None:
    customer = await desk.customer()
    first = await customer.send("hello", "same")
    again = await customer.send("something else", "same")
    assert (first.status_code, again.status_code) == (202, 200)
    assert again.json() == first.json()
    at_once = await asyncio.gather(*(customer.send("twice", "both") for _ in range(5)))
    assert sorted(a.status_code for a in at_once) == [200, 200, 200, 200, 202]
    assert len({a.json()["id"] for a in at_once}) == 1
    async with customer.events() as events:
        seen = [await events.next() for _ in range(4)]
    assert sorted(m["text"] for m in seen) == ["You said: hello", "You said: twice", "hello", "twice"]


async def test_a_reconnect_resumes_after_the_last_event_that_came(desk: DeskUnderTest) -> None:
    customer = await desk.customer()
    async with customer.events() as events:
        await customer.send("one", "1")
        await events.next(author="bot")
    await customer.send("two", "2")
    async with customer.events(last_event_id="2") as events:
        assert (await events.next())["text"] == "two"
        assert (await events.next())["text"] == "You said: two"
    for nonsense in ("-1", "x", "9" * 5000, "١٢"):
        headers = {**customer.bearer, "Last-Event-ID": nonsense.encode()}
        async with desk.http.stream("GET", "/chat/events", headers=headers) as response:
            assert response.status_code == 200
    async with customer.events(after=3) as events:
        assert (await events.next())["seq"] == 4


async def test_two_tabs_see_the_same_thread(desk: DeskUnderTest) -> None:
    token = desk.tokens.sign_identity(ADA)
    one, two = await desk.customer(token), await desk.customer(token)
    async with one.events() as here, two.events() as there:
        await one.send("hello", "1")
        assert await here.next(author="bot") == await there.next(author="bot")


async def test_a_delivered_message_is_marked_so(desk: DeskUnderTest) -> None:
    customer = await desk.customer()
    async with customer.events() as events:
        await customer.send("hello", "1")
        await events.next(author="bot")
    await customer.messages()
    stored = await desk.store.messages.all(customer.conversation)
    assert [m.status for m in stored] == ["answered", "delivered"]


async def test_a_token_sent_later_makes_the_strangers_conversation_the_customers(desk: DeskUnderTest) -> None:
    stranger = await desk.customer()
    async with stranger.events() as events:
        await stranger.send("hello", "1")
        await events.next(author="bot")
    customer = await desk.customer(desk.tokens.sign_identity(ADA), resume=stranger.session)
    assert customer.conversation == stranger.conversation
    await customer.send("it is me", "2")
    async with customer.events(after=2) as events:
        await events.next(author="bot")
    assert [t["metadata"]["customer_id"] for t in desk.engine.asked] == [None, "4711"]
    assert (await desk.customer(desk.tokens.sign_identity(ADA))).conversation == customer.conversation


async def test_a_strangers_session_reads_nothing_of_what_is_said_after_somebody_signed_in(
    desk: DeskUnderTest,
) -> None:
    stranger = await desk.customer()
    await stranger.send("hello", "1")
    async with stranger.events() as events:
        await events.next(author="bot")
        ada = await desk.customer(desk.tokens.sign_identity(ADA), resume=stranger.session)
        await ada.send("my address is private", "2")
        with pytest.raises(EOFError):
            await events.next(text="my address is private")
    asked = {"params": {"after": 0}, "headers": stranger.bearer}
    answers = [await desk.http.get(f"/chat/{path}", **asked) for path in ("messages", "events", "attachments/f1")]
    answers += [await stranger.send("who is this?", "3")]
    assert [answer.status_code for answer in answers] == [401] * 4
    assert "Somebody has signed in to this chat" in answers[0].json()["detail"]
    assert [m["text"] for m in await ada.messages()][2] == "my address is private"


async def test_a_customers_session_is_not_resumed_without_their_token(desk: DeskUnderTest) -> None:
    ada = await desk.customer(desk.tokens.sign_identity(ADA))
    await ada.send("my address is private", "1")
    next_person = await desk.customer(resume=ada.session)
    assert next_person.conversation != ada.conversation
    other = await desk.customer(desk.tokens.sign_identity(Identity("99", "Ben")), resume=ada.session)
    assert other.conversation != ada.conversation
    assert await other.messages() == []


def _forged() -> list[str]:
    now = datetime.now(UTC)
    good = {"sub": "4711", "name": "Ada", "aud": "redress-chat", "iat": now, "exp": now + timedelta(hours=1)}
    secret = settings().identity_secret
    return [
        jwt.encode(good, SECRET + "wrong" * 4, "HS256"),
        jwt.encode({**good, "exp": now - timedelta(seconds=1)}, secret, "HS256"),
        jwt.encode({**good, "aud": "another-shop"}, secret, "HS256"),
        jwt.encode({k: v for k, v in good.items() if k != "exp"}, secret, "HS256"),
        jwt.encode(good, None, "none"),
        jwt.encode({**good, "sub": "\x00 "}, secret, "HS256"),
        "not a token",
        "a.b.c",
    ]


@pytest.mark.parametrize("token", _forged())
async def test_a_forged_or_expired_identity_token_is_refused_in_a_plain_sentence(
    desk: DeskUnderTest, token: str
) -> None:
    answer = await desk.http.post("/chat/session", json={"token": token})
    assert answer.status_code == 401
    assert answer.json()["detail"].startswith("Your sign-in")
    for path in ("/chat/messages", "/chat/events"):
        refused = await desk.http.get(path, headers={"Authorization": f"Bearer {token}"})
        assert refused.status_code == 401


async def test_an_identity_token_is_no_session_and_a_session_no_identity(desk: DeskUnderTest) -> None:
    identity, customer = desk.tokens.sign_identity(ADA), await desk.customer()
    refused = await desk.http.get("/chat/messages", headers={"Authorization": f"Bearer {identity}"})
    assert refused.status_code == 401
    assert (await desk.http.post("/chat/session", json={"token": customer.session})).status_code == 401
    assert (await desk.http.get("/chat/messages")).status_code == 401


async def test_health_readiness_metrics_and_the_schema_answer(desk: DeskUnderTest) -> None:
    customer = await desk.customer()
    async with customer.events() as events:
        await customer.send("hello", "1")
        await events.next(author="bot")
    assert (await desk.http.get("/healthz")).json() == {"status": "alive"}
    assert (await desk.http.get("/readyz")).status_code == 200
    async with asyncio.timeout(5):  # a turn is counted once it is over, a moment after its reply can be seen
        while 'redress_turns_total{result="answered"} 1.0' not in (await desk.http.get("/metrics")).text:
            pass
    assert 'redress_messages_total{channel="web"} 1.0' in (await desk.http.get("/metrics")).text
    assert (await desk.http.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"})).status_code == 403
    assert "/chat/messages" in (await desk.http.get("/schema/openapi.json")).json()["paths"]


async def test_every_answer_carries_security_headers(desk: DeskUnderTest) -> None:
    for path in ("/", "/chat/messages", "/nowhere", "/static/redress-chat.js"):
        headers = (await desk.http.get(path)).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


async def test_the_demo_shop_signs_its_customers_token(desk: DeskUnderTest) -> None:
    page = (await desk.http.get("/", params={"customer": "4711"})).text
    token = page.split('token="')[1].split('"')[0]
    assert desk.tokens.identity(token) == ADA
    assert 'token="' not in (await desk.http.get("/", params={"customer": "<script>"})).text


async def test_a_conversation_that_was_erased_is_gone_for_whoever_has_it_open(
    desk: DeskUnderTest, engine: AsyncEngine
) -> None:
    """Its stream ends at once, without an error, and nothing of it can be read again: a page begins another."""
    customer = await desk.customer(desk.tokens.sign_identity(ADA))
    async with customer.events() as events:
        await events.next("owner")
        await SqlErasure(Database(engine), in_no_crm).erase(ADA.customer_id, [customer.conversation])
        with pytest.raises(EOFError):
            await events.next()
    for path in ("messages", "events"):
        assert (await desk.http.get(f"/chat/{path}", headers=customer.bearer)).status_code == 404
    assert (await customer.send("hello")).status_code == 404
