"""Texts for review, corrections, and daily counts of what was heard."""

import re
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    any_,
    case,
    delete,
    false,
    func,
    literal,
    null,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from casework.errors import NotFound
from casework.ports import Author
from casework.ports.learning import (
    CorrectionRead,
    Daily,
    Decided,
    HeardMessage,
    MonthHeard,
    NewCorrection,
    NewItem,
    ReviewItem,
    ReviewStatus,
    SaidBefore,
    Wanted,
)
from casework.read_records import Page
from store.database import Database
from store.tables import (
    conversations,
    corrections,
    heard_daily,
    messages,
    nlu_results,
    review_items,
    review_sources,
    users,
)

_NOTING = 7_310_553  # the advisory lock of whoever notes
_SOURCES_SHOWN = 5


class SqlReviews:
    """Implements casework.ports.learning.Reviews."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def _all(self, wanted: Select[Any]) -> Sequence[Row[Any]]:
        async with self._database.single() as connection:
            return list(await connection.execute(wanted))

    @asynccontextmanager
    async def unnoted(self, limit: int) -> AsyncIterator["SqlBatch"]:
        async with self._database.begin() as connection:
            mine = await connection.scalar(select(func.pg_try_advisory_xact_lock(_NOTING)))
            if not mine:
                yield SqlBatch(connection, ())
                return
            waiting = select(nlu_results.c.message_id).where(nlu_results.c.noted == false()).limit(limit)
            found = _heard().where(nlu_results.c.message_id.in_(waiting)).order_by(messages.c.at, messages.c.id)
            rows = (await connection.execute(found)).all()
            yield SqlBatch(connection, [_message(row) for row in rows if _has_words(row)])
            noted = update(nlu_results).where(nlu_results.c.message_id.in_([row.id for row in rows]))
            await connection.execute(noted.values(noted=True))

    @asynccontextmanager
    async def one(self, message_id: str) -> AsyncIterator["SqlBatch"]:
        async with self._database.begin() as connection:
            row = (await connection.execute(_heard().where(messages.c.id == message_id))).first()
            if row is None or not _has_words(row):
                raise NotFound("The bot did not read this message, so there is nothing to label.")
            yield SqlBatch(connection, [_message(row)])

    async def list(self, wanted: Wanted, after: str | None, limit: int = 30) -> Page[ReviewItem]:
        rows = await self._all(_listed(wanted, after).limit(limit + 1))
        items = [_item(row) for row in rows[:limit]]
        return Page(items, items[-1].place if len(rows) > limit else None)

    async def get(self, item_id: int) -> ReviewItem:
        rows = await self._all(_items().where(review_items.c.id == item_id))
        if not rows:
            raise NotFound("This text is not there any more.")
        sources = select(review_sources).where(review_sources.c.item_id == item_id)
        found = await self._all(sources.order_by(review_sources.c.id.desc()).limit(_SOURCES_SHOWN))
        about = corrections.c.message_id.in_([source.message_id for source in found])
        said = await self._all(_corrections().where(about).order_by(corrections.c.id).limit(20))
        whole = asdict(_item(rows[0])) | {
            "conversations": tuple(dict.fromkeys(source.conversation_id for source in found)),
            "corrections": tuple(_correction(row) for row in said),
        }
        return ReviewItem(**whole)

    async def after(self, item: ReviewItem, wanted: Wanted) -> int | None:
        rows = await self._all(_listed(wanted, item.place).limit(1))
        return rows[0].id if rows else None

    async def count(self, wanted: Wanted, most: int = 1000) -> int:
        some = select(review_items.c.id).where(*_conditions(wanted)).limit(most + 1).subquery()
        (row,) = await self._all(select(func.count()).select_from(some))
        return int(row[0])

    async def decide(self, decided: Decided, at: datetime) -> bool:
        c = review_items.c
        seen = update(review_items).where(c.id == decided.item_id, c.version == decided.version)
        values = {"status": decided.status, "decided_by": decided.user_id, "decided_at": at, "version": c.version + 1}
        labels = decided.labels if decided.labels is not None else null()
        async with self._database.single() as connection:
            return (await connection.execute(seen.values(**values, labels=labels))).rowcount == 1

    async def accepted(self) -> Sequence[ReviewItem]:
        rows = await self._all(_items().where(review_items.c.status == ReviewStatus.ACCEPTED).order_by("id"))
        return [_item(row) for row in rows]

    async def drop_stale(self, before: datetime) -> int:
        c = review_items.c
        stale = delete(review_items).where(c.status == ReviewStatus.OPEN, c.by_person == false(), c.at < before)
        async with self._database.single() as connection:
            return (await connection.execute(stale)).rowcount

    async def forget(self, customer_id: str) -> None:
        theirs = select(conversations.c.id).where(conversations.c.customer_id == customer_id)
        async with self._database.begin() as connection:
            for table in (corrections, review_sources):
                await connection.execute(delete(table).where(table.c.conversation_id.in_(theirs)))

    async def corrections(self, before: int | None, limit: int = 50) -> Page[CorrectionRead]:
        wanted = _corrections().order_by(corrections.c.id.desc()).limit(limit + 1)
        if before is not None:
            wanted = wanted.where(corrections.c.id < before)
        read = [_correction(row) for row in await self._all(wanted)]
        return Page(read[:limit], str(read[limit - 1].id) if len(read) > limit else None)

    async def corrections_since(self, since: datetime) -> Mapping[str, int]:
        c = corrections.c
        rows = await self._all(select(c.what, func.count().label("n")).where(c.at >= since).group_by(c.what))
        return {row.what: row.n for row in rows}

    async def heard(self, since: date, until: date) -> MonthHeard:
        c = heard_daily.c
        of_days = select(c.kind, c.name, c.model, func.sum(c.times).label("n")).where(c.day >= since, c.day < until)
        kinds: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        models: dict[str, int] = defaultdict(int)
        for row in await self._all(of_days.group_by(c.kind, c.name, c.model)):
            kinds[row.kind][row.name] += row.n
            if row.kind == "message":
                models[row.model] += row.n
        return MonthHeard({kind: dict(names) for kind, names in kinds.items()}, dict(models))


class SqlBatch:
    """Implements casework.ports.learning.Batch."""

    def __init__(self, connection: AsyncConnection, messages: Sequence[HeardMessage]) -> None:
        self._connection = connection
        self.messages = messages

    async def before(self, message: HeardMessage, limit: int) -> Sequence[SaidBefore]:
        c = messages.c
        told = c.author.in_((Author.CUSTOMER, Author.BOT, Author.AGENT)) & (c.status != "withheld")
        wanted = select(c.author, c.author_name, c.text).where(
            c.conversation_id == message.conversation_id, c.seq < message.seq, told
        )
        rows = (await self._connection.execute(wanted.order_by(c.seq.desc()).limit(limit))).all()
        agents = {Author.AGENT.value}
        return [SaidBefore(r.author, r.text, r.author_name if r.author in agents else "") for r in reversed(rows)]

    async def doubtful(self, most: int) -> int:
        c = review_items.c
        some = select(c.id).where(c.status == ReviewStatus.OPEN, c.by_person == false()).limit(most).subquery()
        return int(await self._connection.scalar(select(func.count()).select_from(some)) or 0)

    async def collect(self, item: NewItem, at: datetime) -> bool:
        row = (await self._connection.execute(_keep(item, at))).one()
        if item.by_person or row.times == 1:
            source = {"item_id": row.id, "conversation_id": item.conversation_id, "message_id": item.message_id}
            await self._connection.execute(insert(review_sources).values(**source).on_conflict_do_nothing())
        return bool(row.times == 1)

    async def correct(self, correction: NewCorrection, at: datetime) -> None:
        await self._connection.execute(insert(corrections).values(**asdict(correction), at=at))

    async def count(self, counts: Mapping[Daily, int]) -> None:
        if not counts:
            return
        new = insert(heard_daily).values([{**asdict(daily), "times": n} for daily, n in counts.items()])
        more = {"times": heard_daily.c.times + new.excluded.times}
        await self._connection.execute(
            new.on_conflict_do_update(index_elements=list(heard_daily.primary_key), set_=more)
        )


def _keep(item: NewItem, at: datetime) -> Any:
    """A text that is there counts once more; a person's word opens it again, unless it was accepted."""
    c = review_items.c
    new = insert(review_items).values(
        text_key=item.key,
        text=item.text,
        before=list(item.before),
        heard=item.heard,
        model=item.model,
        why=list(item.why),
        challenges=list(item.challenges),
        by_person=item.by_person,
        at=at,
    )
    more: dict[str, Any] = {"times": c.times + 1}
    if item.by_person:
        again = c.status.in_((ReviewStatus.REJECTED, ReviewStatus.SKIPPED))
        more |= {
            "by_person": True,
            "why": case((c.why.op("@>")(new.excluded.why), c.why), else_=func.array_cat(c.why, new.excluded.why)),
            "status": case((again, ReviewStatus.OPEN), else_=c.status),
            "version": c.version + case((again, 1), else_=0),
        }
    return new.on_conflict_do_update(index_elements=["text_key"], set_=more).returning(c.id, c.times)


