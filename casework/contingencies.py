"""A supervisor switches a contingency on, changes it, and switches it off. Who did it and when is kept."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.errors import Refused
from casework.ports import Clock, ContingencyBook, NewContingency
from recovery.playbook import ContingencyKind, Playbook

LONGEST_TEXT = 300
NAMES = ("couriers", "regions", "products")


@dataclass(frozen=True, slots=True)
class Contingencies:
    """The switch."""

    book: ContingencyBook
    playbook: Callable[[], Playbook]
    clock: Clock

    async def switch_on(self, new: NewContingency, by: str) -> str:
        """Raises Refused with a sentence that says what to correct."""
        kind = self._kind(new.kind)
        _check_text("what happened", new.text)
        _check_text("what is done about it", new.doing)
        if kind.names and not any(getattr(new, name) for name in kind.names):
            raise Refused(f"Name at least one of: {', '.join(kind.names)}. Else every customer would be told.")
        if foreign := [n for n in NAMES if getattr(new, n) and n not in kind.names]:
            raise Refused(f"A {kind.title.lower()} is not about {' or '.join(foreign)}: leave that empty.")
        self._check_horizon(kind, new.starts_at, new.ends_at)
        return await self.book.on(new, kind.challenges, by, self.clock())

    async def move_horizon(self, contingency_id: str, ends_at: datetime, by: str) -> None:
        found = await self.book.get(contingency_id)
        self._check_horizon(self._kind(found.contingency.kind), found.contingency.starts_at, ends_at)
        await self.book.until(contingency_id, ends_at, by, self.clock())

    async def switch_off(self, contingency_id: str, by: str) -> None:
        await self.book.off(contingency_id, by, self.clock())

    def _kind(self, kind: str) -> ContingencyKind:
        found = self.playbook().contingencies.get(kind)
        if found is None:
            known = ", ".join(self.playbook().contingencies)
            raise Refused(f"The playbook knows no contingency {kind!r}. Choose one of: {known}.")
        return found

    def _check_horizon(self, kind: ContingencyKind, starts_at: datetime, ends_at: datetime) -> None:
        if ends_at <= max(starts_at, self.clock()):
            raise Refused("It has to end after it starts, and in the future.")
        if ends_at - max(starts_at, self.clock()) > timedelta(hours=kind.longest_hours):
            raise Refused(f"A {kind.title.lower()} may be announced for at most {kind.longest_hours} hours ahead.")


def _check_text(what: str, text: str) -> None:
    if not text.strip():
        raise Refused(f"Write {what}: customers read it as it is.")
    if len(text) > LONGEST_TEXT or "{" in text or "}" in text:
        raise Refused(f"Write {what} in at most {LONGEST_TEXT} characters, without braces.")
