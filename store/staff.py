"""The staff, and their sessions."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from casework.errors import Conflict, NotFound
from casework.ports import Staff
from store.database import Database
from store.tables import sessions, sign_in_tries, users


class SqlUsers:
    """Implements casework.ports.Users. An e-mail address is the same whatever its case."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, staff: Staff, password_hash: str, at: datetime) -> None:
        values = {**asdict(staff), "email": staff.email.lower(), "teams": list(staff.teams)}
        new = insert(users).values(**values, password_hash=password_hash, created_at=at)
        async with self._database.single() as connection:
            try:
                await connection.execute(new)
            except IntegrityError as error:
                raise Conflict(f"Somebody with the e-mail address {staff.email} is there already.") from error

    async def get(self, user_id: str) -> Staff:
        async with self._database.single() as connection:
            row = (await connection.execute(select(users).where(users.c.id == user_id))).first()
        if row is None:
            raise NotFound(f"There is no user {user_id}.")
        return _staff(row)

    async def by_email(self, email: str) -> tuple[Staff, str] | None:
        wanted = select(users).where(users.c.email == func.lower(email))
        async with self._database.single() as connection:
            row = (await connection.execute(wanted)).first()
        return (_staff(row), row.password_hash) if row else None

    async def list(self) -> Sequence[Staff]:
        async with self._database.single() as connection:
            return [_staff(row) for row in await connection.execute(select(users).order_by(users.c.name))]

    async def set_password(self, user_id: str, password_hash: str) -> None:
        await self._change(user_id, {"password_hash": password_hash})

    async def set_teams(self, user_id: str, teams: Sequence[str]) -> None:
        changed = update(users).where(users.c.id == user_id).values(teams=list(teams))
        async with self._database.single() as connection:
            if (await connection.execute(changed)).rowcount == 0:
                raise NotFound(f"There is no user {user_id}.")

    async def set_disabled(self, user_id: str, disabled: bool) -> None:
        await self._change(user_id, {"disabled": disabled})

    async def _change(self, user_id: str, values: dict[str, Any]) -> None:
        async with self._database.begin() as connection:
            changed = update(users).where(users.c.id == user_id).values(**values)
            if (await connection.execute(changed)).rowcount == 0:
                raise NotFound(f"There is no user {user_id}.")
            await connection.execute(delete(sessions).where(sessions.c.user_id == user_id))

    async def tried(self, key: str, at: datetime, since: datetime) -> int:
        mine = (sign_in_tries.c.key == key) & (sign_in_tries.c.at > since)
        async with self._database.single() as connection:  # two desks at once may count too much, never too little
            await connection.execute(delete(sign_in_tries).where(sign_in_tries.c.at <= since))
            await connection.execute(insert(sign_in_tries).values(key=key, at=at))
            return (await connection.execute(select(func.count()).where(mine))).scalar_one()

    async def forget_tries(self, key: str) -> None:
        async with self._database.single() as connection:
            await connection.execute(delete(sign_in_tries).where(sign_in_tries.c.key == key))

    async def start_session(self, key: str, user_id: str, expires_at: datetime) -> None:
        new = insert(sessions).values(key=key, user_id=user_id, expires_at=expires_at)
        async with self._database.begin() as connection:
            await connection.execute(new)
            await connection.execute(delete(sessions).where(sessions.c.expires_at < func.now()))

    async def session_user(self, key: str, now: datetime) -> Staff | None:
        wanted = select(users).join(sessions, sessions.c.user_id == users.c.id)
        lasting = (sessions.c.key == key) & (sessions.c.expires_at > now) & users.c.disabled.is_(False)
        async with self._database.single() as connection:
            row = (await connection.execute(wanted.where(lasting))).first()
        return _staff(row) if row else None

    async def end_session(self, key: str) -> None:
        async with self._database.single() as connection:
            await connection.execute(delete(sessions).where(sessions.c.key == key))


def _staff(row: Row[Any]) -> Staff:
    return Staff(row.id, row.email, row.name, row.role, row.disabled, tuple(row.teams))
