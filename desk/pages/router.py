"""The staff's pages as one router under /desk."""

from litestar import Router

from desk.pages import (
    alerts,
    contingencies,
    conversation,
    doing,
    floor,
    learning,
    log,
    procedures,
    queue,
    replying,
    review,
    signing_in,
    stream,
)
from desk.pages.guarding import HANDLERS, PARTS
from desk.pages.parts import StaffParts

MOST_BYTES = 100_000  # a staff form is small


def staff_pages(parts: StaffParts) -> Router:
    """The router for `DeskParts.routes`."""
    return Router(
        path="/desk",
        route_handlers=[
            *signing_in.HANDLERS,
            *queue.HANDLERS,
            *conversation.HANDLERS,
            *doing.HANDLERS,
            *floor.HANDLERS,
            *log.HANDLERS,
            *procedures.HANDLERS,
            *alerts.HANDLERS,
            *contingencies.HANDLERS,
            *review.HANDLERS,
            *learning.HANDLERS,
            *replying.HANDLERS,
            *stream.HANDLERS,
        ],
        exception_handlers=HANDLERS,
        opt={PARTS: lambda: parts},  # Litestar copies what it is given, but not functions
        request_max_body_size=MOST_BYTES,
        include_in_schema=False,
    )
