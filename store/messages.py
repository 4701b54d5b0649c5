"""Messages: stored once, in order, without gaps."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    Integer,
    Row,
    Select,
    Update,
    bindparam,
    case,
    cast,
    exists,
    func,
    insert,
    literal,
    not_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningUpdate

from casework.captions import CAPTIONS, recaptioned
from casework.errors import Conflict, NotFound
from casework.ports import Author, Inbound, Message, Outbound, Owner, PassedOn, Received, Room, Status
from recovery.owners import Move, State
from store import rows
from store.attachments import sent_by_customer
from store.attachments import write as write_attachments
from store.database import CHANNEL, Database, notify, payload
from store.tables import conversations, message_edits, messages, transitions

_INSERT = insert(messages)
_MINE = messages.c.conversation_id == bindparam("conversation")
_VISIBLE = (
    select(*rows.MESSAGE_COLUMNS)
    .where(_MINE, messages.c.seq > bindparam("after"), messages.c.status != Status.WITHHELD)
    .order_by(messages.c.seq)
    .limit(bindparam("most"))
)
_DELIVERED = (
    update(messages)
    .where(_MINE, messages.c.seq <= bindparam("up_to"), messages.c.status == Status.READY)
    .values(status=Status.DELIVERED, done_at=bindparam("when"))
)


def hold(conversation_id: str, after: int = 0) -> ReturningUpdate[Any]:
    """What the bot has not answered is a person's now, or, in a conversation that is over, nobody's."""
    waiting = (messages.c.conversation_id == conversation_id) & (messages.c.status == Status.RECEIVED)
    held = update(messages).where(waiting, messages.c.seq > after).values(status=Status.HELD)
    return held.returning(messages.c.id, messages.c.text)


async def pass_on(connection: AsyncConnection, conversation_id: str, after: int = 0) -> list[PassedOn]:
    """Hold it, and say what it was."""
    return [PassedOn(row.id, row.text) for row in await connection.execute(hold(conversation_id, after))]


def withhold(conversation_id: str) -> Update:
    """What the bot has not brought to its channel yet stays here."""
    ready = (messages.c.conversation_id == conversation_id) & (messages.c.status == Status.READY)
    return update(messages).where(ready, messages.c.author == Author.BOT).values(status=Status.WITHHELD)


class SqlMessages:
    """Implements casework.ports.Messages."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def receive(self, inbound: Inbound, room: Room | None = None) -> Received:
        if inbound.attachments:
            return await self._receive_with_files(inbound, room)
        async with self._database.single() as connection:
            try:
                row = (await connection.execute(_RECEIVE, _values(inbound))).first()
            except IntegrityError as error:
                _explain(error)
                row = None  # the same message came twice at once, and the other was first
            if row is None:
                return await _first_answer(connection, inbound)
            return Received(inbound.id, row.seq, inbound.at, Status(row.status), repeated=False)

    async def _receive_with_files(self, inbound: Inbound, room: Room | None) -> Received:
        async with self._database.begin() as connection:
            row = await _received(connection, inbound)
            if row is None:
                return await _first_answer(connection, inbound)
            await write_attachments(connection, inbound.conversation_id, inbound.id, inbound.attachments, inbound.at)
            if room is not None:  # under the conversation's row lock: of many at once none slips through
                room.check(await sent_by_customer(connection, inbound.conversation_id))
            await connection.execute(select(notify("file", inbound.conversation_id)))
            return Received(inbound.id, row.seq, inbound.at, Status(row.status), repeated=False)

    async def receive_answered(
        self, inbound: Inbound, replies: Sequence[Outbound], *, goes_on: bool = False
    ) -> Received:
        async with self._database.begin() as connection:
            row = await _received(connection, inbound)
            if row is None:
                return await _first_answer(connection, inbound)
            settled = Status.ANSWERED if row.status == Status.RECEIVED and not goes_on else Status(row.status)
            done = update(messages).where(messages.c.id == inbound.id).values(status=settled, done_at=inbound.at)
            await connection.execute(done)
            await append(connection, inbound.conversation_id, replies, inbound.at)
            return Received(inbound.id, row.seq, inbound.at, settled, repeated=False)

    async def correct(
        self, conversation_id: str, channel_message_id: str, text: str, at: datetime, caption_of: str = ""
    ) -> str | None:
        same = messages.c.channel_message_id == channel_message_id
        mine = (messages.c.conversation_id == conversation_id) & same
        async with self._database.begin() as connection:
            found = select(messages.c.id, messages.c.text, messages.c.meta).where(mine).with_for_update()
            old = (await connection.execute(found)).first()
            if old is None:
                return None
            words, layout = recaptioned(old.text, old.meta, caption_of, text)
            if words == old.text:
                return None
            meta = {name: value for name, value in old.meta.items() if name not in ("wordless", CAPTIONS)}
            meta |= {"edited": True} | ({CAPTIONS: layout} if layout is not None else {})
            await connection.execute(insert(message_edits).values(message_id=old.id, text=old.text, at=at))
            await connection.execute(update(messages).where(messages.c.id == old.id).values(text=words, meta=meta))
            await connection.execute(select(notify("changed", conversation_id)))
            return str(old.id)

    async def before(self, message_ids: Sequence[str]) -> Mapping[str, Sequence[str]]:
        if not message_ids:
            return {}
        wanted = select(message_edits).where(message_edits.c.message_id.in_(message_ids))
        found: dict[str, list[str]] = defaultdict(list)
        async with self._database.single() as connection:
            for row in await connection.execute(wanted.order_by(message_edits.c.id)):
                found[row.message_id].append(row.text)
        return found

    async def get(self, conversation_id: str, message_id: str) -> Message | None:
        wanted = select(*rows.MESSAGE_COLUMNS).where(messages.c.id == message_id)
        found = await self._read(wanted.where(messages.c.conversation_id == conversation_id))
        return found[0] if found else None

    async def say(self, conversation_id: str, message: Outbound, at: datetime) -> None:
        async with self._database.begin() as connection:
            await append(connection, conversation_id, [message], at)

    async def known_from_before(self, channel: str, channel_user: str, channel_message_id: str) -> bool:
        mine = (conversations.c.channel == channel) & (conversations.c.channel_user == channel_user)
        newest = conversations.c.closed_at.is_(None).desc(), conversations.c.opened_at.desc()
        present = select(conversations.c.id).where(mine).order_by(*newest).limit(1).scalar_subquery()
        there = (messages.c.conversation_id == conversations.c.id) & (conversations.c.id != present)
        same = messages.c.channel_message_id == channel_message_id
        async with self._database.single() as connection:
            return bool((await connection.execute(select(exists().where(mine, there, same)))).scalar())

    async def where(self, channel: str, channel_user: str, channel_message_id: str) -> str | None:
        mine = (conversations.c.channel == channel) & (conversations.c.channel_user == channel_user)
        same = messages.c.channel_message_id == channel_message_id
        found = select(messages.c.conversation_id).join(conversations).where(mine, same)
        async with self._database.single() as connection:
            return await connection.scalar(found.order_by(messages.c.at.desc()).limit(1))

    async def offered(self, conversation_id: str, payload: str) -> bool:
        offer = exists().where(
            messages.c.conversation_id == conversation_id,
            messages.c.author != Author.CUSTOMER,
            messages.c.buttons.contains([{"payload": payload}]),
        )
        async with self._database.single() as connection:
            return bool((await connection.execute(select(offer))).scalar())

    async def visible(self, conversation_id: str, after: int, limit: int = 500) -> Sequence[Message]:
        return await self._read(_VISIBLE, {"conversation": conversation_id, "after": after, "most": limit})

    async def all(self, conversation_id: str) -> Sequence[Message]:
        wanted = select(*rows.MESSAGE_COLUMNS).where(messages.c.conversation_id == conversation_id)
        return await self._read(wanted.order_by(messages.c.seq))

    async def delivered(self, conversation_id: str, up_to: int, at: datetime) -> None:
        async with self._database.single() as connection:
            await connection.execute(_DELIVERED, {"conversation": conversation_id, "up_to": up_to, "when": at})

    async def undelivered(self, channel: str, limit: int = 100) -> Sequence[Message]:
        wanted = (
            select(*rows.MESSAGE_COLUMNS)
            .join(conversations, conversations.c.id == messages.c.conversation_id)
            .where(messages.c.status == Status.READY, conversations.c.channel == channel)
            .order_by(messages.c.at, messages.c.seq)
            .limit(limit)
        )
        return await self._read(wanted)

    async def _read(self, wanted: Select[Any], values: dict[str, Any] | None = None) -> Sequence[Message]:
        async with self._database.single() as connection:
            return [rows.message(row) for row in await connection.execute(wanted, values)]


