"""Files that people send: looked at, kept, and given back to those who may see them."""

from dataclasses import dataclass

from casework.errors import NotFound
from casework.intake import new_attachment_id
from casework.photos import discreet
from casework.ports import ROOM, Attachment, Attachments, Files, FileState, NewAttachment, Room
from casework.sniffing import MOST_BYTES, SHOWN_IN_PLACE, safe_name, sniff


@dataclass(frozen=True, slots=True)
class Content:
    """A file as it is served. `in_place`: a browser may show it; anything else is saved."""

    data: bytes
    media_type: str
    name: str
    in_place: bool


@dataclass(frozen=True, slots=True)
class Keeping:
    """`most`: the largest file, in bytes. `room`: for what a channel kept for us."""

    attachments: Attachments
    files: Files
    most: int = MOST_BYTES
    room: Room = ROOM

    async def keep(self, conversation_id: str, content: bytes, name: str) -> NewAttachment:
        """Keep a file for a message that is about to be stored. Raises FileRefused, Unavailable."""
        sniffed = sniff(content, self.most)
        content = await discreet(content, sniffed.media_type)
        new = NewAttachment(
            new_attachment_id(), sniffed.kind, safe_name(name, sniffed), sniffed.media_type, len(content)
        )
        await self.files.put(f"{conversation_id}/{new.id}", content)
        return new

    async def let_go(self, conversation_id: str, kept: NewAttachment) -> None:
        """Its message was not stored after all."""
        await self.files.delete(f"{conversation_id}/{kept.id}")

    async def fetched(self, attachment: Attachment, content: bytes) -> None:
        """Keep what the channel kept for us. Raises FileRefused, NoRoom, Unavailable."""
        sniffed = sniff(content, self.most)
        content = await discreet(content, sniffed.media_type)
        sent = await self.attachments.sent(attachment.conversation_id)
        self.room.check(sent.with_one_more(len(content)))
        await self.files.put(attachment.key, content)
        name = safe_name(attachment.name, sniffed)
        if not await self.attachments.kept(attachment, sniffed.media_type, name, len(content)):
            await self.files.delete(attachment.key)  # its conversation was erased meanwhile

    async def content(self, attachment_id: str, conversation_id: str) -> Content:
        """A file of this conversation. Raises NotFound."""
        attachment = await self.attachments.get(attachment_id)
        if attachment.conversation_id != conversation_id or attachment.state is not FileState.KEPT:
            raise NotFound("There is no such file.")
        data = await self.files.get(attachment.key)
        return Content(data, attachment.media_type, attachment.name, attachment.media_type in SHOWN_IN_PLACE)
