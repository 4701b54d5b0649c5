"""The ways to page, each against a peer that speaks its protocol."""

import asyncio
import email
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email.policy import default
from typing import Any

import pytest

from casework.floor.paging import Page, PageFailed, Pager
from desk.pagers import EmailPager, TelegramPager, WebhookPager, signature
from tests.desk.conftest import now, served

SECRET = "a-secret-that-only-the-pager-knows"
BEGAN = now()
PAGE = Page(
    7,
    "danger",
    "People may be in danger",
    BEGAN,
    2,
    (("Ask whether anybody is hurt", BEGAN + timedelta(minutes=5)),),
    "https://desk.example/desk/conversations/c1",
)


@asynccontextmanager
async def mail_server(refuses: bool = False) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A mail server by RFC 5321, as far as one mail needs it."""
    mails: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 desk.example\r\n")
        while line := await reader.readline():
            verb = line[:4].upper().strip()
            if verb == b"DATA":
                writer.write(b"354 go on\r\n")
                mails.append((await reader.readuntil(b"\r\n.\r\n"))[:-5])
            if verb == b"QUIT":
                writer.write(b"221 bye\r\n")
                break
            writer.write(b"550 no such user\r\n" if refuses and verb == b"RCPT" else b"250 fine\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}", mails


@dataclass
class HttpPeer:
    """An HTTP peer that keeps what it is sent."""

    status: int = 200
    busy: int = 0  # how many times it first asks to wait
    asks_for: float = 0.01  # seconds
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = b""
        while (message := await receive())["type"] == "http.request":
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        headers = {k.decode(): v.decode() for k, v in scope["headers"]}
        self.got.append((scope["path"], headers, body))
        told = {}, self.status
        if self.busy >= len(self.got):
            told = {"ok": False, "parameters": {"retry_after": self.asks_for}}, 429
        await send({"type": "http.response.start", "status": told[1], "headers": []})
        await send({"type": "http.response.body", "body": json.dumps(told[0]).encode()})


async def test_a_mail_says_what_to_do_by_when_and_where() -> None:
    async with mail_server() as (url, mails):
        await EmailPager(url, "redress@desk.example").send("duty@desk.example", PAGE)
    mail = email.message_from_bytes(mails[0], policy=default)
    assert (mail["To"], mail["Subject"]) == ("duty@desk.example", "Critical: People may be in danger (page 2)")
    words = mail.get_content()
    assert "1. Ask whether anybody is hurt" in words
    assert PAGE.link in words


async def test_a_telegram_group_gets_a_message_by_the_bot_api() -> None:
    peer = HttpPeer()
    async with served(peer) as url:
        await TelegramPager("123:abc", url).send("-1009", PAGE)
    path, _, body = peer.got[0]
    sent = json.loads(body)
    assert (path, sent["chat_id"]) == ("/bot123:abc/sendMessage", -1009)
    assert sent["text"].startswith("Critical: People may be in danger (page 2)\n")


async def test_a_webhook_can_verify_who_sent_it() -> None:
    peer = HttpPeer()
    async with served(peer) as url:
        await WebhookPager(SECRET, now).send(f"{url}/hook", PAGE)
    _, headers, body = peer.got[0]
    assert headers["x-redress-signature"] == signature(SECRET, headers["x-redress-timestamp"], body)
    assert headers["x-redress-signature"] != signature(SECRET + "x", headers["x-redress-timestamp"], body)
    assert json.loads(body)["procedure"] == "danger"


@pytest.mark.parametrize("kind", ["email", "telegram", "webhook"])
async def test_a_peer_that_is_not_there_or_refuses_is_a_failure_without_secrets(kind: str) -> None:
    def pager(url: str) -> tuple[Pager, str]:
        if kind == "email":
            return EmailPager(url.replace("http:", "smtp:"), "a@desk.example"), "b@desk.example"
        return (TelegramPager("123:secret", url), "-5") if kind == "telegram" else (WebhookPager(SECRET, now), url)

    peer = HttpPeer(status=500)
    async with served(peer) as url:
        gone = url
        if kind != "email":
            with pytest.raises(PageFailed, match="answered 500"):
                await _send(pager(url))
    with pytest.raises(PageFailed) as failed:
        await _send(pager(gone))
    assert "secret" not in str(failed.value)
    if kind == "email":
        async with mail_server(refuses=True) as (url, mails):
            with pytest.raises(PageFailed, match="did not take it"):
                await EmailPager(url, "a@desk.example").send("b@desk.example", PAGE)
        assert mails == []


async def _send(to: tuple[Pager, str]) -> None:
    await to[0].send(to[1], PAGE)


async def test_a_group_that_asks_to_wait_a_little_is_waited_for() -> None:
    peer = HttpPeer(busy=1)
    async with served(peer) as url:
        await TelegramPager("1:token", url).send("-100", PAGE)
    assert len(peer.got) == 2


@pytest.mark.parametrize(("busy", "asks_for", "tries"), [(1, 40, 1), (9, 0.01, 2)])
async def test_a_group_that_asks_to_wait_long_or_again_is_said_to_have_failed(
    busy: int, asks_for: float, tries: int
) -> None:
    peer = HttpPeer(busy=busy, asks_for=asks_for)
    async with served(peer) as url:
        with pytest.raises(PageFailed, match="429"):
            await TelegramPager("1:token", url).send("-100", PAGE)
    assert len(peer.got) == tries