async def append(
    connection: AsyncConnection, conversation_id: str, new: Sequence[Outbound], at: datetime
) -> Sequence[int]:
    """Add messages with the next numbers, and signal them. Takes the conversation's row lock."""
    if not new:
        return []
    grown = conversations.c.next_seq + len(new)
    taken = (
        update(conversations)
        .where(conversations.c.id == conversation_id)
        .values(next_seq=grown, last_message_at=at)
        .returning(conversations.c.next_seq, notify("message", conversation_id))
    )
    end: int = (await connection.execute(taken)).scalar_one()
    return await insert_outbound(connection, conversation_id, end - len(new), new, at)


async def insert_outbound(
    connection: AsyncConnection, conversation_id: str, first: int, new: Sequence[Outbound], at: datetime
) -> Sequence[int]:
    """Insert messages under numbers that were taken for them."""
    seqs = range(first, first + len(new))
    written = [_outbound(conversation_id, seq, one, at) for seq, one in zip(seqs, new, strict=True)]
    await connection.execute(_INSERT, written[0] if len(written) == 1 else written)
    for one in new:
        await write_attachments(connection, conversation_id, one.id, one.attachments, at)
    return seqs


def _outbound(conversation_id: str, seq: int, new: Outbound, at: datetime) -> dict[str, Any]:
    return {
        "id": new.id,
        "conversation_id": conversation_id,
        "seq": seq,
        "author": new.author,
        "author_name": new.author_name,
        "text": new.text,
        "buttons": [asdict(b) for b in new.buttons],
        "in_reply_to": new.in_reply_to,
        "meta": new.meta,
        "status": new.status,
        "at": at,
    }


