"""Who is there: chosen on the desk, and lapsed when the browser is gone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from casework.errors import Refused
from casework.floor.ports import AtWork, Presence, PresenceStore
from casework.ports import Clock
from recovery.routing import Person, serves
from recovery.staffing import Staffing, Team
from recovery.words import Role


@dataclass(frozen=True, slots=True)
class Attendance:
    """The story of being there."""

    store: PresenceStore
    staffing: Callable[[], Staffing]
    clock: Clock

    async def choose(self, user_id: str, presence: str) -> None:
        """Say how one stands. Raises Refused."""
        if presence not in list(Presence):
            raise Refused("Choose online, busy or away.")
        await self.store.choose(user_id, Presence(presence), self.clock())

    async def seen(self, user_id: str) -> None:
        """A browser is open."""
        await self.store.seen(user_id, self.clock())

    async def chosen(self, user_id: str) -> Presence | None:
        """What somebody last said of themselves."""
        return await self.store.chosen(user_id)

    async def everybody(self) -> Sequence[AtWork]:
        """All staff and how they stand."""
        return await self.store.everybody(self.clock() - self.staffing().gone_after)

    async def people(self) -> Sequence[Person]:
        """The same, as the rules of routing see them."""
        return [person_of(each, self.staffing()) for each in await self.everybody()]


def person_of(at_work: AtWork, staffing: Staffing) -> Person:
    """A member of staff as somebody who can be asked."""
    role = Role(at_work.staff.role)
    return Person(
        at_work.staff.id,
        role,
        frozenset(at_work.staff.teams),
        at_work.presence is Presence.ONLINE,
        at_work.in_hand,
        staffing.capacity[role],
        at_work.last_given,
    )


def reachable(team: Team, people: Sequence[Person]) -> list[Person]:
    """Those online who serve a team and stand as high as it asks, whatever they have in hand."""
    return [p for p in people if p.online and serves(p, team.id, team.tier)]


def competing(team: Team, people: Sequence[Person]) -> frozenset[str] | None:
    """The teams that wait for the same people; None is every team."""
    serving = reachable(team, people)
    if any(not p.teams for p in serving):
        return None
    return frozenset({team.id}.union(*(p.teams for p in serving)))
