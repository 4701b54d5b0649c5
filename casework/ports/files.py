"""Files that come with messages: what is known of each, and where its content is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from casework.errors import Refused

_MB = 1024 * 1024


class FileState(StrEnum):
    """Whether we have it."""

    WANTED = "wanted"  # the channel keeps it, and we have yet to fetch it
    KEPT = "kept"
    REFUSED = "refused"  # too large, of a kind we do not take, or gone


@dataclass(frozen=True, slots=True)
class NewAttachment:
    """A file that comes with a message. `source`: where the channel keeps it, while we do not."""

    id: str
    kind: str  # photo, audio, video, file
    name: str = ""
    media_type: str = ""
    size: int = 0
    source: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a message. Its media type is what its content shows, never what its sender said."""

    id: str
    conversation_id: str
    message_id: str
    kind: str
    name: str
    media_type: str
    size: int
    state: FileState
    why: str = ""
    source: Mapping[str, Any] | None = None

    @property
    def key(self) -> str:
        """Where its content is kept: all of a conversation's together, so that they can go together."""
        return f"{self.conversation_id}/{self.id}"


class NoRoom(Refused):
    """More than somebody may send. Its text says what they can do."""


@dataclass(frozen=True, slots=True)
class Budget:
    """So many files, and so many bytes in all."""

    files: int
    bytes: int

    def has_room_for(self, files: int, size: int) -> bool:
        return files <= self.files and size <= self.bytes


@dataclass(frozen=True, slots=True)
class Sent:
    """What we keep of a customer's files in one conversation: of a stranger's all, else those of the last day."""

    files: int
    size: int
    by_stranger: bool

    def with_one_more(self, size: int) -> "Sent":
        return replace(self, files=self.files + 1, size=self.size + size)


@dataclass(frozen=True, slots=True)
class Room:
    """How much may be sent in one conversation: by a stranger ever, by a customer whom we know in a day."""

    strangers: Budget = Budget(20, 50 * _MB)
    customers: Budget = Budget(200, 500 * _MB)

    def check(self, sent: Sent) -> None:
        """Raises NoRoom where this is more, all told."""
        budget = self.strangers if sent.by_stranger else self.customers
        if budget.has_room_for(sent.files, sent.size):
            return
        most = f"up to {budget.files} files and {budget.bytes // _MB} MB"
        if sent.by_stranger:
            raise NoRoom(f"Before you have signed in we keep {most}. Sign in to send more, or tell it in words.")
        raise NoRoom(f"In one day we keep {most} from you here. Send the rest tomorrow, or tell it in words.")


ROOM = Room()


class Attachments(Protocol):
    """What is known of files. They come and go with their messages."""

    async def add(self, conversation_id: str, channel_message_id: str, new: NewAttachment, at: datetime) -> None:
        """One more file of a message that is stored already."""

    async def has(self, conversation_id: str, channel_message_id: str, attachment_id: str) -> bool | None:
        """Whether a stored message has this file; None when there is no such message."""

    async def get(self, attachment_id: str) -> Attachment:
        """Raises NotFound."""

    async def of(self, message_ids: Sequence[str]) -> Mapping[str, Sequence[Attachment]]:
        """The files of these messages, in order, by message."""

    async def wanted(self, channel: str, limit: int = 50) -> Sequence[Attachment]:
        """Those of a channel that are yet to be fetched, the oldest first."""

    async def kept(self, attachment: Attachment, media_type: str, name: str, size: int) -> bool:
        """Its content is where its key says. False where nothing is known of it any more."""

    async def sent(self, conversation_id: str) -> Sent:
        """What is kept of what the customer sent."""

    async def refused(self, attachment: Attachment, why: str) -> None:
        """It will not be kept."""


class Files(Protocol):
    """Contents by key. Raises Unavailable."""

    async def put(self, key: str, content: bytes) -> None:
        """Keep it, in place of what was there."""

    async def get(self, key: str) -> bytes:
        """Raises NotFound."""

    async def forget(self, conversation_id: str) -> int:
        """Delete all of a conversation's; returns how many there were."""

    async def delete(self, key: str) -> None:
        """Delete one; none there is no error."""