def _heard() -> Select[Any]:
    """Understood messages with their conversation's customer."""
    return (
        select(
            messages.c.id,
            messages.c.conversation_id,
            messages.c.seq,
            messages.c.author,
            messages.c.payload,
            messages.c.text,
            messages.c.at,
            nlu_results.c.model,
            nlu_results.c.result,
            conversations.c.customer_name,
        )
        .join(nlu_results, nlu_results.c.message_id == messages.c.id)
        .join(conversations, conversations.c.id == messages.c.conversation_id)
    )


def _has_words(row: Row[Any]) -> bool:
    """A pressed button teaches nothing."""
    return row.author == Author.CUSTOMER and row.payload is None and bool(row.text.strip())


def _message(r: Row[Any]) -> HeardMessage:
    return HeardMessage(r.id, r.conversation_id, r.seq, r.text, r.at, r.model, r.result, r.customer_name)


def _items() -> Select[Any]:
    """Texts with the names of who decided on them."""
    name = func.coalesce(users.c.name, "").label("decided_name")
    return select(review_items, name).outerjoin(users, users.c.id == review_items.c.decided_by)


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    c = review_items.c
    found = [c.status == wanted.status]
    if wanted.why:
        found.append(literal(wanted.why) == any_(c.why))
    if wanted.challenge == "none":
        found.append(func.cardinality(c.challenges) == 0)
    elif wanted.challenge:
        found.append(literal(wanted.challenge) == any_(c.challenges))
    return found


