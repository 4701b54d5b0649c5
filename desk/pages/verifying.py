"""How it is known that a conversation is a certain customer's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from casework.identity import WEB
from casework.ports import Records
from casework.read_records import ConversationRead

NOT_VERIFIED = "not verified"
SIGN_IN = "shop sign-in"
UNLINKED = "in this chat before, unlinked since"
_HOW: Mapping[str, str] = {
    "email_code": "one-time code to the e-mail on file",
    "deep_link": "deep link from the shop",
}


@dataclass(frozen=True, slots=True)
class Verified:
    """`since`: when the proof was given, where that is known."""

    how: str
    since: datetime | None = None

    @property
    def holds(self) -> bool:
        return self.how != NOT_VERIFIED


async def verified_by(records: Records, conversation: ConversationRead) -> Verified:
    """On the web a proof belongs to the conversation, elsewhere to the chat; signing in to the shop leaves none."""
    if conversation.customer_id is None:
        return Verified(NOT_VERIFIED)
    on_web = conversation.channel == WEB
    user = conversation.id if on_web else (await records.conversations.get(conversation.id)).channel_user
    link = await records.identities.of(conversation.channel, user)
    if link is not None and link.customer_id == conversation.customer_id:
        return Verified(_HOW.get(link.how, link.how.replace("_", " ")), link.verified_at)
    return Verified(SIGN_IN if on_web else UNLINKED)
