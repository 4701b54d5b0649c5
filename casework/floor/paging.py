"""Critical situations page people at once, and again and further up, until somebody acknowledges on the desk."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from casework.errors import Unavailable
from casework.floor.presence import Attendance
from casework.ports import Clock, Staff
from recovery.playbook import Playbook, Procedure
from recovery.staffing import Recipient
from recovery.words import Role

LEASE = timedelta(seconds=30)  # a desk that dies while it sends leaves the page to another after this
PATIENCE_S = 10.0
NOT_SET_UP = "this channel is not set up"


SOON = timedelta(seconds=30)  # until a page that reached nobody goes out again, to all whom the procedure names
log = structlog.get_logger("paging")


class PageFailed(Exception):
    """A page did not go out. The message says why, without secrets."""


@dataclass(frozen=True, slots=True)
class Page:
    """What goes out: the situation, its checklist with its clock, and where to go. No personal data."""

    alert_id: int
    procedure: str
    title: str
    began_at: datetime
    number: int  # the first, the second, …
    checklist: tuple[tuple[str, datetime], ...]
    link: str


class Pager(Protocol):
    """One way to reach people."""

    async def send(self, to: str, page: Page) -> None:
        """Raises PageFailed."""


@dataclass(frozen=True, slots=True)
class Due:
    """A page that is due."""

    alert_id: int
    conversation_id: str
    procedure: str
    began_at: datetime
    number: int
    reached: int  # how many of the procedure's names are paged this time


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent to whom, and what went wrong."""

    recipient: str
    channel: str
    problem: str = ""


NOBODY = Sent("nobody", "nobody", "the playbook and the staff list name nobody to page")


@dataclass(frozen=True, slots=True)
class OpenPage:
    """A page that nobody has acknowledged, as the desk shows it."""

    alert_id: int
    conversation_id: str
    procedure: str
    text: str
    began_at: datetime
    number: int
    next_at: datetime | None
    sent: int
    problems: tuple[str, ...]


class PageStore(Protocol):
    """Pages, one for each critical alert."""

    async def open(self, now: datetime) -> int:
        """A page for each alert that begins a procedure and has none."""

    async def lease(self, now: datetime, until: datetime) -> Due | None:
        """The next page that is due, kept from other desks until a moment."""

    async def sent(self, alert_id: int, sends: Sequence[Sent], reached: int, next_at: datetime, at: datetime) -> None:
        """What was sent, and when it goes out again."""

    async def open_ones(self) -> Sequence[OpenPage]:
        """Not acknowledged yet, the oldest first."""

    async def acknowledge(self, alert_id: int, user_id: str, at: datetime) -> bool:
        """True for the one who did it."""


@dataclass(frozen=True, slots=True)
class Paging:
    """The story of a page. `pagers` by channel; `desk` is the desk's public address."""

    store: PageStore
    attendance: Attendance
    playbook: Callable[[], Playbook]
    pagers: Mapping[str, Pager]
    desk: str
    clock: Clock

    async def look(self) -> None:
        """Page what is due."""
        await self.store.open(self.clock())
        while (due := await self.store.lease(self.clock(), self.clock() + LEASE)) is not None:
            try:
                await self._page(due)
            except Unavailable:
                raise
            except Exception:  # its lease keeps it back, and the others go out
                log.exception("page_broke", alert=due.alert_id)

    async def _page(self, due: Due) -> None:
        playbook = self.playbook()
        procedure = self._procedure(due.procedure)
        names, repeat = _names(procedure), _repeat(playbook, procedure)
        staff = [each.staff for each in await self.attendance.everybody()]
        reached, recipients = _up_to_somebody(names, due.reached, playbook, staff)
        page = self._written(due, procedure)
        sends = await asyncio.gather(*(self._send(r, page) for r in recipients)) or [NOBODY]
        went_out = any(not send.problem for send in sends)
        further = min(reached + 1, len(names)) if went_out else len(names)
        again = self.clock() + (repeat if went_out else min(repeat, SOON))
        await self.store.sent(due.alert_id, sends, further, again, self.clock())

    def repeat_of(self, procedure_id: str) -> timedelta:
        """How long until it is paged again."""
        return _repeat(self.playbook(), self._procedure(procedure_id))

    async def send_to_all(self, procedure_id: str, page: Page, staff: Sequence[Staff]) -> Sequence[Sent]:
        """To everybody whom a procedure names, at once and without the records."""
        playbook = self.playbook()
        names = _names(self._procedure(procedure_id))
        recipients = [r for name in names for r in recipients_of(name, playbook, staff)]
        return await asyncio.gather(*(self._send(r, page) for r in dict.fromkeys(recipients)))

    def _procedure(self, procedure_id: str) -> Procedure | None:
        return next((p for p in self.playbook().procedures if p.id == procedure_id), None)

    def _written(self, due: Due, procedure: Procedure | None) -> Page:
        duties = procedure.checklist if procedure else ()
        return Page(
            due.alert_id,
            due.procedure,
            procedure.title if procedure else due.procedure.replace("_", " "),
            due.began_at,
            due.number,
            tuple((d.text, due.began_at + timedelta(minutes=d.within_minutes)) for d in duties),
            f"{self.desk}/desk/conversations/{due.conversation_id}",
        )

    async def _send(self, recipient: Recipient, page: Page) -> Sent:
        pager = self.pagers.get(recipient.channel)
        if pager is None:
            return Sent(recipient.name, recipient.channel, NOT_SET_UP)
        try:
            async with asyncio.timeout(PATIENCE_S):
                await pager.send(recipient.to, page)
        except PageFailed as failed:
            return Sent(recipient.name, recipient.channel, str(failed))
        except TimeoutError:
            return Sent(recipient.name, recipient.channel, "no answer in time")
        except Exception as broke:  # the other ways go on
            log.exception("pager_broke", channel=recipient.channel)
            return Sent(recipient.name, recipient.channel, f"it broke ({type(broke).__name__})")
        return Sent(recipient.name, recipient.channel)


def _up_to_somebody(
    names: Sequence[str], reached: int, playbook: Playbook, staff: Sequence[Staff]
) -> tuple[int, list[Recipient]]:
    """Those whom so many names stand for; more names where these stand for nobody."""
    for number in range(reached, len(names) + 1):
        found = [r for name in names[:number] for r in recipients_of(name, playbook, staff)]
        if found:
            return number, list(dict.fromkeys(found))
    return len(names), []


def recipients_of(name: str, playbook: Playbook, staff: Sequence[Staff]) -> list[Recipient]:
    """Whom a name of a procedure stands for: the playbook's recipients, and the staff's own addresses."""
    paging = playbook.staffing.paging
    found = list(paging.recipients.get(name, ()))
    if paging.staff_by_email:
        found += [Recipient(s.name, "email", s.email) for s in _people(name, staff)]
    return found


def _people(name: str, staff: Sequence[Staff]) -> list[Staff]:
    """Those of a role or a team. A team that nobody has as theirs is served by whoever has none."""
    if name in list(Role):
        return [s for s in staff if s.role == name]
    own = [s for s in staff if name in s.teams]
    return own or [s for s in staff if not s.teams]


def _names(procedure: Procedure | None) -> tuple[str, ...]:
    """A procedure that the playbook does not know any more is a supervisor's."""
    return procedure.pages if procedure and procedure.pages else (Role.SUPERVISOR,)


def _repeat(playbook: Playbook, procedure: Procedure | None) -> timedelta:
    if procedure is None:
        return playbook.staffing.paging.repeat
    return timedelta(minutes=procedure.acknowledge_within_minutes)
