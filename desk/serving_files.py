"""How a kept file leaves the desk: never as anything that a browser could run."""

import re
from urllib.parse import quote

from litestar import Response

from casework.keeping import Content

_POLICY = "default-src 'none'; sandbox"
_RANGE = re.compile(r"bytes=(\d{1,12})-(\d{0,12})")


def served(content: Content, asked_range: str = "") -> Response[bytes]:
    """The file, or the part that a player asks for."""
    data, status = content.data, 200
    how = "inline" if content.in_place else "attachment"
    headers = {
        "Content-Disposition": f"{how}; filename*=UTF-8''{quote(content.name, safe='')}",
        "Content-Security-Policy": _POLICY,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "cross-origin",  # a shop's page shows its customer their photo
        "Cache-Control": "private, no-store",
        "Accept-Ranges": "bytes",
    }
    if (part := _part(asked_range, len(data))) is not None:
        first, last = part
        headers["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
        data, status = data[first : last + 1], 206
    return Response(data, status_code=status, media_type=content.media_type, headers=headers)


def _part(asked: str, size: int) -> tuple[int, int] | None:
    found = _RANGE.fullmatch(asked)
    if found is None or int(found[1]) >= size:
        return None
    first = int(found[1])
    last = min(int(found[2] or size - 1), size - 1)
    return (first, last) if last >= first else None
