"""The staff read: queue, conversations, log. Who may see what is decided here, and every look is written down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from casework.ports import Clock, Owner, Staff, Transition
from casework.read_records import (
    AlertRead,
    ConversationRead,
    DecisionRead,
    DutyDone,
    FoundConversation,
    HandoffRead,
    LookRead,
    MessageRead,
    NoteRead,
    Overview,
    Page,
    QueueEntry,
    Search,
    Standing,
    StepRead,
    SurveyRead,
)
from recovery.sla import SlaClock
from recovery.words import Role

A_SCREENFUL = 200  # messages shown at once; earlier ones are a click away
ONE_LOOK = timedelta(minutes=10)  # what a page fetches again within this time is the same look


class NotYours(Exception):
    """This reader's role has no need to see this. The message says why, in a sentence."""


class NoSuchConversation(Exception):
    """There is no conversation with this id."""


class Reading(Protocol):
    """The port to our own records, for reading, and to the looks."""

    async def queue(self, limit: int = 200) -> Sequence[QueueEntry]:
        """Open handoffs, the most urgent first, with their open clocks."""

    async def clocks(self, handoff_id: int) -> Sequence[SlaClock]:
        """All clocks of one handoff."""

    async def moves(self, conversation_id: str) -> Sequence[Transition]:
        """Who answered when, oldest first."""

    async def standing(self) -> Standing:
        """What waits now."""

    async def conversation(self, conversation_id: str) -> ConversationRead | None: ...

    async def claimed_once(self, conversation_id: str, user_id: str) -> bool:
        """Whether this user has ever owned this conversation."""

    async def messages(
        self, conversation_id: str, *, after: int = 0, before: int | None = None, limit: int = A_SCREENFUL
    ) -> Sequence[MessageRead]:
        """The latest messages between two sequence numbers, oldest first."""

    async def decisions(self, conversation_id: str, message_ids: Sequence[str]) -> Sequence[DecisionRead]: ...

    async def steps(self, message_ids: Sequence[str]) -> Sequence[StepRead]: ...

    async def handoffs(self, conversation_id: str) -> Sequence[HandoffRead]:
        """Its handoffs, newest first."""

    async def notes(self, conversation_id: str) -> Sequence[NoteRead]: ...

    async def duties(self, handoff_ids: Sequence[int]) -> Sequence[DutyDone]:
        """The ticks on the checklists of these handoffs."""

    async def surveys(self, conversation_id: str) -> Sequence[SurveyRead]: ...

    async def search(self, wanted: Search, after: str | None, limit: int = 50) -> Page[FoundConversation]:
        """Conversations, the latest first. Raises ValueError for an `after` that is none of ours."""

    async def count(self, wanted: Search, most: int = 1000) -> int:
        """How many a search finds, counted up to `most`."""

    async def overview(self, since: datetime) -> Overview: ...

    async def staff(self) -> Sequence[Staff]:
        """Everybody who may own a conversation, by name."""

    async def alerts(self, *, only_open: bool, before: int | None, limit: int = 50) -> Page[AlertRead]: ...

    async def looks(self, *, subject: str, user_id: str, before: int | None, limit: int = 50) -> Page[LookRead]: ...

    async def log_look(
        self, user_id: str, what: str, subject_id: str, at: datetime, unless_since: datetime | None = None
    ) -> None:
        """Write a look down, unless the same one was written since a given time."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """A conversation with everything that was heard, decided and done in it."""

    conversation: ConversationRead
    messages: Sequence[MessageRead]
    decisions: Sequence[DecisionRead]
    steps: Sequence[StepRead]
    handoffs: Sequence[HandoffRead]
    notes: Sequence[NoteRead]
    surveys: Sequence[SurveyRead]
    duties: Sequence[DutyDone] = ()

    @property
    def handoff(self) -> HandoffRead | None:
        """The handoff that an agent works on: the newest."""
        return self.handoffs[0] if self.handoffs else None


def is_supervisor(reader: Staff) -> bool:
    return reader.role == Role.SUPERVISOR


def owns(reader: Staff, conversation: ConversationRead) -> bool:
    return conversation.owner == Owner.AGENT and conversation.agent_id == reader.id


@dataclass(frozen=True, slots=True)
class Reader:
    """Opens conversations to those who may see them, and logs each look before anything is shown."""

    reading: Reading
    clock: Clock

    async def open(self, reader: Staff, conversation_id: str, *, before: int | None = None) -> Transcript:
        """A conversation as a page shows it. Raises NoSuchConversation or NotYours."""
        conversation = await self.allowed(reader, conversation_id)
        await self.reading.log_look(reader.id, "conversation", conversation_id, self.clock())
        return await self._transcript(conversation, before)

    async def export(self, reader: Staff, conversation_id: str) -> Transcript:
        """The same, to take away."""
        conversation = await self.allowed(reader, conversation_id)
        await self.reading.log_look(reader.id, "export", conversation_id, self.clock())
        return await self._transcript(conversation, None)

    async def again(self, reader: Staff, conversation_id: str) -> Transcript:
        """What an open page fetches when something changed: logged once in a while."""
        conversation = await self._glance(reader, conversation_id)
        return await self._transcript(conversation, None)

    async def newer(
        self, reader: Staff, conversation_id: str, after: int
    ) -> tuple[ConversationRead, Sequence[MessageRead]]:
        """The messages after one that an open page has."""
        conversation = await self._glance(reader, conversation_id)
        return conversation, await self.reading.messages(conversation_id, after=after)

    async def allowed(self, reader: Staff, conversation_id: str) -> ConversationRead:
        """The conversation, if this reader's role needs it."""
        conversation = await self.reading.conversation(conversation_id)
        if conversation is None:
            raise NoSuchConversation("There is no such conversation.")
        if is_supervisor(reader) or conversation.owner != Owner.BOT:
            return conversation
        if not await self.reading.claimed_once(conversation_id, reader.id):
            raise NotYours("The bot looks after this conversation. Agents see conversations that were handed over.")
        return conversation

    async def _glance(self, reader: Staff, conversation_id: str) -> ConversationRead:
        conversation = await self.allowed(reader, conversation_id)
        now = self.clock()
        await self.reading.log_look(reader.id, "conversation", conversation_id, now, now - ONE_LOOK)
        return conversation

    async def _transcript(self, conversation: ConversationRead, before: int | None) -> Transcript:
        read = self.reading
        messages = await read.messages(conversation.id, before=before)
        ids = [m.id for m in messages]
        handoffs = await read.handoffs(conversation.id)
        critical = [h.id for h in handoffs if h.packet.get("procedures")]
        return Transcript(
            conversation,
            messages,
            await read.decisions(conversation.id, ids),
            await read.steps(ids),
            handoffs,
            await read.notes(conversation.id),
            await read.surveys(conversation.id),
            await read.duties(critical) if critical else (),
        )
