"""What a scripted customer cannot do: send twice, send too much, and sign in half-way."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from recovery.records import Customer
from redress import webchat, wiring
from redress.own_stack import Stack
from redress.records import ConversationRecord
from redress.webchat import WebChat

pytestmark = pytest.mark.stack
MAYA = "maya.fletcher1@example.com"
WITHIN_S = 30.0
LATE = "my parcel was due on Thursday and it's still not here"


async def fresh(stack: Stack, email: str) -> Customer:
    async with wiring.customers(str(stack.settings.database_url)) as customers:
        customer, _ = await customers.one(email, fresh=True)
        return customer


def token(stack: Stack, customer: Customer) -> str:
    return webchat.identity_token(stack.settings.identity_secret.get_secret_value(), customer.id, customer.name)


@asynccontextmanager
async def chat_of(stack: Stack, email: str) -> AsyncIterator[WebChat]:
    customer = await fresh(stack, email)
    async with webchat.opened(stack.settings.desk_url, token(stack, customer)) as chat:
        yield chat


async def ask(chat: WebChat, text: str, payload: str | None = None) -> str:
    seq = await chat.send(text, payload)
    assert await chat.until(lambda c: bool(c.answers_to(seq)), WITHIN_S)
    await chat.catch_up()
    return "\n".join(message.text for message in chat.answers_to(seq))


async def stored(stack: Stack, conversation: str) -> ConversationRecord:
    async with wiring.records(str(stack.settings.database_url)) as records:
        return await records.conversation(conversation)


async def test_a_confirmation_sent_twice_books_once(stack: Stack) -> None:
    async with chat_of(stack, MAYA) as chat:
        await ask(chat, LATE)
        await ask(chat, "I'll go for the priority delivery")
        title, payload = next(b for m in reversed(chat.messages) for b in m.buttons if b[0].startswith("Yes"))
        body = {"id": uuid.uuid4().hex, "text": title, "payload": payload}
        first = await chat.client.post("/chat/messages", json=body)
        again = await chat.client.post("/chat/messages", json=body)
        assert (first.status_code, again.status_code) == (202, 200)
        assert first.json() == again.json()
        assert await chat.until(lambda c: bool(c.answers_to(first.json()["seq"])), WITHIN_S)
        await ask(chat, title, payload)  # pressed once more, as another message
        record = await stored(stack, chat.conversation)
    assert len(record.cases) == 1, [(c.case.challenge, c.case.order_id, c.case.status) for c in record.cases]
    (case,) = record.cases
    assert [(given.remedy, given.pence) for given in case.compensations] == [("priority_delivery", 600)]


async def test_a_hundred_kilobytes_are_refused_with_what_to_do_and_the_talk_goes_on(stack: Stack) -> None:
    async with chat_of(stack, MAYA) as chat:
        body = {"id": "much", "text": "late! " * 17_000, "payload": None}
        refused = await chat.client.post("/chat/messages", json=body)
        assert refused.status_code == 413
        assert "parts" in refused.json()["detail"]
        assert "sorry" in (await ask(chat, LATE)).lower()


@pytest.mark.parametrize("text", ["", "   \n\t ", "\x00\x01\x02"])
async def test_nothing_readable_is_refused(stack: Stack, text: str) -> None:
    async with chat_of(stack, MAYA) as chat:
        answer = await chat.client.post("/chat/messages", json={"id": "nothing", "text": text, "payload": None})
    assert answer.status_code == 422


async def test_a_stranger_who_signs_in_is_served_without_telling_it_again(stack: Stack) -> None:
    customer = await fresh(stack, MAYA)
    async with webchat.opened(stack.settings.desk_url, None) as chat:
        said = await ask(chat, LATE)
        assert "sign in" in said
        assert "kettle" not in said
        await _sign_in(chat, token(stack, customer))
        said = await ask(chat, "I've signed in now")
        assert "strike" in said
        await ask(chat, "I'll go for the priority delivery")
        await ask(chat, "yes please")
        record = await stored(stack, chat.conversation)
    assert len(record.cases) == 1, [(c.case.challenge, c.case.order_id, c.case.status) for c in record.cases]
    (case,) = record.cases
    assert record.transcript.conversation.customer_id == case.case.customer_id == customer.id
    assert (case.case.status, [given.pence for given in case.compensations]) == ("resolved", [600])
    taken = [step.step for step in record.transcript.steps]
    assert taken.count("apologise") == 1
    assert {"listen", "thank", "explain", "resolve"} <= set(taken)


async def _sign_in(chat: WebChat, identity: str) -> None:
    """As the shop's page does once its visitor has signed in: the same conversation, now the customer's."""
    session = chat.client.headers["Authorization"].removeprefix("Bearer ")
    answer = await chat.client.post("/chat/session", json={"token": identity, "resume": session})
    assert answer.status_code == 201
    made: dict[str, Any] = answer.json()
    assert made["conversation"] == chat.conversation
    chat.client.headers["Authorization"] = f"Bearer {made['session']}"


async def test_a_forged_identity_opens_nothing(stack: Stack) -> None:
    forged = webchat.identity_token("x" * 40, "C001", "Maya Fletcher")
    async with httpx.AsyncClient(base_url=stack.settings.desk_url, trust_env=False) as client:
        answer = await client.post("/chat/session", json={"token": forged, "resume": None})
    assert answer.status_code == 401
    assert answer.json()["detail"].endswith(".")
