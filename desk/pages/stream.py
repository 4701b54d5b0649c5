"""Live news for open pages: what changed, never its content. A page fetches what it may see."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from time import monotonic
from typing import Any

from litestar import get
from litestar.response import ServerSentEvent, ServerSentEventMessage
from litestar.serialization import encode_json

from casework.errors import Unavailable
from casework.ports import Signal
from casework.staff import SignIn
from desk.live import Live
from desk.pages.guarding import HEADERS, Asked, desk_at, parts_at, signed_in

BEAT_S = 15.0  # keeps the line open, and looks whether the session still is


@get("/stream", guards=[signed_in])
async def stream(request: Asked) -> ServerSentEvent:
    """One line for all pages of a browser."""
    floor, me = desk_at(request).floor, request.user.id
    seen = (lambda: floor.attendance.seen(me)) if floor is not None else None
    told = news(desk_at(request).live, parts_at(request).sign_in, request.auth, seen=seen)
    return ServerSentEvent(told, headers=HEADERS, retry_duration=1000)


async def news(
    live: Live,
    sign_in: SignIn,
    token: str,
    beat: float = BEAT_S,
    seen: Callable[[], Awaitable[None]] | None = None,
) -> AsyncIterator[ServerSentEventMessage]:
    """Signals as events, until the session ends. An open line says that its reader is there.

    Without a database it ends, and the page comes again.
    """
    with live.watch() as watch, suppress(Unavailable):
        last_seen = monotonic() - beat
        yield ServerSentEventMessage(event="news", data='{"c":"","k":"lost"}')
        while await sign_in.who(token) is not None:
            if seen is not None and monotonic() - last_seen >= beat:
                last_seen = monotonic()
                await seen()
            changed = await watch.next(beat)
            for signal in changed:
                yield _event(signal)
            if not changed:
                yield ServerSentEventMessage(comment="still here")
        yield ServerSentEventMessage(event="signed-out", data="{}")


def _event(signal: Signal) -> ServerSentEventMessage:
    told: dict[str, Any] = {"c": signal.conversation_id, "k": signal.kind}
    if signal.kind == "typing":
        told |= {name: signal.data[name] for name in ("who", "on") if name in signal.data}
    return ServerSentEventMessage(event="news", data=encode_json(told).decode())


HANDLERS = [stream]
