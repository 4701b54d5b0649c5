"""Search of the conversation log by keyset, and the numbers above it."""

import base64
import binascii
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, any_, exists, func, literal, literal_column, select, tuple_

from casework.read_records import ConversationRead, FoundConversation, Overview, Search
from store.tables import conversations, handoffs, messages, surveys, users

FEW = 5000  # messages
# Written as the index `messages_by_words` is, so that PostgreSQL uses it.
_WORDS: ColumnElement[Any] = func.to_tsvector(literal_column("'english'"), messages.c.text)


def conversation_rows() -> Select[Any]:
    """Conversations with their agents' names."""
    return select(conversations, func.coalesce(users.c.name, "").label("agent_name")).outerjoin(
        users, users.c.id == conversations.c.agent_id
    )


def conversation_read(r: Row[Any]) -> ConversationRead:
    return ConversationRead(
        r.id,
        r.channel,
        r.customer_id,
        r.customer_name,
        r.owner,
        r.agent_id,
        r.agent_name,
        r.outcome,
        r.frustration,
        tuple(r.challenges),
        r.handed_over,
        r.opened_at,
        r.last_message_at,
        r.closed_at,
        r.frustration_before,
        r.frustration_after,
    )


def found(r: Row[Any]) -> FoundConversation:
    return FoundConversation(conversation_read(r), r.excerpt or "", r.next_seq - 1)


def cursor(at: datetime, conversation_id: str) -> str:
    """Where the next page starts."""
    return base64.urlsafe_b64encode(json.dumps([at.isoformat(), conversation_id]).encode()).decode()


def _read_cursor(after: str) -> tuple[datetime, str]:
    try:
        at, conversation_id = json.loads(base64.urlsafe_b64decode(after.encode()))
        return datetime.fromisoformat(at), str(conversation_id)
    except (ValueError, TypeError, binascii.Error) as wrong:
        raise ValueError("This is not a page of the log.") from wrong


def _holds(words: str) -> ColumnElement[bool]:
    return _WORDS.op("@@")(func.websearch_to_tsquery(literal_column("'english'"), words))


def few_messages(words: str) -> Select[Any]:
    """Whether few enough messages hold the words to start from them.

    Rare words are found from the index on words, common ones by walking the conversations from the latest on. Left
    to itself, PostgreSQL walks for rare words too: 8 s with 800,000 messages.
    """
    some = select(messages.c.id).where(_holds(words)).limit(FEW + 1).subquery()
    return select(func.count() <= FEW).select_from(some)


def _with_words(words: str, few: bool) -> ColumnElement[bool]:
    c = conversations.c
    if not few:
        return exists().where(messages.c.conversation_id == c.id, _holds(words))
    hits = select(messages.c.conversation_id).where(_holds(words)).distinct().cte("with_words")
    return c.id.in_(select(hits.prefix_with("materialized").c.conversation_id))


def _conditions(s: Search, few: bool) -> list[ColumnElement[bool]]:
    """What a conversation must be to be found; a chat in which nobody has written is none."""
    c = conversations.c
    asked: list[tuple[object, Callable[[], ColumnElement[bool]]]] = [
        (s.since, lambda: c.last_message_at >= s.since),
        (s.until, lambda: c.last_message_at < s.until),
        (s.channel, lambda: c.channel == s.channel),
        (s.challenge, lambda: literal(s.challenge) == any_(c.challenges)),
        (s.frustration, lambda: c.frustration >= s.frustration),
        (s.owner, lambda: c.owner == s.owner),
        (s.agent_id, lambda: c.agent_id == s.agent_id),
        (s.outcome, lambda: c.outcome.is_(None) if s.outcome == "none" else c.outcome == s.outcome),
        (s.words, lambda: _with_words(s.words, few)),
    ]
    return [c.next_seq > 1, *(condition() for wanted, condition in asked if wanted)]


def page(s: Search, after: str | None, limit: int, few: bool) -> Select[Any]:
    """One page of conversations, each with a message to recognise it by."""
    rows = conversation_rows().where(*_conditions(s, few))
    if after:
        rows = rows.where(tuple_(conversations.c.last_message_at, conversations.c.id) < _read_cursor(after))
    rows = rows.order_by(conversations.c.last_message_at.desc(), conversations.c.id.desc()).limit(limit)
    hits = rows.subquery("hits")
    told = messages.c.conversation_id == hits.c.id
    excerpt = select(messages.c.text).where(told, _holds(s.words) if s.words else messages.c.author == "customer")
    first = excerpt.order_by(messages.c.seq).limit(1).scalar_subquery()
    return select(hits, first.label("excerpt")).order_by(hits.c.last_message_at.desc(), hits.c.id.desc())


def count(s: Search, most: int, few: bool) -> Select[Any]:
    """The number of hits, at most `most` + 1, so that a long log costs no more than a short one."""
    some = select(conversations.c.id).where(*_conditions(s, few)).limit(most + 1).subquery()
    return select(func.count()).select_from(some)


def overview(since: datetime) -> Select[Any]:
    """Conversations opened, ratings given and handoffs queued since a time."""
    c, h, s = conversations.c, handoffs.c, surveys.c
    opened = (c.last_message_at >= since, c.opened_at >= since, c.next_seq > 1)
    rated = (s.answered_at >= since, s.rating.is_not(None))
    claimed = (h.queued_at >= since, h.claimed_at.is_not(None))
    wait = func.percentile_cont(0.5).within_group(func.extract("epoch", h.claimed_at - h.queued_at))
    return select(
        select(func.count()).where(*opened).scalar_subquery().label("conversations"),
        select(func.count()).where(*opened, c.handed_over).scalar_subquery().label("handed_over"),
        select(func.count()).where(*rated, s.rating >= 4).scalar_subquery().label("satisfied"),
        select(func.count()).where(*rated).scalar_subquery().label("rated"),
        select(wait).where(*claimed).scalar_subquery().label("median_wait"),
        select(func.count()).where(*claimed).scalar_subquery().label("claimed"),
    )


def overview_read(r: Row[Any]) -> Overview:
    wait = timedelta(seconds=float(r.median_wait)) if r.median_wait is not None else None
    return Overview(r.conversations, r.handed_over, r.satisfied, r.rated, wait, r.claimed)
