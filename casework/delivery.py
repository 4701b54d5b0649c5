"""What a customer is given: messages once and in order, and who answers them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from casework.floor.reception import Wait
from casework.ports import Attachment, Attachments, Clock, Conversations, Message, Messages, Owner, Status

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class OwnerSeen:
    """Who answers, as the customer may know it: an agent's first name, or the place in the queue."""

    owner: Owner
    name: str | None = None
    position: int | None = None
    minutes: int | None = None  # the expected wait, when there is a basis for it
    opens: str = ""  # when somebody comes, while it is closed
    anybody: bool = True  # somebody is there


@dataclass(frozen=True, slots=True)
class Delivery:
    """Delivers by sequence number: who has seen message n is given those after n."""

    conversations: Conversations
    messages: Messages
    attachments: Attachments
    clock: Clock
    wait_of: Callable[[str], Awaitable[Wait]] | None = None

    async def after(self, conversation_id: str, seq: int) -> Sequence[Message]:
        return await self.messages.visible(conversation_id, seq, AT_ONCE)

    async def files_of(self, messages: Sequence[Message]) -> Mapping[str, Sequence[Attachment]]:
        """The files that came with these messages, by message."""
        return await self.attachments.of([m.id for m in messages if m.meta.get("files")])

    async def delivered(self, given: Sequence[Message]) -> None:
        """The channel has them."""
        ready = [m for m in given if m.status is Status.READY]
        if ready:
            await self.messages.delivered(ready[-1].conversation_id, ready[-1].seq, self.clock())

    async def owner(self, conversation_id: str) -> OwnerSeen:
        now = await self.conversations.get(conversation_id)
        if now.owner is Owner.QUEUE:
            return await self._waiting(conversation_id)
        first_name = now.agent_name.split()[0] if now.agent_name else None
        return OwnerSeen(now.owner, first_name)

    async def _waiting(self, conversation_id: str) -> OwnerSeen:
        if self.wait_of is None:
            return OwnerSeen(Owner.QUEUE, position=await self.conversations.position(conversation_id))
        wait = await self.wait_of(conversation_id)
        return OwnerSeen(Owner.QUEUE, None, wait.position, wait.minutes, wait.opens, wait.anybody)
