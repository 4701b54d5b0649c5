"""What a customer is given: messages once and in order, and who answers them."""

from collections.abc import Sequence
from dataclasses import dataclass

from casework.ports import Clock, Conversations, Message, Messages, Owner, Status

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class OwnerSeen:
    """Who answers, as the customer may know it: an agent's first name, or the place in the queue."""

    owner: Owner
    name: str | None = None
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """Delivers by sequence number: who has seen message n is given those after n."""

    conversations: Conversations
    messages: Messages
    clock: Clock

    async def after(self, conversation_id: str, seq: int) -> Sequence[Message]:
        return await self.messages.visible(conversation_id, seq, AT_ONCE)

    async def delivered(self, given: Sequence[Message]) -> None:
        """The channel has them."""
        ready = [m for m in given if m.status is Status.READY]
        if ready:
            await self.messages.delivered(ready[-1].conversation_id, ready[-1].seq, self.clock())

    async def owner(self, conversation_id: str) -> OwnerSeen:
        now = await self.conversations.get(conversation_id)
        if now.owner is Owner.QUEUE:
            return OwnerSeen(now.owner, position=await self.conversations.position(conversation_id))
        first_name = now.agent_name.split()[0] if now.agent_name else None
        return OwnerSeen(now.owner, first_name)
