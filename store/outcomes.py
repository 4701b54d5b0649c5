"""What a turn leaves behind beside its messages: decision, steps, survey, alerts."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from casework.ports import Author, Decision, NewAlert, StepTaken, SurveyNews
from store.database import notify
from store.tables import alerts, conversations, decisions, messages, recovery_steps, surveys


async def write_decision(
    connection: AsyncConnection, conversation_id: str, message_id: str, decision: Decision, at: datetime
) -> None:
    values = {**asdict(decision), "rules": list(decision.rules)}
    new = insert(decisions).values(**values, conversation_id=conversation_id, message_id=message_id, at=at)
    await connection.execute(new)


async def write_steps(
    connection: AsyncConnection, conversation_id: str, steps: Sequence[StepTaken], at: datetime
) -> None:
    if steps:
        new = insert(recovery_steps).values(
            [{**asdict(step), "conversation_id": conversation_id, "at": at} for step in steps]
        )
        await connection.execute(new.on_conflict_do_nothing())


async def write_survey(connection: AsyncConnection, conversation_id: str, news: SurveyNews, at: datetime) -> None:
    """A case is asked once, and its first rating and first comment stand."""
    answered_at = at if news.rating is not None or news.comment is not None else None
    new = insert(surveys).values(
        **asdict(news), conversation_id=conversation_id, asked_at=at, answered_at=answered_at
    )
    first = {
        "rating": func.coalesce(surveys.c.rating, new.excluded.rating),
        "comment": func.coalesce(surveys.c.comment, new.excluded.comment),
        "answered_at": func.coalesce(surveys.c.answered_at, new.excluded.answered_at),
    }
    await connection.execute(new.on_conflict_do_update(index_elements=["case_id"], set_=first))


async def write_alerts(
    connection: AsyncConnection, conversation_id: str | None, new: Sequence[NewAlert], at: datetime
) -> None:
    if new:
        values = [{**await _alert(connection, a), "conversation_id": conversation_id, "at": at} for a in new]
        await connection.execute(insert(alerts).values(values))
        await connection.execute(select(notify("alert", conversation_id or "")))


async def _alert(connection: AsyncConnection, new: NewAlert) -> dict[str, str]:
    begun = new.outage and await _begun(connection, new.procedure)
    return {"kind": new.kind, "text": new.text, "procedure": "" if begun else new.procedure}


async def _begun(connection: AsyncConnection, procedure: str) -> bool:
    """Whether this outage's procedure has begun. Of two desks at once, the second sees what the first wrote."""
    await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(procedure, 3))))
    latest = select(alerts.c.at, alerts.c.acknowledged_at).where(alerts.c.procedure == procedure)
    row = (await connection.execute(latest.order_by(alerts.c.id.desc()).limit(1))).first()
    if row is None or row.acknowledged_at is None:
        return row is not None
    return not (await connection.execute(select(_answered_since(row.at)))).scalar_one()


def _answered_since(at: datetime) -> ColumnElement[bool]:
    """Whether the bot has answered anybody. What it says of its own accord needs no engine."""
    spoken = (conversations.c.last_message_at > at) & (messages.c.conversation_id == conversations.c.id)
    answer = (messages.c.author == Author.BOT) & messages.c.in_reply_to.is_not(None) & (messages.c.at > at)
    return exists().where(spoken, answer)
