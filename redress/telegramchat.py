"""Telegram from a scripted customer's side. Telegram itself lets nobody script customers, so this speaks to a peer:
a Bot API server for tests whose customers are played under /peer (tests/desk/telegram/peer)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx

from casework.ports import Author, Conversations, Message, Messages, Status
from redress.problem import Problem
from redress.webchat import ChatMessage

_LOOK_EVERY_S = 0.05
_STORED_WITHIN_S = 30.0


@dataclass
class TelegramChat:
    """One customer's chat with the bot: what has arrived there, in order, numbered as it is stored."""

    http: httpx.AsyncClient
    token: str
    chat: int
    conversations: Conversations
    stored: Messages
    conversation: str = ""
    messages: list[ChatMessage] = field(default_factory=list)
    owner: str = "bot"
    _arrived: int = 0
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def send(self, text: str, payload: str | None = None) -> int:
        """Write, or press the button that carries `payload`; returns the message's place once it is stored."""
        before = len(await self._own())
        who = {"token": self.token, "chat": self.chat}
        if payload is None:
            await self._post("says", {**who, "text": text})
        else:
            await self._post("presses", {**who, "data": payload, "message_id": await self._message_with(payload)})
        async with asyncio.timeout(_STORED_WITHIN_S):
            own = await self._own()
            while len(own) <= before:
                await asyncio.sleep(_LOOK_EVERY_S)
                own = await self._own()
        await self._take(ChatMessage(own[-1].seq, "customer", "", own[-1].text))
        return own[-1].seq

    async def until(self, holds: Callable[["TelegramChat"], bool], within: float) -> bool:
        """Wait until something holds of this chat; False when it took too long."""
        try:
            async with asyncio.timeout(within), self._changed:
                await self._changed.wait_for(lambda: holds(self))
        except TimeoutError:
            return False
        return True

    def answers_to(self, seq: int) -> list[ChatMessage]:
        """What others said after one's own message, up to one's own next."""
        later = [m for m in self.messages if m.seq > seq]
        own = next((i for i, m in enumerate(later) if m.author == "customer"), len(later))
        return later[:own]

    async def catch_up(self) -> None:
        """Read what has arrived and who answers, once all that is stored for this chat has left the desk."""
        async with asyncio.timeout(_STORED_WITHIN_S):
            all_sent = await self._all_sent()
            while not all_sent:
                await asyncio.sleep(_LOOK_EVERY_S)
                all_sent = await self._all_sent()
        await self._look()

    async def listen(self) -> None:
        """Follow what the bot does for as long as the chat is open."""
        seen = 0
        while True:
            with suppress(httpx.TransportError):
                asked = await self.http.get("/peer/calls", params={"after": seen, "wait": 500})
                seen += len(asked.json())
                await self._look()

    async def _look(self) -> None:
        async with self._looking:
            asked = await self.http.get(f"/peer/chat/{self.chat}", params={"token": self.token})
            for sent in asked.json()[self._arrived :]:
                self._arrived += 1
                if sent.get("text"):
                    await self._take(await self._numbered(sent))
        if self.conversation:
            owner = (await self.conversations.get(self.conversation)).owner
            async with self._changed:
                self.owner = str(owner)
                self._changed.notify_all()

    async def _numbered(self, sent: dict[str, Any]) -> ChatMessage:
        """What arrived, with the number and the author of the stored message that it is, or is a part of."""
        after = max((m.seq for m in self.messages if m.author != "customer"), default=0)
        text = str(sent["text"])
        ours = [m for m in await self._all() if m.author is not Author.CUSTOMER and m.seq >= after]
        found = next((m for m in ours if m.text in text or text in m.text), ours[-1] if ours else None)
        keyboard = (sent.get("reply_markup") or {}).get("inline_keyboard", [])
        buttons = tuple((b["text"], b["callback_data"]) for row in keyboard for b in row)
        author = found.author if found else Author.BOT
        return ChatMessage(
            found.seq if found else after + 1, author, found.author_name if found else "", text, buttons
        )

    async def _message_with(self, payload: str) -> int:
        asked = await self.http.get(f"/peer/chat/{self.chat}", params={"token": self.token})
        fitting = [m["message_id"] for m in asked.json() if payload in str(m.get("reply_markup"))]
        if not fitting:
            raise Problem(f"No message in the chat has the button {payload}.")
        return int(fitting[-1])

    async def _all(self) -> list[Message]:
        found = await self.conversations.latest_for("telegram", str(self.chat))
        self.conversation = found.id if found else ""
        return list(await self.stored.all(found.id)) if found else []

    async def _all_sent(self) -> bool:
        return all(m.status is not Status.READY for m in await self._all())

    async def _own(self) -> list[Message]:
        return [m for m in await self._all() if m.author is Author.CUSTOMER]

    async def _take(self, message: ChatMessage) -> None:
        async with self._changed:
            self.messages.append(message)
            self.messages.sort(key=lambda m: m.seq)
            self._changed.notify_all()

    async def _post(self, what: str, body: dict[str, Any]) -> None:
        answer = await self.http.post(f"/peer/{what}", json=body)
        if answer.status_code != 200:
            raise Problem(f"The Telegram peer did not take the message: {answer.status_code} {answer.text[:200]}")


@asynccontextmanager
async def opened(
    peer_url: str, token: str, chat: int, conversations: Conversations, stored: Messages, link: str | None = None
) -> AsyncIterator[TelegramChat]:
    """Begin a chat, by a deep link's token as its customer or else as a stranger; follow it, and close it."""
    async with httpx.AsyncClient(base_url=peer_url, timeout=30, trust_env=False) as http:
        one = TelegramChat(http, token, chat, conversations, stored)
        listening = asyncio.create_task(one.listen())
        try:
            if link is not None:
                seq = await one.send(f"/start {link}")
                await one.until(lambda c: bool(c.answers_to(seq)), _STORED_WITHIN_S)
            yield one
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
