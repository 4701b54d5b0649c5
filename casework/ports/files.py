"""Files that come with messages: what is known of each, and where its content is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    """More than somebody may send whom we do not know. Its text says what they can do."""


@dataclass(frozen=True, slots=True)
class Room:
    """How much a stranger may send in one conversation."""

    files: int = 20
    bytes: int = 50 * _MB

    def check(self, files: int, size: int) -> None:
        """Raises NoRoom where this is more, all told."""
        if files > self.files or size > self.bytes:
            raise NoRoom(
                f"Before you have signed in we keep up to {self.files} files and {self.bytes // _MB} MB. "
                "Sign in to send more, or tell it in words."
            )


STRANGERS = Room()


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

    async def sent_by_stranger(self, conversation_id: str) -> tuple[int, int]:
        """How many files, and bytes, are kept of a customer whom we do not know; none of one whom we do."""

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
