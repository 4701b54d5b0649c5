"""What a Telegram message brings beside text: which file, and how it is told in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from telegram import Message


@dataclass(frozen=True, slots=True)
class FileSent:
    """A file that Telegram keeps for us. Its name and type are the sender's word only."""

    kind: str  # photo, document, voice, audio, video, sticker
    file_id: str
    name: str = ""
    size: int = 0
    seconds: int = 0
    message_id: str = ""  # Telegram's, of the message that brought it


_CALLED = {
    "photo": "photo",
    "document": "file",
    "voice": "voice message",
    "audio": "recording",
    "video": "video",
    "sticker": "sticker",
}
_OF_NO_FILE = ("poll", "dice", "game", "story", "invoice", "checklist", "paid_media", "giveaway")


def file_in(message: Message) -> FileSent | None:
    """The file of a message, the largest size of a photo."""
    if message.photo:
        best = max(message.photo, key=lambda size: size.width * size.height)
        return FileSent("photo", best.file_id, size=best.file_size or 0)
    if (sticker := message.sticker) is not None:
        moves = sticker.is_animated or sticker.is_video
        return None if moves else FileSent("sticker", sticker.file_id, size=sticker.file_size or 0)
    if (voice := message.voice) is not None:
        return FileSent("voice", voice.file_id, size=voice.file_size or 0, seconds=_seconds(voice.duration))
    if (audio := message.audio) is not None:
        return FileSent("audio", audio.file_id, audio.file_name or "", audio.file_size or 0, _seconds(audio.duration))
    film = message.video or message.video_note or message.animation
    if film is not None:
        name = getattr(film, "file_name", None) or ""
        return FileSent("video", film.file_id, name, film.file_size or 0, _seconds(film.duration))
    if (document := message.document) is not None:
        return FileSent("document", document.file_id, document.file_name or "", document.file_size or 0)
    return None


def words_for(files: Sequence[FileSent], message: Message | None = None) -> str:
    """What a message without words is called in the record; empty when there is nothing to call."""
    if message is not None and (words := _of_no_file(message)):
        return words
    if not files:
        return ""
    called = _CALLED[files[0].kind]
    if len(files) > 1:
        return f"[{len(files)} {called}s]" if all(f.kind == files[0].kind for f in files) else f"[{len(files)} files]"
    only = files[0]
    more = f", {only.seconds} s" if only.seconds else ""
    return f"[{called}{more}]"


def _of_no_file(message: Message) -> str:
    if message.sticker is not None:
        return message.sticker.emoji or "[sticker]"
    if (venue := message.venue) is not None:
        return f"[place: {venue.title}, {venue.address}]"
    if (place := message.location) is not None:
        return f"[place: {place.latitude:.5f}, {place.longitude:.5f}]"
    if (contact := message.contact) is not None:
        name = " ".join(part for part in (contact.first_name, contact.last_name) if part)
        return f"[contact: {name}, {contact.phone_number}]"
    return next((f"[{kind.replace('_', ' ')}]" for kind in _OF_NO_FILE if getattr(message, kind, None)), "")


def _seconds(duration: object) -> int:
    return int(duration.total_seconds()) if isinstance(duration, timedelta) else 0
