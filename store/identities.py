"""Which customer a user of a channel has proved to be."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, Update, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from casework.ports import Link
from store.database import Database
from store.tables import first_accounts, identities, used_tokens


class SqlIdentities:
    """Implements casework.ports.Identities."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, channel: str, channel_user: str) -> Link | None:
        async with self._database.single() as connection:
            row = (await connection.execute(select(identities).where(_holds(channel, channel_user)))).first()
        return _link(row) if row else None

    async def link(self, link: Link) -> None:
        new = insert(identities).values(
            channel=link.channel,
            channel_user=link.channel_user,
            customer_id=link.customer_id,
            how=link.how,
            verified_at=link.verified_at,
        )
        same = _holds(link.channel, link.channel_user) & (identities.c.customer_id == link.customer_id)
        other = _end(link.channel, link.channel_user, link.verified_at).where(
            identities.c.customer_id != link.customer_id
        )
        async with self._database.begin() as connection:
            await connection.execute(other)
            if (await connection.execute(select(identities.c.id).where(same))).first() is None:
                await connection.execute(new.on_conflict_do_nothing())

    async def unlink(self, channel: str, channel_user: str, at: datetime) -> bool:
        async with self._database.begin() as connection:
            return (await connection.execute(_end(channel, channel_user, at))).rowcount > 0

    async def forget(self, link: Link, at: datetime) -> None:
        same_proof = (
            (identities.c.channel == link.channel)
            & (identities.c.customer_id == link.customer_id)
            & (identities.c.how == link.how)
            & (identities.c.verified_at == link.verified_at)
        )
        ended = update(identities).where(same_proof, identities.c.unlinked_at.is_(None)).values(unlinked_at=at)
        async with self._database.single() as connection:
            await connection.execute(ended)

    async def use_once(self, key: str, channel_user: str, expires_at: datetime, at: datetime) -> bool:
        used = insert(used_tokens).values(key=key, channel_user=channel_user, expires_at=expires_at, at=at)
        whose = select(used_tokens.c.channel_user).where(used_tokens.c.key == key)
        async with self._database.begin() as connection:
            await connection.execute(delete(used_tokens).where(used_tokens.c.expires_at < at))
            await connection.execute(used.on_conflict_do_nothing())
            return bool((await connection.execute(whose)).scalar_one() == channel_user)

    async def first_account(self, channel: str, account: str) -> str:
        ours = insert(first_accounts).values(channel=channel, account=account).on_conflict_do_nothing()
        first = select(first_accounts.c.account).where(first_accounts.c.channel == channel)
        async with self._database.begin() as connection:
            await connection.execute(ours)
            return str((await connection.execute(first)).scalar_one())


def _holds(channel: str, channel_user: str) -> Any:
    mine = (identities.c.channel == channel) & (identities.c.channel_user == channel_user)
    return mine & identities.c.unlinked_at.is_(None)


def _end(channel: str, channel_user: str, at: datetime) -> Update:
    return update(identities).where(_holds(channel, channel_user)).values(unlinked_at=at)


def _link(row: Row[Any]) -> Link:
    return Link(row.channel, row.channel_user, row.customer_id, row.how, row.verified_at, row.unlinked_at)
