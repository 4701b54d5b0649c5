"""Channels that are not ours, such as Telegram: who their users are, and how far our messages have come."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from casework.ports.talk import Message


@dataclass(frozen=True, slots=True)
class Link:
    """A user of a channel is known to be a customer. `how` they proved it: deep_link, email_code."""

    channel: str
    channel_user: str
    customer_id: str
    how: str
    verified_at: datetime
    unlinked_at: datetime | None = None


class Identities(Protocol):
    """Which customer a user of a channel is."""

    async def of(self, channel: str, channel_user: str) -> Link | None:
        """The link that holds now."""

    async def link(self, link: Link) -> None:
        """Remember it. Another link of the same user of the channel ends."""

    async def unlink(self, channel: str, channel_user: str, at: datetime) -> bool:
        """Whether there was a link to end."""

    async def forget(self, link: Link, at: datetime) -> None:
        """End every link of its channel that rests on the same proof."""

    async def use_once(self, key: str, channel_user: str, expires_at: datetime, at: datetime) -> bool:
        """Take a token by its key. False when somebody else took it first; the same user may take it again."""

    async def first_account(self, channel: str, account: str) -> str:
        """The account of ours that was the first on a channel: this one, where there was none before."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message on its way. `chat` is the channel's own user, `parts_sent` what the channel has accepted of it."""

    message: Message
    chat: str
    parts_sent: int = 0
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class SentButtons:
    """A message in the channel whose buttons can still be pressed."""

    message: Message
    channel_id: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the staff should know of how a message arrived."""

    repeated: bool = False  # perhaps: it was being sent when we were cut off
    failed: str = ""


class Lease(Protocol):
    """The right to do what one process does at a time. Whoever dies loses it at once.

    Who has lost it may not know yet. `turn` counts its holders, so that the database can refuse an earlier one.
    """

    @property
    def name(self) -> str: ...

    @property
    def turn(self) -> int: ...

    async def check(self) -> None:
        """Raises Unavailable when it may be lost."""


class Leases(Protocol):
    """One holder across all processes."""

    def hold(self, name: str) -> AbstractAsyncContextManager[Lease]:
        """Wait until it is ours. Raises Unavailable when the database is down."""


class Deliveries(Protocol):
    """How far messages have come that we bring to a channel ourselves. One process does so for each channel.

    What writes asks for the lease, and raises Unavailable when it is another's by now: nothing is written then.
    """

    async def waiting(self, channel: str, limit: int = 200) -> Sequence[str]:
        """Conversations with a message to deliver, the longest waiting first."""

    async def next(self, channel: str, conversation_id: str) -> Outgoing | None:
        """The first message of a conversation that the channel does not have yet."""

    async def begin(self, lease: Lease, message: Message, at: datetime) -> None:
        """A part is sent now. If one was in flight already, it may have arrived: it is marked as perhaps repeated."""

    async def sent(
        self, lease: Lease, message: Message, parts: int, channel_id: str, *, last: bool, at: datetime
    ) -> None:
        """The channel accepted one part more, under its own id."""

    async def not_sent(self, lease: Lease, message: Message, *, perhaps: bool) -> None:
        """It is to be tried again. `perhaps`: nobody knows whether the channel has it."""

    async def give_up(self, lease: Lease, message: Message, reason: str, at: datetime) -> None:
        """The channel will never take it. The staff see why, and are alerted once until something arrives again."""

    async def found(self, conversation_id: str, channel_id: str) -> str | None:
        """Our message's id by the channel's own, sent or received."""

    async def open_buttons(self, conversation_id: str) -> Sequence[SentButtons]:
        """Messages in the channel with buttons that nobody has pressed."""

    async def close_buttons(self, message_ids: Sequence[str]) -> None:
        """These can be pressed no more."""

    async def arrivals(self, message_ids: Sequence[str]) -> Mapping[str, Arrival]:
        """Those of these messages that did not simply arrive."""

    async def moved(self, channel: str, chat: str, to: str) -> None:
        """The channel knows this chat by another name now."""


@dataclass(frozen=True, slots=True)
class WaitLine:
    """What a chat says of its wait. `channel_id`: the channel's own id of it; empty, nothing is said."""

    conversation_id: str
    chat: str
    channel_id: str = ""
    text: str = ""

    def sent_as(self, channel_id: str) -> "WaitLine":
        return replace(self, channel_id=channel_id)


class WaitLines(Protocol):
    """The lines that tell customers how their wait stands, where a channel has no other place for it."""

    async def waiting(self, channel: str) -> Sequence[str]:
        """Conversations that wait for a person, and those whose line still says so."""

    async def of(self, channel: str, conversation_id: str) -> WaitLine | None:
        """None when it neither waits nor has a line, or is of another channel."""

    async def keep(self, conversation_id: str, channel_id: str, text: str, at: datetime) -> None:
        """The channel shows this now."""

    async def drop(self, conversation_id: str) -> None:
        """It shows nothing any more."""
