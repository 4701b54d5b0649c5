"""What keeps the whole bot from its work and will not pass by itself: the staff hear of it once."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from casework.errors import Unavailable
from casework.ports import Clock, NewAlert
from casework.ports.people import Alerts
from desk.telegram.api import ApiTrouble, Elsewhere, NotAllowed

KIND = "telegram_stopped"
_CERTAIN = 3  # while one process follows another, Telegram may say so once or twice
_WITHIN = timedelta(minutes=2)
log = structlog.get_logger("desk.telegram")


@dataclass
class Complaints:
    """Hears what goes wrong with Telegram. One alert for all processes, until somebody has seen it.

    Two who fetch the same updates succeed by turns, so a success in between says nothing.
    """

    alerts: Alerts
    clock: Clock
    _heard: deque[datetime] = field(default_factory=lambda: deque(maxlen=_CERTAIN))
    _told: bool = False

    async def hear(self, trouble: ApiTrouble) -> None:
        """A failure. Whatever may pass by itself is none of ours."""
        if not isinstance(trouble, NotAllowed | Elsewhere):
            return
        now = self.clock()
        if self._heard and now - self._heard[-1] > _WITHIN:
            self._told = False  # it was well meanwhile
        self._heard.append(now)
        if not self._told and len(self._heard) == _CERTAIN and now - self._heard[0] <= _WITHIN:
            await self._tell(trouble)

    async def _tell(self, trouble: ApiTrouble) -> None:
        text = f"Messages on Telegram stand still. {trouble} What customers write there waits at Telegram, for a day."
        try:
            await self.alerts.raise_once(NewAlert(KIND, text), self.clock())
            self._told = True
        except Unavailable as away:  # told the next time
            log.warning("alert_waits", reason=str(away))
