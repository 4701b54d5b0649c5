"""PNG and WebP are rows of named chunks: those that a picture needs to look right stay, all others go.

So nothing is drawn anew, and what is no such row is left as it came.
"""

from collections.abc import Iterator
from dataclasses import dataclass

_PNG_BEGINS, _PNG_HEAD, _PNG_END, _PNG_EXIF = 8, b"IHDR", b"IEND", b"eXIf"
_PNG_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP mDCV cLLI sBIT bKGD hIST pHYs acTL fcTL fdAT".split()
)
_WEBP_BEGINS, _WEBP_EXIF, _WEBP_HEAD, _FRAME = 12, b"EXIF", b"VP8X", b"ANMF"
_WEBP_PICTURE = frozenset((b"VP8 ", b"VP8L", b"ALPH"))
_WEBP_KEPT = _WEBP_PICTURE | {_WEBP_HEAD, b"ICCP", b"ANIM", _FRAME}
_FRAME_HEAD = 16
_HAS_EXIF, _HAS_XMP = 0x08, 0x04


@dataclass(frozen=True, slots=True)
class Bare:
    """A picture alone. `exif`: of what went, the part that may say how the picture is to be turned."""

    content: bytes
    exif: bytes = b""


def bare_png(content: bytes) -> Bare:
    """Whatever the content is, this raises nothing."""
    if content[_PNG_BEGINS + 4 : _PNG_BEGINS + 8] != _PNG_HEAD:
        return Bare(content)
    kept, exif, at = [content[:_PNG_BEGINS]], b"", _PNG_BEGINS
    while at + 8 <= len(content):
        name, end = content[at + 4 : at + 8], at + 12 + int.from_bytes(content[at : at + 4])
        if name in _PNG_KEPT:
            kept.append(content[at:end])
        elif name == _PNG_EXIF:
            exif = content[at + 8 : end - 4]
        at = len(content) if name == _PNG_END else end  # what follows the picture does not belong to it
    return Bare(b"".join(kept), exif)


def bare_webp(content: bytes) -> Bare:
    """Whatever the content is, this raises nothing."""
    chunks = list(_chunks(content[_WEBP_BEGINS:]))
    if not chunks or chunks[0][0] not in _WEBP_KEPT:
        return Bare(content)
    exif = next((chunk[8:] for name, chunk in chunks if name == _WEBP_EXIF), b"")
    body = b"".join(_without_news_of_more(name, chunk) for name, chunk in chunks if name in _WEBP_KEPT)
    if body == content[_WEBP_BEGINS:]:
        return Bare(content)
    return Bare(b"RIFF" + (4 + len(body)).to_bytes(4, "little") + b"WEBP" + body, exif)


def is_lossless_webp(content: bytes) -> bool:
    """Whether every point of it is as it was drawn."""
    return any(name == b"VP8L" for name, _ in _chunks(content[_WEBP_BEGINS:]))


def _chunks(row: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each chunk with its name and size. The last may break off."""
    at = 0
    while at + 8 <= len(row):
        size = int.from_bytes(row[at + 4 : at + 8], "little")
        end = at + 8 + size + size % 2
        yield row[at : at + 4], row[at:end]
        at = end


def _without_news_of_more(name: bytes, chunk: bytes) -> bytes:
    """The head tells of no EXIF or XMP any more, and the frames of a film have nothing but their pictures."""
    if name == _WEBP_HEAD and len(chunk) > 8:
        return chunk[:8] + bytes([chunk[8] & ~(_HAS_EXIF | _HAS_XMP)]) + chunk[9:]
    if name == _FRAME:
        inner = _chunks(chunk[8 + _FRAME_HEAD :])
        kept = chunk[8 : 8 + _FRAME_HEAD] + b"".join(sub for each, sub in inner if each in _WEBP_PICTURE)
        return chunk if kept == chunk[8:] else name + len(kept).to_bytes(4, "little") + kept
    return chunk