def _receive() -> Select[Any]:
    """One statement, so that a stored message costs one trip: lock and number, insert, signal."""
    before = _locked_unless_known()
    numbered = _numbered(before)
    stored = _inserted(numbered)
    told = select(stored.c.seq, stored.c.status, func.pg_notify(CHANNEL, bindparam("signal")))
    return told.add_cte(_reopening_logged(before))


def _locked_unless_known() -> CTE:
    """The conversation as it was, locked; no row where the channel's message is stored already."""
    known = exists().where(
        messages.c.conversation_id == bindparam("conversation"),
        messages.c.channel_message_id == bindparam("channel_message"),
    )
    return (
        select(conversations.c.id, conversations.c.closed_at, conversations.c.handed_over)
        .where(conversations.c.id == bindparam("conversation"), not_(known))
        .with_for_update(key_share=True)
        .cte("before")
    )


def _numbered(before: CTE) -> CTE:
    """The conversation is open, if it was not, and has given out its next number."""
    return (
        update(conversations)
        .where(conversations.c.id == before.c.id)
        .values(
            next_seq=conversations.c.next_seq + 1,
            owner_version=conversations.c.owner_version + cast(before.c.closed_at.is_not(None), Integer),
            last_message_at=bindparam("when"),
            closed_at=None,
        )
        .returning(conversations.c.owner, conversations.c.customer_name, (conversations.c.next_seq - 1).label("seq"))
        .cte("numbered")
    )


def _inserted(numbered: CTE) -> CTE:
    """The message, held where a person has the conversation."""
    columns = {
        "id": bindparam("message"),
        "conversation_id": bindparam("conversation"),
        "seq": numbered.c.seq,
        "author": literal(Author.CUSTOMER.value),
        "author_name": numbered.c.customer_name,
        "text": bindparam("words"),
        "payload": bindparam("pressed"),
        "channel_message_id": bindparam("channel_message"),
        "status": case((numbered.c.owner == Owner.BOT, Status.RECEIVED.value), else_=Status.HELD.value),
        "at": bindparam("when"),
        "meta": bindparam("meta", type_=JSONB),
    }
    return (
        insert(messages)
        .from_select(list(columns), select(*columns.values()))
        .returning(messages.c.seq, messages.c.status)
        .cte("stored")
    )


def _reopening_logged(before: CTE) -> CTE:
    """The transition, where the conversation had ended."""
    returned = case((before.c.handed_over, State.RETURNED.value), else_=State.BOT.value)
    reopened = select(
        before.c.id, literal(Move.REOPENED.value), literal(State.CLOSED.value), returned, bindparam("when")
    ).where(before.c.closed_at.is_not(None))
    columns = ["conversation_id", "move", "was", "became", "at"]
    return insert(transitions).from_select(columns, reopened).cte("logged")


_RECEIVE = _receive()


def _values(inbound: Inbound) -> dict[str, Any]:
    return {
        "conversation": inbound.conversation_id,
        "channel_message": inbound.channel_message_id,
        "message": inbound.id,
        "words": inbound.text,
        "pressed": inbound.payload,
        "when": inbound.at,
        "meta": inbound.meta,
        "signal": payload("message", inbound.conversation_id, s=Status.RECEIVED),
    }


def _explain(error: IntegrityError) -> None:
    """Only the channel's own message id may clash; a closed conversation may also find its place taken."""
    name = getattr(getattr(error.orig, "diag", None), "constraint_name", "")
    if name == "one_open_conversation":
        raise Conflict("This conversation has ended and a newer one is open.") from error
    if name != "same_id_is_one_message":
        raise error


async def _received(connection: AsyncConnection, inbound: Inbound) -> Row[Any] | None:
    """Store a message within a transaction that goes on; None when it was stored before."""
    try:
        async with connection.begin_nested():
            row: Row[Any] | None = (await connection.execute(_RECEIVE, _values(inbound))).first()
            return row
    except IntegrityError as error:
        _explain(error)
        return None


async def _first_answer(connection: AsyncConnection, inbound: Inbound) -> Received:
    wanted = select(messages.c.id, messages.c.seq, messages.c.at, messages.c.status).where(
        messages.c.conversation_id == inbound.conversation_id,
        messages.c.channel_message_id == inbound.channel_message_id,
    )
    row = (await connection.execute(wanted)).first()
    if row is None:
        raise NotFound(f"There is no conversation {inbound.conversation_id}.")
    return Received(row.id, row.seq, row.at, Status(row.status), repeated=True)
