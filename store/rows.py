"""Rows as the ports' records."""

from dataclasses import fields
from typing import Any

from sqlalchemy import Row, Select, select

from casework.ports import Author, Button, Conversation, Handoff, Json, Message, Owner, Status
from store.tables import conversations, messages, users


def conversations_with_agents() -> Select[Any]:
    """Every conversation with the name of the agent who owns it."""
    return select(conversations, users.c.name.label("agent_name")).select_from(
        conversations.outerjoin(users, users.c.id == conversations.c.agent_id)
    )


def conversation(row: Row[Any]) -> Conversation:
    return Conversation(
        id=row.id,
        channel=row.channel,
        channel_user=row.channel_user,
        customer_id=row.customer_id,
        customer_name=row.customer_name,
        owner=Owner(row.owner),
        agent_id=row.agent_id,
        agent_name=row.agent_name,
        owner_version=row.owner_version,
        opened_at=row.opened_at,
        last_message_at=row.last_message_at,
        closed_at=row.closed_at,
        outcome=row.outcome,
        frustration=row.frustration,
        challenges=tuple(row.challenges),
        handed_over=row.handed_over,
        last_seq=row.next_seq - 1,
    )


def message(row: Row[Any]) -> Message:
    return Message(
        id=row.id,
        conversation_id=row.conversation_id,
        seq=row.seq,
        author=Author(row.author),
        author_name=row.author_name,
        text=row.text,
        status=Status(row.status),
        at=row.at,
        buttons=buttons(row.buttons),
        payload=row.payload,
        channel_message_id=row.channel_message_id,
        in_reply_to=row.in_reply_to,
        attempts=row.attempts,
        meta=row.meta,
    )


def buttons(kept: list[Json]) -> tuple[Button, ...]:
    return tuple(Button(b["title"], b["payload"]) for b in kept)


def handoff(row: Row[Any]) -> Handoff:
    values = {f.name: getattr(row, f.name) for f in fields(Handoff)}
    return Handoff(**{**values, "rules": tuple(row.rules)})


MESSAGE_COLUMNS = tuple(messages.c[name] for name in messages.c.keys() if name != "done_at")  # noqa: SIM118 - columns, not a dict
