"""The one intake: every channel's messages come in here, and are stored before they are acknowledged."""

import secrets
import unicodedata
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from casework.ports import Clock, Inbound, Json, Messages, NewAttachment, Outbound, Received, Room, Status
from recovery.dangers import perils_in

LONGEST = 8_000
LONGEST_ID = 64
ASK_FOR_A_PERSON = "/request_human"  # on offer at any time, whether a button says so or not
Held = Callable[[str, Received, str | None, str], Awaitable[None]]
Watching = Callable[[str, str, str], Awaitable[None]]
Rating = Callable[[str, str, str], Awaitable[bool]]
_KEPT_CONTROLS = frozenset("\n\t")


class MessageRefused(ValueError):
    """A message that cannot be taken. Its text says what the sender can do."""


class MessageEmpty(MessageRefused):
    """There is nothing in it."""


class MessageTooLong(MessageRefused):
    """It is longer than anybody reads."""


def new_message_id() -> str:
    """Short enough to be cited."""
    return f"m{secrets.token_hex(8)}"


def clean(text: str) -> str:
    """The text as it can be stored, shown and searched. Raises MessageRefused."""
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in unix if c in _KEPT_CONTROLS or unicodedata.category(c) not in ("Cc", "Cs")).strip()
    if not any(unicodedata.category(c) not in ("Cf", "Zs", "Zl", "Zp", "Cc") for c in kept):
        raise MessageEmpty("There is no text in this message. Write a word or two, then send it again.")
    if len(kept) > LONGEST:
        raise MessageTooLong(
            f"This message has {len(kept):,} characters, and at most {LONGEST:,} fit. Send it in shorter parts."
        )
    return kept


def clean_id(channel_message_id: str) -> str:
    """A channel's own message id, if it can be one. Raises MessageRefused."""
    if 1 <= len(channel_message_id) <= LONGEST_ID and channel_message_id.isprintable():
        return channel_message_id
    raise MessageRefused(f"A message's id needs 1 to {LONGEST_ID} printable characters.")


def new_attachment_id() -> str:
    """Nobody can guess it."""
    return f"f{secrets.token_hex(12)}"


def files_told(attachments: Sequence[NewAttachment]) -> Json:
    """What a message says of its files, for whoever reads it without them."""
    return {"files": [one.kind for one in attachments]} if attachments else {}


@dataclass(frozen=True, slots=True)
class Proof:
    """A message with which a stranger proves who they are, as it may be stored, and what is said to it.

    `goes_on`: the bot, or the person who has the conversation, answers it too.
    """

    text: str
    replies: tuple[Outbound, ...]
    payload: str | None = None
    goes_on: bool = False


class Prover(Protocol):
    """Hears addresses and one-time codes before anybody else does: casework.proving.Proving."""

    async def hear(self, conversation_id: str, message_id: str, text: str) -> Proof | None:
        """None for a message that is neither. `message_id` is the channel's own."""

    async def veil(self, conversation_id: str, text: str) -> str:
        """The text without a code."""


@dataclass(frozen=True, slots=True)
class Intake:
    """`arrived` hears of each conversation whose message the bot is to answer, once it is stored.

    `watch` reads each message that the engine never sees for danger to life.
    `rated` hears of each button that was pressed while a person answers, and says whether it was a survey's.
    `held` is told of every other message that is a person's to answer, before it is acknowledged.
    `prover` None: nobody can prove who they are in the chat. `room`: for customers' files.
    """

    messages: Messages
    clock: Clock
    arrived: Callable[[str], None]
    held: Held | None = None
    watch: Watching | None = None
    prover: Prover | None = None
    room: Room | None = None
    rated: Rating | None = None

    async def receive(
        self,
        conversation_id: str,
        channel_message_id: str,
        text: str,
        payload: str | None = None,
        meta: Json | None = None,
        attachments: Sequence[NewAttachment] = (),
    ) -> Received:
        """Store a message of a known conversation. Raises MessageRefused, NotFound, Conflict, NoRoom, Unavailable."""
        if payload and not await self._offered(conversation_id, payload):
            payload = None
        inbound = self._inbound(conversation_id, channel_message_id, text, payload, meta)
        inbound = replace(inbound, meta={**inbound.meta, **files_told(attachments)}, attachments=tuple(attachments))
        if self.prover is not None and inbound.payload is None and not attachments:
            if proof := await self.prover.hear(conversation_id, inbound.channel_message_id, inbound.text):
                inbound = replace(inbound, text=proof.text, payload=proof.payload)
                received = await self.messages.receive_answered(inbound, proof.replies, goes_on=proof.goes_on)
                return await self._told(inbound, received)
        else:
            inbound = replace(inbound, text=await self.veil(conversation_id, inbound.text))
        return await self._told(inbound, await self.messages.receive(inbound, self.room))

    async def veil(self, conversation_id: str, text: str) -> str:
        """The text without a one-time code, for whatever is stored that `receive` does not read."""
        return await self.prover.veil(conversation_id, text) if self.prover is not None else text

    async def _told(self, inbound: Inbound, received: Received) -> Received:
        """Whoever answers it next is told, once it is stored."""
        conversation_id = inbound.conversation_id
        if self.watch is not None and received.status is Status.HELD:
            await self.watch(conversation_id, received.id, inbound.text)
        if received.status is Status.RECEIVED:
            self.arrived(conversation_id)
        elif received.status is Status.HELD:
            await self._held(inbound, received)
        return received

    async def _held(self, inbound: Inbound, received: Received) -> None:
        pressed, conversation_id = inbound.payload, inbound.conversation_id
        if pressed and self.rated is not None and await self.rated(conversation_id, received.id, pressed):
            return
        if self.held is not None:
            await self.held(conversation_id, received, pressed, inbound.text)

    async def receive_answered(
        self, conversation_id: str, channel_message_id: str, text: str, replies: Sequence[Outbound]
    ) -> Received:
        """Store a message that is no matter for the bot, such as a channel's own command, with its answer."""
        inbound = self._inbound(conversation_id, channel_message_id, text)
        inbound = replace(inbound, text=await self.veil(conversation_id, inbound.text))
        return await self.messages.receive_answered(inbound, replies)

    async def correct(self, conversation_id: str, channel_message_id: str, text: str, caption_of: str = "") -> bool:
        """The customer changed what they wrote. Whether a message of this id said something else before.

        `caption_of`: whose caption it is where the message is an album; the other captions stay.
        No turn comes of it, unless it may tell of a danger: that is heard as a message of its own, once for each
        kind, and before the record is changed, so that whoever stops between the two begins again with both.
        """
        key, words = clean_id(channel_message_id), await self.veil(conversation_id, clean(text))
        if perils := perils_in(words):
            await self.receive(conversation_id, f"{perils}:{key}"[:LONGEST_ID], words)
        return await self.messages.correct(conversation_id, key, words, self.clock(), caption_of) is not None

    def _inbound(
        self,
        conversation_id: str,
        channel_message_id: str,
        text: str,
        payload: str | None = None,
        meta: Json | None = None,
    ) -> Inbound:
        key, words = clean_id(channel_message_id), clean(text)
        return Inbound(new_message_id(), conversation_id, key, words, payload or None, self.clock(), meta or {})

    async def _offered(self, conversation_id: str, payload: str) -> bool:
        if payload == ASK_FOR_A_PERSON:
            return True
        return payload.isprintable() and await self.messages.offered(conversation_id, payload)
