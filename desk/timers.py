"""The clockwork of follow-ups: wakes when the next one is due, and looks again every few seconds."""

import asyncio
from datetime import timedelta

import structlog

from casework.errors import PortError
from casework.ports import Clock
from casework.timers import Timers

log = structlog.get_logger("desk.timers")


async def run_timers(timers: Timers, clock: Clock, every: timedelta) -> None:
    """Say due follow-ups for as long as the process lives. A CRM that is down is asked again."""
    while True:
        pause = every
        try:
            if next_due := await timers.say_due(ahead=every):
                pause = min(every, max(timedelta(), next_due - clock()))
        except PortError as error:
            log.warning("follow_ups_failed", reason=str(error))
        except Exception:
            log.exception("follow_ups_broke")
        await asyncio.sleep(pause.total_seconds())
