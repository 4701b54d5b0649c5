"""Photos without what they tell beside the picture: where it was taken, when, with which device, and by whom.

A JPEG that carries such things is drawn anew, upright and as finely as it was. One that cannot be read as a picture,
or is too large to be drawn here, loses the parts that could hold them and is otherwise kept as it came. A PNG or WebP
loses those parts, and is drawn anew only where they say that it is to be turned. Other formats are kept as they came.
"""

import asyncio
import io
import re
from collections.abc import Iterator

from PIL import Image, ImageOps, JpegImagePlugin

from casework.chunked_photos import Bare, bare_png, bare_webp, is_lossless_webp

JPEG, PNG, WEBP = "image/jpeg", "image/png", "image/webp"
MOST_PIXELS = 80_000_000  # more would take too much memory
_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_KEPT = {0xE0: b"", 0xE2: b"ICC_PROFILE", 0xEE: b"Adobe"}  # application parts that a picture needs to look right
_COMMENT = 0xFE
_ORIENTATION, _UPRIGHT = 0x0112, 1
_ALIKE = ("transparency", "icc_profile")  # what else a picture needs to look as it did
_FINE = 90  # of 100: a WebP does not tell how finely it was drawn
_IN_SCAN = re.compile(rb"\xff(?![\x00\xff\xd0-\xd7])")  # within a scan these follow no marker of another part


async def discreet(content: bytes, media_type: str) -> bytes:
    """The file as it may be kept. Drawing takes a moment, in which everybody else goes on."""
    known = media_type in (JPEG, PNG, WEBP)
    return await asyncio.to_thread(without_traces, content, media_type) if known else content


def without_traces(content: bytes, media_type: str = JPEG) -> bytes:
    """A photo's picture alone. Whatever the content is, this raises nothing."""
    bare = _bare_jpeg(content) if media_type == JPEG else (bare_png if media_type == PNG else bare_webp)(content)
    if bare.content == content:
        return content
    try:
        return _drawn(content) if media_type == JPEG else _turned(bare, media_type)
    except Exception:  # other people's data, in a format that can be wrong in any way
        return bare.content  # no picture that can be read: without its traces it is no worse


def _bare_jpeg(content: bytes) -> Bare:
    return Bare(b"".join(content[begin:end] for begin, end, kept in _parts(content) if kept))


def _turned(bare: Bare, media_type: str) -> bytes:
    """Upright, for what said how to turn it is gone."""
    said = Image.Exif()
    said.load(bare.exif)
    if said.get(_ORIENTATION, _UPRIGHT) == _UPRIGHT:
        return bare.content
    with Image.open(io.BytesIO(bare.content), formats=["PNG", "WEBP"]) as image:
        if image.width * image.height > MOST_PIXELS or getattr(image, "is_animated", False):
            return bare.content
        image.info["exif"] = bare.exif
        upright = ImageOps.exif_transpose(image)
        upright.info = {}
        out, kept = io.BytesIO(), {key: image.info[key] for key in _ALIKE if key in image.info}
        if media_type == PNG:
            upright.save(out, "PNG", **kept)
        else:
            upright.save(out, "WEBP", lossless=is_lossless_webp(bare.content), quality=_FINE, exact=True, **kept)
        return out.getvalue()


def _drawn(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content), formats=["JPEG"]) as image:
        if image.width * image.height > MOST_PIXELS or not isinstance(image, JpegImagePlugin.JpegImageFile):
            raise ValueError("This picture is not drawn here.")
        finely = {"qtables": image.quantization, "icc_profile": image.info.get("icc_profile")}
        if (sampling := JpegImagePlugin.get_sampling(image)) >= 0:
            finely["subsampling"] = sampling
        upright = ImageOps.exif_transpose(image)
        upright.info = {}
        out = io.BytesIO()
        upright.save(out, "JPEG", **finely)
        return out.getvalue()


def _parts(content: bytes) -> Iterator[tuple[int, int, bool]]:
    """Where each part begins and ends, and whether it belongs to the picture. What follows the picture does not."""
    at = 0
    while at + 2 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker in (_START, _END):
            yield at, at + 2, True
            at += 2
            if marker == _END:
                yield at, len(content), False
                return
            continue
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4])
        if end > len(content) or end < at + 4:
            break
        kept = marker != _COMMENT and (
            not 0xE0 <= marker <= 0xEF or (marker in _KEPT and content[at + 4 :].startswith(_KEPT[marker]))
        )
        if marker == _SCAN:
            following = _IN_SCAN.search(content, end)
            end = following.start() if following else len(content)
        yield at, end, kept
        at = end
    yield at, len(content), True
