"""Who is talking in a web chat, and in which conversation."""

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from casework.errors import Conflict, NotFound
from casework.ports import Clock, Conversation, Conversations, Identities

WEB = "web"
PROVED_LASTS = timedelta(hours=12)  # in the browser in which a code was typed


class IdentityRefused(Exception):
    """A token that proves nothing. Its text is for the customer."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A customer whom the shop's own page has signed for."""

    customer_id: str
    name: str

    @property
    def channel_user(self) -> str:
        return f"customer:{self.customer_id}"


@dataclass(frozen=True, slots=True)
class Session:
    """A browser's right to one conversation. `customer_id`: the customer it was opened for by a signed token."""

    conversation_id: str
    customer_id: str | None = None


class Standing(StrEnum):
    """What a session is worth."""

    REFUSED = "refused"
    ADMITTED = "admitted"
    PROVED = "proved"  # admitted, because its customer has typed a code in this very browser


@dataclass(frozen=True, slots=True)
class Door:
    """Opens web chat sessions."""

    conversations: Conversations
    identities: Identities
    clock: Clock

    async def open(self, identity: Identity | None, resumed: Session | None) -> tuple[Session, Conversation]:
        """A customer comes back to their one open conversation, a stranger to the one this browser began."""
        if identity is None:
            conversation = await self._stranger(resumed)
            return Session(conversation.id), conversation
        conversation = await self._customer(identity, resumed)
        return Session(conversation.id, identity.customer_id), conversation

    async def admits(self, session: Session) -> bool:
        """Whether a session still opens its conversation."""
        return await self.standing(session) is not Standing.REFUSED

    async def standing(self, session: Session) -> Standing:
        """What a session is worth now.

        A stranger's is refused once somebody has signed in there, except where they proved it in this very browser.
        """
        if session.customer_id is not None:
            return Standing.ADMITTED
        try:
            kept = await self.conversations.get(session.conversation_id)
        except NotFound:
            return Standing.ADMITTED  # it opens nothing: whoever asks is told so
        if kept.customer_id is None:
            return Standing.ADMITTED
        return Standing.PROVED if await self._proved(session, kept) else Standing.REFUSED

    async def forget(self, session: Session) -> Conversation:
        """The proof given in this browser is void, and a stranger's conversation begins in it.

        The customer's own stays theirs: another browser, or a person, may be at it. Raises Conflict where nobody
        has proved anything.
        """
        if session.customer_id is not None:
            raise Conflict("It is the shop that you are signed in to. Sign out there.")
        link = await self.identities.of(WEB, session.conversation_id)
        if link is None:
            raise Conflict("Nobody has signed in to this chat, so there is nothing to undo.")
        await self.identities.forget(link, self.clock())
        return await self._new_stranger()

    async def _stranger(self, resumed: Session | None) -> Conversation:
        """What is a customer's is not resumed without their token: the next person at this browser is not they.

        Where the customer proved who they are in this very browser, it is resumed for a while.
        """
        if resumed is not None and resumed.customer_id is None:
            kept = await self._kept(resumed)
            if kept is not None and (kept.customer_id is None or await self._proved(resumed, kept)):
                return kept
        return await self._new_stranger()

    async def _new_stranger(self) -> Conversation:
        return await self.conversations.open_for(WEB, f"stranger:{secrets.token_hex(8)}", self.clock())

    async def _proved(self, resumed: Session, kept: Conversation) -> bool:
        link = await self.identities.of(WEB, resumed.conversation_id)
        if link is None or link.customer_id != kept.customer_id or self.clock() >= link.verified_at + PROVED_LASTS:
            return False
        if kept.id != resumed.conversation_id:  # a newer one of the same customer: its session resumes too
            await self.identities.link(replace(link, channel_user=kept.id))
        return True

    async def _customer(self, identity: Identity, resumed: Session | None) -> Conversation:
        kept = await self._kept(resumed) if resumed else None
        if kept is not None and kept.customer_id == identity.customer_id:
            return kept
        if kept is not None and kept.customer_id is None and kept.last_seq and kept.closed_at is None:
            try:
                return await self._verify(kept, identity)
            except Conflict:  # verified as another customer's in this very moment
                pass
        return await self.conversations.open_for(
            WEB, identity.channel_user, self.clock(), identity.customer_id, identity.name
        )

    async def _verify(self, kept: Conversation, identity: Identity) -> Conversation:
        return await self.conversations.verify(kept.id, identity.customer_id, identity.name, identity.channel_user)

    async def _kept(self, resumed: Session) -> Conversation | None:
        """The conversation of a session, or a newer open one of the same person."""
        try:
            kept = await self.conversations.get(resumed.conversation_id)
            return await self.conversations.latest_like(kept.id) if kept.closed_at else kept
        except NotFound:
            return None
