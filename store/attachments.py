"""What is known of the files of messages."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from casework.errors import NotFound
from casework.ports import Attachment, Author, FileState, NewAttachment, Sent
from store.database import Database, notify
from store.tables import attachments, conversations, messages

_DAY = timedelta(days=1)


class SqlAttachments:
    """Implements casework.ports.Attachments."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, conversation_id: str, channel_message_id: str, new: NewAttachment, at: datetime) -> None:
        mine = messages.c.conversation_id == conversation_id
        found = select(messages.c.id).where(mine, messages.c.channel_message_id == channel_message_id)
        async with self._database.begin() as connection:
            message_id = (await connection.execute(found.with_for_update())).scalar_one_or_none()
            known = select(attachments.c.id).where(attachments.c.id == new.id)
            if message_id is not None and (await connection.execute(known)).first() is None:
                await write(connection, conversation_id, message_id, [new], at)
                await connection.execute(select(notify("file", conversation_id)))

    async def has(self, conversation_id: str, channel_message_id: str, attachment_id: str) -> bool | None:
        mine = messages.c.conversation_id == conversation_id
        same = exists().where(attachments.c.message_id == messages.c.id, attachments.c.id == attachment_id)
        wanted = select(same).where(mine, messages.c.channel_message_id == channel_message_id)
        async with self._database.single() as connection:
            found: bool | None = (await connection.execute(wanted)).scalar_one_or_none()
            return found

    async def get(self, attachment_id: str) -> Attachment:
        wanted = select(attachments).where(attachments.c.id == attachment_id)
        async with self._database.single() as connection:
            row = (await connection.execute(wanted)).first()
        if row is None:
            raise NotFound("There is no such file.")
        return _attachment(row)

    async def of(self, message_ids: Sequence[str]) -> Mapping[str, Sequence[Attachment]]:
        if not message_ids:
            return {}
        wanted = select(attachments).where(attachments.c.message_id.in_(message_ids))
        found: dict[str, list[Attachment]] = defaultdict(list)
        async with self._database.single() as connection:
            for row in await connection.execute(wanted.order_by(attachments.c.number)):
                found[row.message_id].append(_attachment(row))
        return found

    async def wanted(self, channel: str, limit: int = 50) -> Sequence[Attachment]:
        to_fetch = (attachments.c.state == FileState.WANTED) & (conversations.c.channel == channel)
        oldest = select(attachments).join(conversations).where(to_fetch).order_by(attachments.c.number).limit(limit)
        async with self._database.single() as connection:
            return [_attachment(row) for row in await connection.execute(oldest)]

    async def kept(self, attachment: Attachment, media_type: str, name: str, size: int) -> bool:
        values = {"state": FileState.KEPT, "media_type": media_type, "name": name, "size": size, "source": None}
        return await self._settle(attachment, values)

    async def sent(self, conversation_id: str) -> Sent:
        async with self._database.single() as connection:
            return await sent_by_customer(connection, conversation_id)

    async def refused(self, attachment: Attachment, why: str) -> None:
        await self._settle(attachment, {"state": FileState.REFUSED, "why": why, "source": None})

    async def _settle(self, attachment: Attachment, values: dict[str, Any]) -> bool:
        mine = update(attachments).where(attachments.c.id == attachment.id)
        async with self._database.begin() as connection:
            found = (await connection.execute(mine.values(**values))).rowcount == 1
            await connection.execute(select(notify("changed", attachment.conversation_id)))
            return found


async def write(
    connection: AsyncConnection, conversation_id: str, message_id: str, new: Sequence[NewAttachment], at: datetime
) -> None:
    """The files of a message, in the transaction that stores it."""
    for one in new:
        values = {
            "id": one.id,
            "conversation_id": conversation_id,
            "message_id": message_id,
            "kind": one.kind,
            "name": one.name,
            "media_type": one.media_type,
            "size": one.size,
            "state": FileState.KEPT if one.source is None else FileState.WANTED,
            "source": None if one.source is None else dict(one.source),
            "at": at,
        }
        await connection.execute(insert(attachments).values(**values))


async def sent_by_customer(connection: AsyncConnection, conversation_id: str) -> Sent:
    """How many files, and bytes, that the customer sent are kept here, as far as they count."""
    stranger = conversations.c.customer_id.is_(None)
    counts = or_(stranger, attachments.c.at > func.now() - _DAY)
    theirs = attachments.join(
        messages, and_(messages.c.id == attachments.c.message_id, messages.c.author == Author.CUSTOMER)
    )
    kept = and_(attachments.c.conversation_id == conversations.c.id, attachments.c.state == FileState.KEPT, counts)
    wanted = (
        select(func.count(attachments.c.id), func.coalesce(func.sum(attachments.c.size), 0), stranger)
        .select_from(conversations.outerjoin(theirs, kept))
        .where(conversations.c.id == conversation_id)
        .group_by(conversations.c.id)
    )
    row = (await connection.execute(wanted)).first()
    return Sent(int(row[0]), int(row[1]), bool(row[2])) if row else Sent(0, 0, by_stranger=True)


def _attachment(row: Row[Any]) -> Attachment:
    return Attachment(
        row.id,
        row.conversation_id,
        row.message_id,
        row.kind,
        row.name,
        row.media_type,
        row.size,
        FileState(row.state),
        row.why,
        row.source,
    )
