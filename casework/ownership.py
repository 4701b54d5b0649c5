"""Who answers a conversation: bot to queue to agent, and back to the bot or closed. One state machine for all."""

from collections.abc import Callable
from dataclasses import dataclass

from casework.errors import Conflict, Refused
from casework.intake import clean, new_message_id
from casework.ports import (
    Author,
    Clock,
    Conversation,
    Conversations,
    EndedHow,
    Handoffs,
    Message,
    Messages,
    NewHandoff,
    Note,
    Notes,
    Outbound,
    Owner,
    OwnerChange,
    OwnershipStore,
    Phrases,
    Staff,
)

TAKE_OVER = "taken-over"
MAY_TAKE_OVER = ("senior", "supervisor")
_TRIES = 3  # each lost race means that somebody else succeeded
Decide = Callable[[Conversation], OwnerChange | None]


@dataclass(frozen=True, slots=True)
class Ownership:
    """Each transition is a compare-and-set with its handoff, and the customer is told in the same transaction."""

    conversations: Conversations
    handoffs: Handoffs
    messages: Messages
    notes: Notes
    store: OwnershipStore
    phrases: Phrases
    clock: Clock

    async def claim(self, conversation_id: str, staff: Staff) -> Conversation:
        """Take a conversation from the queue. Raises Conflict naming who was first."""

        def decide(now: Conversation) -> OwnerChange | None:
            if now.agent_id == staff.id:
                return None
            _must_wait(now)
            return OwnerChange(now.id, now.owner_version, Owner.AGENT, staff.id, claim=True, say=self._joined(staff))

        return await self._change(conversation_id, decide)

    async def take_over(self, conversation_id: str, staff: Staff) -> Conversation:
        """Take a conversation from the queue, the bot or another agent. Raises Refused, Conflict."""
        if staff.role not in MAY_TAKE_OVER:
            raise Refused("Only a senior agent or a supervisor may take over a conversation.")
        open_one = await self.handoffs.open_one(conversation_id)
        start = await self._handoff(conversation_id, staff)

        def decide(now: Conversation) -> OwnerChange | None:
            if now.agent_id == staff.id:
                return None
            if now.closed_at is not None:
                raise Conflict("This conversation is closed.")
            queued = now.owner is Owner.QUEUE and open_one is not None
            return OwnerChange(
                now.id,
                now.owner_version,
                Owner.AGENT,
                staff.id,
                claim=True,
                start=None if queued else start,
                end=None if queued else EndedHow.TAKEN_OVER,
                say=self._joined(staff),
            )

        return await self._change(conversation_id, decide)

    async def return_to_bot(self, conversation_id: str, staff: Staff) -> Conversation:
        """Give it back: only new messages go to the bot, and what led to the handoff is past. Raises Conflict."""

        def decide(now: Conversation) -> OwnerChange | None:
            _must_own(now, staff)
            told = self._system("utter_returned_to_bot")
            return OwnerChange(
                now.id, now.owner_version, Owner.BOT, end=EndedHow.RETURNED, reset_recovery=True, say=told
            )

        return await self._change(conversation_id, decide)

    async def resolve(self, conversation_id: str, staff: Staff, root_cause: str) -> Conversation:
        """Close it with a root cause. The customer's next message opens it again, with the bot. Raises Conflict."""
        cause = clean(root_cause)

        def decide(now: Conversation) -> OwnerChange | None:
            _must_own(now, staff)
            return OwnerChange(
                now.id,
                now.owner_version,
                Owner.BOT,
                end=EndedHow.RESOLVED,
                root_cause=cause,
                outcome="resolved_by_agent",
                close=True,
                reset_recovery=True,
                say=self._system("utter_agent_resolved"),
            )

        return await self._change(conversation_id, decide)

    async def send_as_agent(
        self, conversation_id: str, staff: Staff, text: str, message_id: str | None = None
    ) -> Message:
        """Say something to the customer. The same message id again says nothing new. Raises Conflict."""
        message = Outbound(message_id or new_message_id(), Author.AGENT, clean(text), staff.first_name)
        return await self.store.say_as_agent(conversation_id, staff.id, message, self.clock())

    async def note(self, conversation_id: str, staff: Staff, text: str) -> Note:
        """Write down what the customer does not see."""
        return await self.notes.add(conversation_id, staff.id, clean(text), self.clock())

    async def _change(self, conversation_id: str, decide: Decide) -> Conversation:
        for _ in range(_TRIES):
            now = await self.conversations.get(conversation_id)
            change = decide(now)
            if change is None:
                return now
            if await self.store.apply(change, self.clock()):
                return await self.conversations.get(conversation_id)
        raise Conflict("Others are changing this conversation at this moment. Look again.")

    async def _handoff(self, conversation_id: str, staff: Staff) -> NewHandoff:
        """A handoff that a person made, resting on the latest message."""
        last = (await self.messages.all(conversation_id))[-1:]
        evidence = [{"kind": "message", "id": m.id} for m in last]
        about = f" after message {last[0].id}" if last else ""
        return NewHandoff(
            message_id=last[0].id if last else "",
            rules=(TAKE_OVER,),
            playbook_version="none",
            team="care",
            priority=1,
            priority_reasons=[f"taken over by a {staff.role}"],
            inputs={"role": staff.role},
            rationale=[{"text": f"{staff.name} took over{about}.", "evidence": evidence}] if last else [],
            packet={},
        )

    def _joined(self, staff: Staff) -> tuple[Outbound, ...]:
        return self._system("utter_agent_joined", agent=staff.first_name)

    def _system(self, response: str, **facts: str) -> tuple[Outbound, ...]:
        return (Outbound(new_message_id(), Author.SYSTEM, self.phrases.plain(response, **facts)),)


def _must_wait(now: Conversation) -> None:
    if now.owner is Owner.AGENT:
        raise Conflict(f"{now.agent_name} has already taken this conversation.")
    if now.owner is Owner.BOT:
        raise Conflict("This conversation does not wait for a person any more.")


def _must_own(now: Conversation, staff: Staff) -> None:
    """Its agent may end it, and a supervisor for them."""
    if now.owner is not Owner.AGENT:
        raise Conflict("Nobody has this conversation in hand: claim it first.")
    if now.agent_id != staff.id and staff.role != "supervisor":
        raise Conflict(f"This conversation belongs to {now.agent_name}.")
