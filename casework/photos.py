"""Photos without what they tell beside the picture: where it was taken, when, with which device, and by whom.

A JPEG that carries such things is drawn anew, upright and as finely as it was. One that cannot be read as a picture,
or is too large to be drawn here, loses the parts that could hold them and is otherwise kept as it came.
"""

import asyncio
import io
import re
from collections.abc import Iterator

from PIL import Image, ImageOps, JpegImagePlugin

JPEG = "image/jpeg"
MOST_PIXELS = 80_000_000  # more would take too much memory
_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_KEPT = {0xE0: b"", 0xE2: b"ICC_PROFILE", 0xEE: b"Adobe"}  # application parts that a picture needs to look right
_COMMENT = 0xFE
_IN_SCAN = re.compile(rb"\xff(?![\x00\xff\xd0-\xd7])")  # within a scan these follow no marker of another part


async def discreet(content: bytes, media_type: str) -> bytes:
    """The file as it may be kept. Drawing takes a moment, in which everybody else goes on."""
    return await asyncio.to_thread(without_traces, content) if media_type == JPEG else content


def without_traces(content: bytes) -> bytes:
    """A JPEG's picture alone. Whatever the content is, this raises nothing."""
    bare = b"".join(content[begin:end] for begin, end, kept in _parts(content) if kept)
    if bare == content:
        return content
    try:
        return _drawn(content)
    except Exception:  # other people's data, in a format that can be wrong in any way
        return bare  # no picture that can be read: without its traces it is no worse


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
