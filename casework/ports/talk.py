"""Conversations and their messages."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from casework.ports.files import NewAttachment, Room
from recovery.owners import State, state_of

Clock = Callable[[], datetime]
Json = dict[str, Any]


class Owner(StrEnum):
    """Who answers a conversation."""

    BOT = "bot"
    QUEUE = "queue"
    AGENT = "agent"


class Author(StrEnum):
    """Who wrote a message."""

    CUSTOMER = "customer"
    BOT = "bot"
    AGENT = "agent"
    SYSTEM = "system"


class Status(StrEnum):
    """Where a message stands: the first three come in, the others go out."""

    RECEIVED = "received"  # the bot is going to answer it
    ANSWERED = "answered"
    HELD = "held"  # it is a person's to answer
    READY = "ready"
    DELIVERED = "delivered"
    WITHHELD = "withheld"  # a person took over while it was being written
    UNDELIVERABLE = "undeliverable"  # the channel will never take it: the customer has blocked us, or is gone


@dataclass(frozen=True, slots=True)
class Button:
    """What a customer can press instead of writing."""

    title: str
    payload: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation as it stands. `customer_id` is there only once verified."""

    id: str
    channel: str
    channel_user: str
    customer_id: str | None
    customer_name: str
    owner: Owner
    agent_id: str | None
    agent_name: str | None
    owner_version: int
    opened_at: datetime
    last_message_at: datetime
    closed_at: datetime | None = None
    outcome: str | None = None
    frustration: int = 0
    challenges: tuple[str, ...] = ()
    handed_over: bool = False
    last_seq: int = 0

    @property
    def state(self) -> State:
        """Where it stands in the state machine of owners."""
        return state_of(self.owner, closed=self.closed_at is not None, handed_over=self.handed_over)


@dataclass(frozen=True, slots=True)
class Message:
    """One stored message. `seq` orders a conversation without gaps."""

    id: str
    conversation_id: str
    seq: int
    author: Author
    author_name: str
    text: str
    status: Status
    at: datetime
    buttons: tuple[Button, ...] = ()
    payload: str | None = None
    channel_message_id: str | None = None
    in_reply_to: str | None = None
    attempts: int = 0
    meta: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Inbound:
    """A customer's message as a channel brings it. `meta`: what else the channel told of it."""

    id: str
    conversation_id: str
    channel_message_id: str
    text: str
    payload: str | None
    at: datetime
    meta: Json = field(default_factory=dict)
    attachments: tuple[NewAttachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Received:
    """What a channel is told once the message is stored. `repeated`: it was stored before."""

    id: str
    seq: int
    at: datetime
    status: Status
    repeated: bool


@dataclass(frozen=True, slots=True)
class Outbound:
    """A message to the customer. The same id is never stored twice."""

    id: str
    author: Author
    text: str
    author_name: str = ""
    buttons: tuple[Button, ...] = ()
    in_reply_to: str | None = None
    meta: Json = field(default_factory=dict)
    status: Status = Status.READY
    attachments: tuple[NewAttachment, ...] = ()


class Conversations(Protocol):
    """Find, open, verify."""

    async def get(self, conversation_id: str) -> Conversation:
        """Raises NotFound."""

    async def open_for(
        self, channel: str, channel_user: str, at: datetime, customer_id: str | None = None, name: str = ""
    ) -> Conversation:
        """The one open conversation of this user of this channel, made when there is none."""

    async def verify(self, conversation_id: str, customer_id: str, name: str, channel_user: str) -> Conversation:
        """Make it this customer's, unless it is another's. Raises NotFound, Conflict.

        It keeps its own channel user when another open conversation has the customer's.
        """

    async def unverify(self, conversation_id: str, at: datetime) -> None:
        """Somebody else is at this chat: the conversation ends, also a person's, and stays its customer's."""

    async def latest_for(self, channel: str, channel_user: str) -> Conversation | None:
        """The latest conversation of this user of this channel, whether it is open or not."""

    async def latest_like(self, conversation_id: str) -> Conversation:
        """The latest conversation of the same user of the same channel. Raises NotFound."""

    async def position(self, conversation_id: str) -> int | None:
        """Its place in the queue (1 is next), by priority, then time; None when it does not wait."""


class Messages(Protocol):
    """A conversation's messages."""

    async def receive(self, inbound: Inbound, room: Room | None = None) -> Received:
        """Store once per channel message id. A closed conversation is open again. Raises NotFound, Conflict.

        `room`: raises NoRoom, and stores nothing, where its files are more than its customer may send.
        """

    async def receive_answered(
        self, inbound: Inbound, replies: Sequence[Outbound], *, goes_on: bool = False
    ) -> Received:
        """Store a message with what is said to it, all at once and once. It needs no turn, unless it `goes_on`."""

    async def correct(
        self, conversation_id: str, channel_message_id: str, text: str, at: datetime, caption_of: str = ""
    ) -> str | None:
        """The customer changed a message: its text is this now, and the old one is kept. No turn comes of it.

        Where the message has captions, only that of `caption_of` is this now.
        Returns our id of the message; None when there is none, or it says so already.
        """

    async def where(self, channel: str, channel_user: str, channel_message_id: str) -> str | None:
        """The conversation that has this message of a channel's user; the latest, should there be several."""

    async def before(self, message_ids: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """What changed messages said before, the oldest first, by message."""

    async def get(self, conversation_id: str, message_id: str) -> Message | None:
        """One message, if it is of this conversation."""

    async def say(self, conversation_id: str, message: Outbound, at: datetime) -> None:
        """Something the desk itself tells the customer."""

    async def known_from_before(self, channel: str, channel_user: str, channel_message_id: str) -> bool:
        """Whether an earlier conversation of this chat than its present one has this message."""

    async def offered(self, conversation_id: str, payload: str) -> bool:
        """Whether a bot's message of this conversation offered this payload."""

    async def visible(self, conversation_id: str, after: int, limit: int = 500) -> Sequence[Message]:
        """What the customer may see with a higher seq, in order."""

    async def all(self, conversation_id: str) -> Sequence[Message]:
        """Everything, withheld replies included, in order."""

    async def delivered(self, conversation_id: str, up_to: int, at: datetime) -> None:
        """Mark what the channel was given."""

    async def undelivered(self, channel: str, limit: int = 100) -> Sequence[Message]:
        """Messages of a channel that are ready and not delivered, in order."""


@dataclass(frozen=True, slots=True)
class Signal:
    """Something changed.

    `kind`: message, changed, file, delivery, owner, typing, queue, alert; or lost, when signals may have been missed.
    """

    kind: str
    conversation_id: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    own: bool = False  # this very process caused it


class Signals(Protocol):
    """Signals across processes."""

    def listen(self) -> AsyncIterator[Signal]:
        """All signals from now on; comes back alone after a lost connection, with a `lost` signal."""

    async def send(self, signal: Signal) -> None:
        """Tell every process, this one included."""


class Phrases(Protocol):
    """Every word the bot or the system says lives in data/responses."""

    def plain(self, response: str, **facts: str) -> str:
        """The text of a response with its facts filled in."""
