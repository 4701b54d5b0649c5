"""The clockwork of learning: every few seconds, what was heard meanwhile is counted and looked at for review."""

import asyncio
from datetime import timedelta

import structlog

from casework.errors import PortError
from casework.learning import Learning

log = structlog.get_logger("desk.noting")


async def run_noting(learning: Learning, every: timedelta) -> None:
    """For as long as the process lives. What a database that is down keeps back is noted later."""
    while True:
        more = False
        try:
            more = await learning.note()
        except PortError as error:
            log.warning("noting_failed", reason=str(error))
        await asyncio.sleep(0 if more else every.total_seconds())
