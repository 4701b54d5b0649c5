"""Mail goes out by SMTP, to a server that we did not write; in the demo it is shown on a page."""

import asyncio
import email
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP

from casework.ports import Mail, MailFailed
from desk.mailing import NEWEST, FolderMailer, Outbox, SmtpMailer
from tests.desk.conftest import DeskUnderTest, EngineDouble, now, running_desk

SENDER = "help@shop.example"
MAIL = Mail("ada@example.com", "Your code", "It is 402913. Ça va?")


class Mailbox:
    """What aiosmtpd hands over."""

    def __init__(self) -> None:
        self.got: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - its own name
        self.got.append(envelope)
        return "250 OK"


@asynccontextmanager
async def smtp_peer() -> AsyncIterator[tuple[str, Mailbox]]:
    box, loop = Mailbox(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(box, loop=loop), "127.0.0.1", 0)
    async with server:
        yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}", box


async def test_a_mail_reaches_an_smtp_server_as_it_was_written() -> None:
    async with smtp_peer() as (url, box):
        await SmtpMailer(url, SENDER).send(MAIL)
    envelope = box.got[0]
    read = email.message_from_bytes(envelope.content, EmailMessage, policy=default)
    assert (envelope.mail_from, envelope.rcpt_tos) == (SENDER, [MAIL.to])
    assert (read["Subject"], read.get_content().strip()) == (MAIL.subject, MAIL.text)
    assert read["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("to", ["ada@example.com", "ada\n@example.com"])
async def test_a_mail_that_cannot_go_out_fails_without_saying_to_whom_or_what(to: str) -> None:
    async with smtp_peer() as (url, _):
        gone = url.replace("smtp://", "smtp://user:secret@")
    with pytest.raises(MailFailed) as failed:
        await SmtpMailer(gone, SENDER).send(Mail(to, "Your code", "402913"))
    assert not any(hidden in f"{failed.value!r}" for hidden in ("ada", "402913", "secret"))
    assert "402913" not in repr(MAIL)


async def test_the_staff_hear_once_that_mail_does_not_go_out(desk: DeskUnderTest) -> None:
    async with smtp_peer() as (gone, _):
        pass
    outbox = Outbox(SmtpMailer(gone, SENDER), desk.store.alerts, now)
    for _ in range(2):
        outbox.post(MAIL)
        await outbox.close()
    assert [alert.kind for alert in await desk.store.alerts.open_ones()] == ["mail"]


async def test_the_demo_keeps_the_newest_mails_for_its_page(tmp_path: Path) -> None:
    one, other = (FolderMailer(tmp_path / "mail", SENDER) for _ in range(2))  # two desks on one home
    for n in range(NEWEST + 3):
        await (one, other)[n % 2].send(Mail(MAIL.to, f"Mail {n}", "…"))
    assert [m["Subject"] for m in await one.newest()] == [f"Mail {n}" for n in range(NEWEST + 2, 2, -1)]


async def test_the_demo_shows_its_mail_and_no_other_installation_does(
    migrated_url: str, clean: None, engine_double: EngineDouble, tmp_path: Path
) -> None:
    mailer = FolderMailer(tmp_path / "mail", SENDER)
    await mailer.send(Mail(MAIL.to, "<b>Your code</b>", MAIL.text))
    for demo, status in ((True, 200), (False, 404)):
        async with running_desk(
            migrated_url, engine_double, mailer=mailer, demo_mail=mailer.newest, demo=demo
        ) as running:
            page = await running.http.get("/demo/mail")
            assert page.status_code == status
            assert ("402913" in page.text) is demo
            assert "<b>Your" not in page.text
