"""When the database is away or full no alert can be stored: then people are paged without it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

import structlog

from casework.errors import PortError
from casework.floor.paging import Page, Paging
from casework.ports import Staff

DATABASE = "database_out_of_order"  # a page of this name goes to the supervisors, unless the playbook has it
LASTING_S = 20.0  # a database that is only started again is back by then
log = structlog.get_logger("distress")


class Condition(Protocol):
    """How it goes with the database."""

    def trouble(self, after_s: float) -> str:
        """What is wrong for so long that people must know; empty when nothing is."""


@dataclass
class Distress:
    """One desk's cry for help. Each desk cries for itself: nothing that they share is there."""

    condition: Condition
    paging: Paging
    _staff: Sequence[Staff] = ()  # as they were when they could still be read
    _page: Page | None = None
    _next_at: datetime | None = None

    async def look(self) -> None:
        """Page at the beginning, and again until it is over."""
        with suppress(PortError):
            self._staff = [each.staff for each in await self.paging.attendance.everybody()]
        trouble, now = self.condition.trouble(LASTING_S), self.paging.clock()
        if not trouble:
            self._page = self._next_at = None
            return
        if self._next_at is not None and now < self._next_at:
            return
        before = self._page or Page(0, DATABASE, trouble, now, 0, (), f"{self.paging.desk}/desk")
        self._page = replace(before, title=trouble, number=before.number + 1)
        self._next_at = now + self.paging.repeat_of(DATABASE)
        sends = await self.paging.send_to_all(DATABASE, self._page, self._staff)
        went_out = sum(not send.problem for send in sends)
        log.error(
            "distress", trouble=trouble, page=self._page.number, went_out=went_out, failed=len(sends) - went_out
        )
