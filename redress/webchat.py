"""The web chat from the customer's side: HTTP and server-sent events, by docs/webchat.md and nothing else."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt

from redress.problem import Problem

_AGAIN_AFTER_S = 0.2


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message as the customer sees it."""

    seq: int
    author: str
    name: str
    text: str
    buttons: tuple[tuple[str, str], ...] = ()  # title, payload

    @staticmethod
    def of(data: dict[str, Any]) -> "ChatMessage":
        buttons = tuple((str(b["title"]), str(b["payload"])) for b in data.get("buttons") or ())
        return ChatMessage(data["seq"], data["author"], data.get("name") or "", data["text"], buttons)


def identity_token(secret: str, customer_id: str, name: str) -> str:
    """What the shop's page carries for a signed-in customer."""
    now = datetime.now(UTC)
    claims = {"sub": customer_id, "name": name, "aud": "redress-chat", "iat": now, "exp": now + timedelta(hours=1)}
    return jwt.encode(claims, secret, "HS256")


@dataclass
class WebChat:
    """One customer's open chat. Messages and the owner arrive by themselves."""

    client: httpx.AsyncClient
    conversation: str
    name: str
    messages: list[ChatMessage] = field(default_factory=list)
    owner: str = "bot"
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def send(self, text: str, payload: str | None = None) -> int:
        """Send a message and return its place in the conversation once it is stored."""
        body = {"id": uuid.uuid4().hex, "text": text, "payload": payload}
        answer = await self.client.post("/chat/messages", json=body)
        if answer.status_code not in (200, 202):
            raise Problem(f"The desk did not take the message: {answer.status_code} {answer.text[:200]}")
        return int(answer.json()["seq"])

    async def until(self, holds: Callable[["WebChat"], bool], within: float) -> bool:
        """Wait until something holds of this chat; False when it took too long."""
        try:
            async with asyncio.timeout(within), self._changed:
                await self._changed.wait_for(lambda: holds(self))
        except TimeoutError:
            return False
        return True

    async def catch_up(self) -> None:
        """Read what is stored: a turn's replies are stored together, so one of them means all."""
        after = self.messages[-1].seq if self.messages else 0
        answer = await self.client.get("/chat/messages", params={"after": after})
        answer.raise_for_status()
        for data in answer.json():
            await self._take(ChatMessage.of(data))

    def answers_to(self, seq: int) -> list[ChatMessage]:
        """What others said after one's own message, up to one's own next."""
        later = [m for m in self.messages if m.seq > seq]
        own = next((i for i, m in enumerate(later) if m.author == "customer"), len(later))
        return later[:own]

    async def listen(self) -> None:
        """Follow the event stream for as long as the chat is open; a broken stream is taken up again."""
        while True:
            with suppress(httpx.TransportError):
                await self._follow()
            await asyncio.sleep(_AGAIN_AFTER_S)

    async def _follow(self) -> None:
        after = self.messages[-1].seq if self.messages else 0
        patience = httpx.Timeout(10, read=60)  # the desk's heartbeat comes sooner
        async with self.client.stream("GET", "/chat/events", params={"after": after}, timeout=patience) as response:
            response.raise_for_status()
            async for event, data in events_of(response.aiter_lines()):
                if event == "message":
                    await self._take(ChatMessage.of(data))
                elif event == "owner":
                    await self._note_owner(str(data["owner"]))

    async def _take(self, message: ChatMessage) -> None:
        async with self._changed:
            if all(known.seq != message.seq for known in self.messages[-50:]):
                self.messages.append(message)
                self.messages.sort(key=lambda m: m.seq)
            self._changed.notify_all()

    async def _note_owner(self, owner: str) -> None:
        async with self._changed:
            self.owner = owner
            self._changed.notify_all()


@asynccontextmanager
async def opened(desk_url: str, token: str | None) -> AsyncIterator[WebChat]:
    """Open a chat session, follow it, and close it."""
    async with httpx.AsyncClient(base_url=desk_url, timeout=30, trust_env=False) as client:
        try:
            answer = await client.post("/chat/session", json={"token": token, "resume": None})
        except httpx.TransportError as error:
            raise Problem(f"The desk does not answer at {desk_url}. Start it with `redress up`.") from error
        if answer.status_code != 201:
            raise Problem(f"The desk opened no session: {answer.status_code} {answer.text[:200]}")
        session = answer.json()
        client.headers["Authorization"] = f"Bearer {session['session']}"
        chat = WebChat(client, session["conversation"], session.get("name") or "")
        await chat.catch_up()
        listening = asyncio.create_task(chat.listen())
        try:
            yield chat
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)


async def events_of(lines: AsyncIterator[str]) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    """Server-sent events: name and JSON data."""
    event, data = "message", ""
    async for line in lines:
        if line.startswith("event:"):
            event = line[6:].strip()
        elif line.startswith("data:"):
            data += line[5:].strip()
        elif not line and data:
            yield event, json.loads(data)
            event, data = "message", ""
