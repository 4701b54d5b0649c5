"""What a file is, by its content. Its name and what its sender calls it are not asked."""

import re
import unicodedata
from dataclasses import dataclass

MOST_BYTES = 20 * 1024 * 1024
_LONGEST_NAME = 80
_TEXT_SAMPLE = 65536


class FileRefused(ValueError):
    """A file that cannot be taken. Its text says what the sender can do."""


class FileTooLarge(FileRefused):
    """It is larger than we keep."""


class FileUnknown(FileRefused):
    """It is none of the kinds that we take."""


@dataclass(frozen=True, slots=True)
class Sniffed:
    """A kind of file that we take. `kind`: photo, audio, video, file."""

    kind: str
    media_type: str
    ending: str


_BY_MAGIC = (
    (re.compile(rb"\xff\xd8\xff"), Sniffed("photo", "image/jpeg", "jpg")),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), Sniffed("photo", "image/png", "png")),
    (re.compile(rb"GIF8[79]a"), Sniffed("photo", "image/gif", "gif")),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), Sniffed("photo", "image/webp", "webp")),
    (re.compile(rb"OggS"), Sniffed("audio", "audio/ogg", "ogg")),
    (re.compile(rb"ID3|\xff[\xfb\xf3\xf2]"), Sniffed("audio", "audio/mpeg", "mp3")),
    (re.compile(rb"RIFF....WAVE", re.DOTALL), Sniffed("audio", "audio/wav", "wav")),
    (re.compile(rb"....ftypM4A", re.DOTALL), Sniffed("audio", "audio/mp4", "m4a")),
    (re.compile(rb"....ftyp", re.DOTALL), Sniffed("video", "video/mp4", "mp4")),
    (re.compile(rb"\x1a\x45\xdf\xa3"), Sniffed("video", "video/webm", "webm")),
    (re.compile(rb"%PDF-"), Sniffed("file", "application/pdf", "pdf")),
)
_HEIF = re.compile(rb"....ftyp(?:he[iv][cmsx]|mif[12]|msf1|avi[fs])", re.DOTALL)  # which photos.py cannot clean
_OFFICE = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
)
SHOWN_IN_PLACE = frozenset(
    {
        "image/jpeg",
        "image/png",
        "image/gif",
        "image/webp",
        "audio/ogg",
        "audio/mpeg",
        "audio/wav",
        "audio/mp4",
        "video/mp4",
        "video/webm",
    }
)


def sniff(content: bytes, most: int = MOST_BYTES) -> Sniffed:
    """What this is. Raises FileRefused."""
    if len(content) > most:
        raise FileTooLarge(f"This file is larger than {most // (1024 * 1024)} MB. Send a smaller one.")
    if _HEIF.match(content):
        raise FileUnknown("It is a HEIC or AVIF photo, which can tell where it was taken. Send it again as a JPEG.")
    for magic, sniffed in _BY_MAGIC:
        if magic.match(content):
            return sniffed
    if content.startswith(b"PK\x03\x04"):
        for mark, media_type, ending in _OFFICE:
            if mark in content[:_TEXT_SAMPLE] or mark in content[-_TEXT_SAMPLE:]:
                return Sniffed("file", media_type, ending)
    if _is_text(content):
        return Sniffed("file", "text/plain", "txt")
    raise FileUnknown("We take photos, videos, recordings, PDF, Word and Excel files, and plain text.")


def safe_name(given: str, sniffed: Sniffed) -> str:
    """A name to save it under: the sender's words without anything clever, and the ending of what it is."""
    stem = re.split(r"[/\\]", given)[-1].rpartition(".")[0] or re.split(r"[/\\]", given)[-1]
    plain = "".join(c if c.isalnum() or c in " -_" else "_" for c in unicodedata.normalize("NFKC", stem))
    short = plain.strip(" ._")[:_LONGEST_NAME].strip()
    return f"{short or sniffed.kind}.{sniffed.ending}"


def _is_text(content: bytes) -> bool:
    """Words, and none of the control characters that no text has."""
    if not content.strip():
        return False
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return False
    return all(c in "\n\r\t\f" or unicodedata.category(c) != "Cc" for c in text[:_TEXT_SAMPLE])
