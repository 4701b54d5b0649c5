"""Mail: by SMTP, or in the demo into a folder whose newest mails a page shows."""

import asyncio
import secrets
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import formatdate, make_msgid
from pathlib import Path
from urllib.parse import unquote, urlsplit

import aiosmtplib
import structlog

from casework.errors import PortError
from casework.ports import Clock, Mail, Mailer, MailFailed, NewAlert
from casework.ports.people import Alerts

NEWEST = 20  # mails that the demo keeps
_TRIES = 2
log = structlog.get_logger("desk.mail")


async def by_smtp(url: str, message: EmailMessage) -> None:
    """Send by smtp://user:password@host:587, or smtps://…. Raises MailFailed, whose text holds no secret."""
    where = urlsplit(url)
    tls = where.scheme == "smtps"
    try:
        await aiosmtplib.send(
            message,
            hostname=where.hostname,
            port=where.port or (465 if tls else 587),
            username=unquote(where.username) if where.username else None,
            password=unquote(where.password) if where.password else None,
            use_tls=tls,
            timeout=8,
        )
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        raise MailFailed(f"the mail server did not take it ({type(error).__name__})") from None


def composed(mail: Mail, sender: str) -> EmailMessage:
    """A mail as it goes out. Raises MailFailed for an address or a subject that no mail can have."""
    message = EmailMessage()
    try:
        message["From"], message["To"], message["Subject"] = sender, mail.to, mail.subject
    except ValueError:
        raise MailFailed("the address on file is none that mail can go to") from None
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain="redress.invalid")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    return message


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """Implements casework.ports.Mailer."""

    url: str = field(repr=False)
    sender: str

    async def send(self, mail: Mail) -> None:
        await by_smtp(self.url, composed(mail, self.sender))


@dataclass(frozen=True, slots=True)
class FolderMailer:
    """Implements casework.ports.Mailer for the demo: the newest mails as files, which several desks can share."""

    folder: Path
    sender: str

    async def send(self, mail: Mail) -> None:
        await asyncio.to_thread(self._keep, composed(mail, self.sender))

    async def newest(self) -> Sequence[EmailMessage]:
        """What was sent, the newest first."""
        return await asyncio.to_thread(self._read)

    def _keep(self, message: EmailMessage) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            part = self.folder / f"{secrets.token_hex(8)}.part"
            part.write_bytes(message.as_bytes())
            part.rename(self.folder / f"{time.time_ns():020}-{part.stem}.eml")
            for old in self._files()[NEWEST:]:
                old.unlink(missing_ok=True)
        except OSError as error:
            raise MailFailed(f"it could not be kept ({type(error).__name__})") from None

    def _read(self) -> Sequence[EmailMessage]:
        found = []
        for file in self._files():
            with suppress(FileNotFoundError):  # another desk has just thrown it away
                found.append(message_from_bytes(file.read_bytes(), EmailMessage, policy=default))
        return found

    def _files(self) -> Sequence[Path]:
        return sorted(self.folder.glob("*.eml"), reverse=True)


@dataclass
class Outbox:
    """Sends in its own time: whoever waits for an answer does not see whether a mail went out."""

    mailer: Mailer
    alerts: Alerts
    clock: Clock
    _sending: set[asyncio.Task[None]] = field(default_factory=set)

    def post(self, mail: Mail) -> None:
        """Take it. Nobody waits."""
        task = asyncio.create_task(self._send(mail))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def close(self) -> None:
        """Wait for what is on its way."""
        await asyncio.gather(*self._sending, return_exceptions=True)

    async def _send(self, mail: Mail) -> None:
        why = ""
        for _ in range(_TRIES):
            try:
                await self.mailer.send(mail)
                return
            except MailFailed as failed:
                why = str(failed)
        log.warning("mail_failed", why=why)
        with suppress(PortError):
            await self._tell_staff(why)

    async def _tell_staff(self, why: str) -> None:
        """Once, until somebody has seen it."""
        text = f"Mail to customers does not go out: {why}. They cannot prove who they are by a code."
        await self.alerts.raise_once(NewAlert("mail", text), self.clock())
