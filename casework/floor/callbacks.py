"""A customer who will not wait leaves details, and somebody calls: a task on the desk until it is done."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from casework.errors import Conflict
from casework.floor.case_asked import CaseAsked
from casework.ports import (
    Author,
    Button,
    Clock,
    Conversation,
    Conversations,
    Outbound,
    Owner,
    Phrases,
    Received,
    Staff,
)
from recovery.calling import asks_for_a_call, tells_a_number

PAYLOAD = "/callback"  # what the button carries; the desk hears it, the engine never does
_TOLD = uuid.UUID("0d5c0f8e-3f0f-4f0d-9a53-0c8f5a1b7a11")


def button(phrases: Phrases) -> Button:
    """What a customer who waits may press to be called."""
    return Button(phrases.plain("utter_title_call_back"), PAYLOAD)


@dataclass(frozen=True, slots=True)
class Callback:
    """One request. `details`: what the customer wrote next."""

    id: int
    conversation_id: str
    customer_id: str | None
    customer_name: str
    channel: str
    asked_at: datetime
    details: str


@dataclass(frozen=True, slots=True)
class Uncalled:
    """Somebody who waits and was not offered a call in this wait. `since`: since when the same people are asked."""

    handoff_id: int
    conversation_id: str
    team: str
    priority: int
    since: datetime
    danger: bool  # a procedure for critical situations runs


class Asked(StrEnum):
    """How a call was asked for."""

    PRESSED = "pressed"
    IN_WORDS = "in_words"
    WITH_NUMBER = "with_number"  # the words tell all that is needed


class CallbackStore(Protocol):
    """The requests."""

    async def not_offered(self, limit: int = 500) -> Sequence[Uncalled]:
        """Who waits and has neither been offered a call nor asked for one."""

    async def offer(self, handoff_id: int, conversation_id: str, offer: Outbound, at: datetime) -> bool:
        """Offer it while nobody has taken the conversation. True for the one who did it."""

    async def ask(
        self, conversation_id: str, seq: int, told: Outbound, at: datetime, asked: Asked = Asked.PRESSED
    ) -> bool:
        """Open a request and tell the customer, while the conversation is a person's or waits for one."""

    async def heard(self, conversation_id: str, seq: int, told: Outbound, at: datetime) -> bool:
        """Details have arrived: tell the customer once. False when none are awaited."""

    async def open_one(self, conversation_id: str) -> Callback | None: ...

    async def open_ones(self, limit: int = 100) -> Sequence[Callback]:
        """The oldest first."""

    async def done(self, callback_id: int, user_id: str, result: str, at: datetime) -> bool:
        """True for the one who did it."""


@dataclass(frozen=True, slots=True)
class Callbacks:
    """The story of being called back. Every step may be repeated: a channel that sends again changes nothing."""

    store: CallbackStore
    conversations: Conversations
    phrases: Phrases
    clock: Clock
    case_asked: CaseAsked

    async def held(self, conversation_id: str, received: Received, payload: str | None, text: str = "") -> None:
        """A message came that is a person's to answer."""
        if payload == PAYLOAD:
            await self._ask(await self.conversations.get(conversation_id), received.id, received.seq, Asked.PRESSED)
            return
        told = self._told(f"heard:{received.id}", "utter_callback_noted")
        if not await self.store.heard(conversation_id, received.seq, told, self.clock()):
            await self.read(conversation_id, received.id, received.seq, text)
            await self.case_asked.read(conversation_id, received.id, text)

    async def read(self, conversation_id: str, message_id: str, seq: int, text: str) -> None:
        """Who asks in words to be rung while nobody has taken the conversation need not look for a button."""
        if not asks_for_a_call(text):
            return
        conversation = await self.conversations.get(conversation_id)
        if conversation.owner is Owner.QUEUE:
            asked = Asked.WITH_NUMBER if tells_a_number(text) else Asked.IN_WORDS
            await self._ask(conversation, message_id, seq, asked)

    async def _ask(self, conversation: Conversation, message_id: str, seq: int, asked: Asked) -> None:
        known = conversation.customer_id is not None
        response = "utter_callback_known" if known else "utter_callback_details"
        response = "utter_callback_noted" if asked is Asked.WITH_NUMBER else response
        told = self._told(f"asked:{message_id}", response)
        await self.store.ask(conversation.id, seq, told, self.clock(), asked)

    async def done(self, staff: Staff, callback_id: int, result: str) -> None:
        """Somebody called. Raises Conflict when a colleague did."""
        if not await self.store.done(callback_id, staff.id, result.strip(), self.clock()):
            raise Conflict("A colleague has done this already.")

    def _told(self, key: str, response: str) -> Outbound:
        return Outbound(uuid.uuid5(_TOLD, key).hex, Author.SYSTEM, self.phrases.plain(response))
