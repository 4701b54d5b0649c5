"""Entries that are looked at in turn: one that cannot be dealt with must not keep the others from their turn."""

from collections.abc import Awaitable, Callable, Iterable

import structlog

from casework.errors import Unavailable

log = structlog.get_logger("entries")


async def one_by_one[E](
    entries: Iterable[E], step: Callable[[E], Awaitable[None]], name: Callable[[E], int | str]
) -> list[E]:
    """Take a step for each, and return those whose step broke. `name` is what a log may say of an entry.

    Raises Unavailable alone: then the others would fare no better.
    """
    broke = []
    for entry in entries:
        try:
            await step(entry)
        except Unavailable:
            raise
        except Exception:
            log.exception("entry_broke", kind=type(entry).__name__, entry=name(entry))
            broke.append(entry)
    return broke
