"""What makes a chat tidy. It is worth no delay and no error, but it is done once Telegram lets us."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from casework.errors import PortError, Unavailable
from desk.telegram.api import ApiTrouble, NotNow, NotSent, PerhapsSent, place_of
from desk.telegram.pacing import Pace

type Work = Callable[[], Awaitable[None]]
_TRIES = 10  # in about three minutes, beside what Telegram asks to wait
_LONGEST_PAUSE_S = 30.0
_ENDS_WITHIN_S = 1.0
log = structlog.get_logger("desk.telegram")


@dataclass
class Tidying:
    """Each piece of work may be done twice without harm. Buttons that are left at a stop go at the next message."""

    pace: Pace
    _under_way: set[asyncio.Task[None]] = field(default_factory=set)

    def begin(self, chat: str | None, work: Work) -> None:
        """Do it when Telegram wants nothing of this chat to wait. None: it is no chat's, and holds nothing up."""
        task = asyncio.create_task(self._until_done(chat, work))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def close(self) -> None:
        """What can be done in a moment is done."""
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=_ENDS_WITHIN_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _until_done(self, chat: str | None, work: Work) -> None:
        why = ""
        for tries in range(1, _TRIES + 1):
            if chat is not None:
                await self.pace.free(chat)
            try:
                await work()
                return
            except NotNow as asked:
                why = type(asked).__name__
                if chat is not None:
                    self.pace.hold(chat, asked.after)
                elif tries < _TRIES:
                    await asyncio.sleep(asked.after)
            except (NotSent, PerhapsSent, Unavailable) as trouble:
                why = type(trouble).__name__
                await asyncio.sleep(min(_LONGEST_PAUSE_S, 0.5 * 2**tries) if tries < _TRIES else 0)
            except (ApiTrouble, PortError) as never:
                log.info("left_untidy", why=type(never).__name__)
                return
            except Exception as error:
                log.error("tidying_broke", where=place_of(error))
                return
        log.warning("left_untidy", why=why, tries=_TRIES)
