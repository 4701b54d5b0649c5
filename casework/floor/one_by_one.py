"""Entries that are looked at in turn: one that cannot be dealt with must not keep the others from their turn."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

import structlog

from casework.errors import Unavailable

log = structlog.get_logger("floor")


class Entry(Protocol):
    """What a log may name of an entry."""

    @property
    def handoff_id(self) -> int: ...


async def one_by_one[E: Entry](entries: Sequence[E], step: Callable[[E], Awaitable[None]]) -> None:
    """Take a step for each. Raises Unavailable alone: then the others would fare no better."""
    for entry in entries:
        try:
            await step(entry)
        except Unavailable:
            raise
        except Exception:
            log.exception("queue_entry_broke", handoff=entry.handoff_id)
