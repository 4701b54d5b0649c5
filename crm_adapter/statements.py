"""The questions that the adapter asks. What belongs to a row comes with it, as JSON: one question, one answer."""

from typing import Any

from sqlalchemy import BindParameter, ColumnElement, ScalarSelect, Select, bindparam, cast, func, literal, select
from sqlalchemy.dialects.postgresql import JSON, aggregate_order_by

from crm_adapter.tables import (
    case_notes,
    cases,
    channel_links,
    compensations,
    customers,
    incidents,
    interactions,
    order_events,
    order_items,
    orders,
)

AT_MOST = 50  # of each kind, in a history

Rows = Select[Any]
Id = str | BindParameter[str]
Nested = ScalarSelect[Any]


def customer(where: ColumnElement[bool]) -> Rows:
    """Customers with the mean of their ratings. Two are enough to see that a number is shared."""
    ratings = select(func.avg(interactions.c.satisfaction)).where(interactions.c.customer_id == customers.c.id)
    return select(customers, ratings.scalar_subquery().label("satisfaction")).where(where).limit(2)


def linked(channel: str, channel_user: str) -> ColumnElement[bool]:
    """The customer behind a channel's user."""
    link = select(channel_links.c.customer_id)
    link = link.where(channel_links.c.channel == channel, channel_links.c.channel_user == channel_user)
    return customers.c.id == link.scalar_subquery()


def owns(order_id: str) -> ColumnElement[bool]:
    """The customer who owns an order."""
    return customers.c.id == select(orders.c.customer_id).where(orders.c.id == order_id).scalar_subquery()


def order() -> Rows:
    """Orders with their items and events."""
    item, event = order_items.alias(), order_events.alias()
    items = select(_array(aggregate_order_by(item.table_valued(), item.c.id)))
    events = select(_array(aggregate_order_by(event.table_valued(), event.c.at, event.c.id)))
    return select(
        orders,
        items.where(item.c.order_id == orders.c.id).scalar_subquery().label("items"),
        events.where(event.c.order_id == orders.c.id).scalar_subquery().label("events"),
    )


def orders_of(customer_id: Id, limit: int) -> Rows:
    """A customer's latest orders."""
    newest = (orders.c.placed_at.desc(), orders.c.id.desc())
    return order().where(orders.c.customer_id == customer_id).order_by(*newest).limit(limit)


def interactions_of(customer_id: Id, limit: int) -> Rows:
    """A customer's latest interactions."""
    newest = (interactions.c.at.desc(), interactions.c.id.desc())
    mine = interactions.c.customer_id == customer_id
    return select(interactions).where(mine).order_by(*newest).limit(limit)


def cases_of(customer_id: Id, limit: int) -> Rows:
    """A customer's latest cases, without notes."""
    newest = (cases.c.opened_at.desc(), cases.c.id.desc())
    return select(cases).where(cases.c.customer_id == customer_id).order_by(*newest).limit(limit)


def compensations_of(customer_id: Id, limit: int) -> Rows:
    """What a customer was given last."""
    newest = (compensations.c.granted_at.desc(), compensations.c.id.desc())
    mine = (compensations.c.customer_id == customer_id) & compensations.c.revoked_at.is_(None)
    return select(compensations).where(mine).order_by(*newest).limit(limit)


def running_incidents() -> Rows:
    """What has begun and not ended, newest first."""
    newest = (incidents.c.started_at.desc(), incidents.c.id.desc())
    return select(incidents).where(incidents.c.ended_at.is_(None)).order_by(*newest)


def _case(case_id: BindParameter[int]) -> Rows:
    note = case_notes.alias()
    notes = select(_array(aggregate_order_by(note.table_valued(), note.c.at, note.c.id)))
    return select(cases, notes.where(note.c.case_id == cases.c.id).scalar_subquery().label("notes")).where(
        cases.c.id == case_id
    )


def _history(customer_id: Id) -> Rows:
    return customer(customers.c.id == customer_id).add_columns(
        _nested(orders_of(customer_id, AT_MOST)).label("orders"),
        _nested(interactions_of(customer_id, AT_MOST)).label("interactions"),
        _nested(cases_of(customer_id, AT_MOST)).label("cases"),
        _nested(compensations_of(customer_id, AT_MOST)).label("compensations"),
        _nested(running_incidents()).label("incidents"),
    )


def _nested(rows: Rows) -> Nested:
    """Rows as one JSON array, in their order."""
    inner = rows.subquery()
    return select(_array(inner.table_valued())).scalar_subquery()


def _array(rows: Any) -> ColumnElement[Any]:
    return func.coalesce(func.json_agg(rows, type_=JSON), cast(literal("[]"), JSON), type_=JSON)


# Built once: putting this statement together takes ten times as long as PostgreSQL needs to answer it.
HISTORY = _history(bindparam("customer_id"))
"""A customer with everything, in one row and one snapshot."""

ORDER = order().where(orders.c.id == bindparam("order_id"))
"""One order with its items and events."""

CASE = _case(bindparam("case_id"))
"""One case with its notes, oldest first."""
