"""The demo company and its staff, put into a new home once."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from casework.ports import Users
from casework.staff import SignIn
from recovery.words import Role
from redress.secrets_file import write_private

PEOPLE = (
    ("maya.agent@demo.example", "Maya Okafor", Role.AGENT),
    ("tom.agent@demo.example", "Tom Lindqvist", Role.AGENT),
    ("sara.senior@demo.example", "Sara Whitfield", Role.SENIOR),
    ("ines.supervisor@demo.example", "Ines Duarte", Role.SUPERVISOR),
)
SIGN_INS = "demo-sign-ins.txt"


@dataclass(frozen=True, slots=True)
class Demo:
    """Puts the demo in. `seed` leaves a CRM alone that holds a customer already."""

    seed: Callable[[], Awaitable[None]]
    users: Users
    sign_in: SignIn
    home: Path

    async def ensure(self) -> None:
        """The company's history and its staff, unless they are there. Passwords go into a private file."""
        known = {member.email for member in await self.users.list()}
        missing = [person for person in PEOPLE if person[0] not in known]
        if len(missing) == len(PEOPLE):
            await self.seed()
        if missing:
            await self._hire(missing)

    async def _hire(self, people: list[tuple[str, str, Role]]) -> None:
        made = {email: secrets.token_urlsafe(9) for email, _, _ in people}
        kept = dict(line.split()[:2] for line in read_sign_ins(self.home))
        write_sign_ins(self.home, kept | made)  # first, so that no password is lost between the two
        for email, name, role in people:
            await self.sign_in.add(email, name, role, made[email])


def write_sign_ins(home: Path, passwords: dict[str, str]) -> None:
    """Keep the demo staff's passwords where only their owner reads them."""
    roles = {email: role for email, _, role in PEOPLE}
    lines = (f"{email:<30} {word:<14} {roles.get(email, '')}\n" for email, word in passwords.items())
    write_private(home / SIGN_INS, "".join(lines))


def read_sign_ins(home: Path) -> list[str]:
    """One line for each demo member of staff: e-mail address, password, role."""
    path = home / SIGN_INS
    return [line for line in path.read_text().splitlines() if line.strip()] if path.exists() else []
