"""One-time codes: who was sent one, and how often each was tried. Mail takes them to their customers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from recovery.proving import SentCode, Verdict


class Issued(StrEnum):
    """What came of asking for a code."""

    NEW = "new"
    REPEATED = "repeated"  # this very message asked before
    TOO_MANY = "too_many"
    GUESSED_AT = "guessed_at"  # too many tries were wrong lately, whoever made them


@dataclass(frozen=True, slots=True)
class NewCode:
    """A code to keep. `address_key` names the address without telling it; `asked_in` is the message that gave it."""

    conversation_id: str
    address_key: str
    asked_in: str
    customer_id: str | None
    salt: str
    key: str
    sent_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Tried:
    """What a try came to, and whose code it was."""

    verdict: Verdict
    customer_id: str | None = None
    wrong_lately: int = 0  # tries of all together that were wrong, this one with them


class CodeBook(Protocol):
    """The codes of all desks."""

    async def issue(self, new: NewCode) -> Issued:
        """Keep it, unless its address or its conversation has had too many: two desks at once count as one."""

    async def recent(self, conversation_id: str, since: datetime) -> Sequence[SentCode]:
        """The codes that were asked for in a conversation, the newest first."""

    async def attempt(
        self, conversation_id: str, attempt: str, decide: Callable[[SentCode], Verdict], since: datetime
    ) -> Tried:
        """Try the newest code under its lock, and count each try once. OVER where there is no code.

        `since`: from when the wrong tries of all are counted.
        """


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to a customer. Its text may hold a code, so nothing shows it by accident."""

    to: str = field(repr=False)
    subject: str
    text: str = field(repr=False)


class MailFailed(Exception):
    """The mail was not taken. The text says why, and neither to whom nor what."""


class Mailer(Protocol):
    """A way to send mail."""

    async def send(self, mail: Mail) -> None:
        """Raises MailFailed."""
