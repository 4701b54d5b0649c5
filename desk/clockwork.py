"""The clockwork of the floor: looks when something changed on it, and every so often for what only time brings."""

import asyncio
from datetime import timedelta

import structlog

from casework.errors import PortError
from casework.floor.floor import Floor
from desk.live import Live, Watch

log = structlog.get_logger("desk.clockwork")
_MOVES_THE_FLOOR = frozenset({"owner", "queue", "presence", "offer", "lost"})
_REST_S = 0.1  # a burst of changes is one look


async def run_clockwork(floor: Floor, live: Live, every: timedelta) -> None:
    """Look after the floor for as long as the process lives. Any number of desks may do it at once."""
    with live.watch() as watch:
        while True:
            try:
                await floor.look()
            except PortError as error:
                log.warning("floor_failed", reason=str(error))
            except Exception:
                log.exception("floor_broke")
            await asyncio.sleep(_REST_S)
            await _until_something(watch, every.total_seconds())


async def run_paging(floor: Floor, live: Live, every: timedelta) -> None:
    """Page what is due, apart from all else: a mail server may be slow."""
    with live.watch() as watch:
        while True:
            try:
                await floor.paging.look()
            except PortError as error:
                log.warning("paging_failed", reason=str(error))
            except Exception:
                log.exception("paging_broke")
            await asyncio.sleep(_REST_S)
            await _until_something(watch, every.total_seconds(), frozenset({"alert", "lost"}))


async def run_distress(floor: Floor, every: timedelta) -> None:
    """Notice when nothing can be stored any more, not even an alert."""
    while True:
        try:
            await floor.distress.look()
        except Exception:
            log.exception("distress_broke")
        await asyncio.sleep(every.total_seconds())


async def _until_something(watch: Watch, within: float, kinds: frozenset[str] = _MOVES_THE_FLOOR) -> None:
    """Until somebody moved, or the time is over. Messages alone can wait for the next look."""
    loop = asyncio.get_running_loop()
    until = loop.time() + within
    while (left := until - loop.time()) > 0:
        if any(signal.kind in kinds for signal in await watch.next(left)):
            return
