"""Chats of a channel that knows its users: one conversation for each, a customer's once the chat is linked to one."""

from dataclasses import dataclass

from casework.ports import Clock, Conversation, Conversations, Identities, Link


@dataclass(frozen=True, slots=True)
class Chats:
    """Finds the conversation of a chat. A closed one is gone on with: in the channel it is one thread."""

    conversations: Conversations
    identities: Identities
    clock: Clock

    async def conversation(self, channel: str, user: str, name: str) -> Conversation:
        """The conversation that the next message of this chat belongs to."""
        link = await self.identities.of(channel, user)
        customer_id = link.customer_id if link else None
        latest = await self.conversations.latest_for(channel, user)
        if latest is None or (latest.closed_at and latest.customer_id != customer_id):
            return await self.conversations.open_for(channel, user, self.clock(), customer_id, name)
        if latest.customer_id == customer_id:
            return latest
        if latest.customer_id is None and customer_id is not None:
            return await self.conversations.verify(latest.id, customer_id, name, user)
        await self.conversations.unverify(latest.id, self.clock())  # somebody else's by now
        return await self.conversation(channel, user, name)

    async def link(self, channel: str, user: str, customer_id: str, name: str, how: str) -> Conversation:
        """This chat is this customer's from now on, with what was said in it as a stranger."""
        await self.identities.link(Link(channel, user, customer_id, how, self.clock()))
        return await self.conversation(channel, user, name)

    async def unlink(self, channel: str, user: str, name: str) -> Conversation | None:
        """The chat is a stranger's again; None when it was one."""
        if not await self.identities.unlink(channel, user, self.clock()):
            return None
        return await self.conversation(channel, user, name)
