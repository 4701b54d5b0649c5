"""A customer at the web chat: by docs/webchat.md, and as stubborn as a browser."""

import asyncio
import uuid
from collections.abc import Callable, Container, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx

from redress.chaos.transcript import Acknowledged, Seen, Transcript
from redress.webchat import events_of

_AGAIN_AFTER_S = 0.2
_POLL_EVERY_S = 0.5
_OVER = frozenset({401, 404, 409})  # the session or the conversation has ended: open another
_TOO_FAST, _ITS_FAULT = 429, 500  # worth another try
_PATIENCE = httpx.Timeout(15, read=40)  # the desk's heartbeat comes sooner

type Ask = Callable[[], Coroutine[Any, Any, httpx.Response]]


@dataclass
class WebLine:
    """One browser. It follows the event stream, or asks again and again (`polls`)."""

    client: httpx.AsyncClient
    token: str | None
    transcript: Transcript
    polls: bool = False
    conversation: str = ""
    _session: str = ""
    _last: int = 0
    _buttons: tuple[tuple[str, str], ...] = ()
    _read_before: int = 0  # how much was read when the latest message was sent
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _listening: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Open a session, or come back to the conversation."""
        body = {"token": self.token, "resume": self._session or None}
        opened = (await _until_taken(lambda: self.client.post("/chat/session", json=body))).json()
        if opened["conversation"] != self.conversation:
            self._last, self._buttons = 0, ()
        self._session, self.conversation = opened["session"], opened["conversation"]
        if self._listening is None:
            self._listening = asyncio.create_task(self._poll() if self.polls else self._listen())

    async def send(self, text: str, payload: str | None = None, *, twice: bool = False) -> None:
        body = {"id": uuid.uuid4().hex, "text": text, "payload": payload}
        self._read_before = len(self.transcript.seen)
        first = await self._acknowledged(body)
        self.transcript.acknowledged.append(Acknowledged(self.conversation, str(body["id"]), text.strip()))
        if twice:
            again = await self._acknowledged(body)
            if again != first:
                self.transcript.contradictions.append(f"message {body['id']} was acknowledged as two messages")

    async def heard(self, authors: Container[str], within: float) -> bool:
        try:
            async with asyncio.timeout(within):
                while not any(one.author in authors for one in self.transcript.seen[self._read_before :]):
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            return False
        return True

    def buttons(self) -> tuple[tuple[str, str], ...]:
        return self._buttons

    async def leave(self) -> None:
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
            self._listening = None

    async def catch_up(self) -> None:
        while await self._read():
            pass

    async def _acknowledged(self, body: dict[str, Any]) -> Any:
        """What the desk says of the message once it is stored."""
        while True:
            answer = await _until_taken(lambda: self.client.post("/chat/messages", json=body, headers=self._bearer))
            if answer.status_code not in _OVER:
                return answer.json()
            await self.open()

    @property
    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._session}"}

    async def _listen(self) -> None:
        """A broken stream is taken up where it broke."""
        while True:
            with suppress(httpx.TransportError, httpx.HTTPStatusError):
                await self._follow()
            await asyncio.sleep(_AGAIN_AFTER_S)

    async def _follow(self) -> None:
        url = f"/chat/events?after={self._last}"
        async with self.client.stream("GET", url, headers=self._bearer, timeout=_PATIENCE) as stream:
            stream.raise_for_status()
            async for event, data in events_of(stream.aiter_lines()):
                if event == "message":
                    self._take(data)

    async def _poll(self) -> None:
        while True:
            with suppress(httpx.TransportError, httpx.HTTPStatusError):
                await self._read()
            await asyncio.sleep(_POLL_EVERY_S)

    async def _read(self) -> bool:
        """Whether there was anything new."""
        url = f"/chat/messages?after={self._last}"
        answer = await _until_taken(lambda: self.client.get(url, headers=self._bearer))
        answer.raise_for_status()
        found = answer.json()
        for data in found:
            self._take(data)
        return bool(found)

    def _take(self, data: dict[str, Any]) -> None:
        """Every message is kept as often as it comes: whether it came once is for the end to say."""
        seen = Seen(self.conversation, data["seq"], data["id"], data["author"], data["text"])
        self.transcript.seen.append(seen)
        self._last = max(self._last, seen.place)
        self._news.set()
        if data["buttons"]:
            self._buttons = tuple((b["title"], b["payload"]) for b in data["buttons"])


async def _until_taken(ask: Ask) -> httpx.Response:
    """Ask until the desk answers as it should, or says that the conversation is over."""
    while True:
        with suppress(httpx.TransportError):
            answer = await ask()
            if answer.status_code != _TOO_FAST and answer.status_code < _ITS_FAULT:
                return answer if answer.status_code in _OVER else answer.raise_for_status()
        await asyncio.sleep(_AGAIN_AFTER_S)
