"""The demo company and its staff, put into a new home once."""

import secrets
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from casework.staff import SignIn
from recovery.words import Role
from redress.secrets_file import write_private
from store.database import connect
from store.sql_store import SqlStore

PEOPLE = (
    ("maya.agent@demo.example", "Maya Okafor", Role.AGENT),
    ("tom.agent@demo.example", "Tom Lindqvist", Role.AGENT),
    ("sara.senior@demo.example", "Sara Whitfield", Role.SENIOR),
    ("ines.supervisor@demo.example", "Ines Duarte", Role.SUPERVISOR),
)
SIGN_INS = "demo-sign-ins.txt"


async def ensure(url: str, home: Path) -> None:
    """The company's history and its staff, unless they are there. Staff passwords go into a private file."""
    engine = connect(url, pool_size=2)
    try:
        await _ensure(engine, home)
    finally:
        await engine.dispose()


async def _ensure(engine: AsyncEngine, home: Path) -> None:
    from crm_adapter.seed import seed  # slow to import, and needed once

    store = SqlStore(engine)
    known = {member.email for member in await store.users.list()}
    missing = [person for person in PEOPLE if person[0] not in known]
    if len(missing) == len(PEOPLE):
        await seed(engine)
    if missing:
        await _hire(store, missing, home)


async def _hire(store: SqlStore, people: list[tuple[str, str, Role]], home: Path) -> None:
    sign_in = SignIn(store.users, lambda: datetime.now(UTC))
    made = {email: secrets.token_urlsafe(9) for email, _, _ in people}
    kept = dict(line.split()[:2] for line in read_sign_ins(home))
    write_sign_ins(home, kept | made)  # first, so that no password is lost between the two
    for email, name, role in people:
        await sign_in.add(email, name, role, made[email])


def write_sign_ins(home: Path, passwords: dict[str, str]) -> None:
    roles = {email: role for email, _, role in PEOPLE}
    lines = (f"{email:<30} {word:<14} {roles.get(email, '')}\n" for email, word in passwords.items())
    write_private(home / SIGN_INS, "".join(lines))


def read_sign_ins(home: Path) -> list[str]:
    """One line for each demo member of staff: e-mail address, password, role."""
    path = home / SIGN_INS
    return [line for line in path.read_text().splitlines() if line.strip()] if path.exists() else []