def _listed(wanted: Wanted, after: str | None) -> Select[Any]:
    c = review_items.c
    rows = _items().where(*_conditions(wanted)).order_by(c.by_person.desc(), c.id.desc())
    if not after:
        return rows
    place = re.fullmatch(r"([01])-(\d{1,18})", after)
    if place is None:
        raise ValueError("This is not a page of the review.")
    return rows.where(tuple_(c.by_person, c.id) < tuple_(literal(place[1] == "1"), literal(int(place[2]))))


def _item(r: Row[Any]) -> ReviewItem:
    return ReviewItem(
        r.id,
        r.text,
        tuple(r.before),
        r.heard,
        r.model,
        tuple(r.why),
        tuple(r.challenges),
        r.by_person,
        r.times,
        ReviewStatus(r.status),
        r.version,
        r.labels,
        r.at,
        r.decided_name,
        r.decided_at,
    )


def _corrections() -> Select[Any]:
    """Corrections with who made them and the text that waits for labels."""
    item = (
        select(func.max(review_sources.c.item_id))
        .where(review_sources.c.message_id == corrections.c.message_id)
        .scalar_subquery()
    )
    return select(corrections, users.c.name.label("by"), item.label("item_id")).join(users)


def _correction(r: Row[Any]) -> CorrectionRead:
    return CorrectionRead(r.id, r.conversation_id, r.message_id, r.by, r.what, r.right, r.words, r.at, r.item_id)
