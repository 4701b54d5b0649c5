"""A throw-away copy of a customer, so that a scripted conversation starts from the same history every time."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, Text, cast, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from casework.errors import NotFound
from crm_adapter import tables
from crm_adapter.keys import email_key
from crm_adapter.sql import SqlCrm
from recovery.records import Case, Compensation, Customer, OrderEvent
from recovery.words import FollowUpKind, Tier

_LOCK = 7_237_003  # two copies at once must not take the same order numbers
_CASE = ("challenge", "status", "opened_at", "closed_at", "outcome", "failed")
_COMPENSATION = ("remedy", "pence", "granted_at", "granted_by", "role", "rule")
_EVENT = ("kind", "at", "cause", "detail")
type Ids = dict[Any, Any]
type Past = Sequence[tuple[Case, Sequence[Compensation]]]


@dataclass(frozen=True, slots=True)
class Copy:
    """The copied customer, and what the original's order numbers and address became."""

    customer: Customer
    names: dict[str, str]


async def copy_customer(
    engine: AsyncEngine,
    email: str,
    *,
    tier: Tier | None = None,
    support_need: str = "",
    past: Past = (),
    events: Sequence[OrderEvent] = (),
) -> Copy:
    """Copy a customer with orders, interactions, cases and compensation, under new ids. Raises NotFound.

    The copy may be of another tier, have a support need, and more of a past than the original. Orders are named by
    the original's numbers; all other ids are the copy's own to give.
    """
    original = await SqlCrm(engine).find_by_email(email)
    if original is None:
        raise NotFound(f"No customer has the e-mail address {email}.")
    suffix = secrets.token_hex(4)
    address = original.email.replace("@", f"+{suffix}@")
    new_id = f"{original.id}-{suffix}"
    async with engine.begin() as connection:
        changes: dict[str, Any] = {"id": new_id, "email": address, "email_key": email_key(address)}
        changes |= {"tier": tier.value} if tier else {}
        changes |= {"vulnerable": True, "vulnerability_note": support_need} if support_need else {}
        await _copy(connection, tables.customers, tables.customers.c.id == original.id, changes)
        orders = await _copy_history(connection, original.id, new_id)
        for case, given in past:
            await _add_past(connection, new_id, case, given, orders)
        for event in events:
            happened = {name: getattr(event, name) for name in _EVENT}
            await connection.execute(
                insert(tables.order_events).values({**happened, "order_id": orders[event.order_id]})
            )
    copied = await SqlCrm(engine).customer(new_id)
    return Copy(copied, {**orders, original.email: address})


async def bring_forward(engine: AsyncEngine, conversation_id: str, kind: FollowUpKind, at: datetime) -> int:
    """Let the day of a conversation's follow-ups come; returns how many it was."""
    table = tables.follow_ups
    waiting = (table.c.conversation_id == conversation_id) & (table.c.kind == kind.value) & table.c.done_at.is_(None)
    async with engine.begin() as connection:
        return (await connection.execute(update(table).where(waiting).values(due_at=at))).rowcount


async def _add_past(
    connection: AsyncConnection, customer_id: str, case: Case, given: Sequence[Compensation], orders: Ids
) -> None:
    """One more case of the customer's past, with what was given for it."""
    order_id = orders.get(case.order_id, case.order_id)
    hung = {"customer_id": customer_id, "order_id": order_id}
    values = {**{name: getattr(case, name) for name in _CASE}, **hung, "severity": int(case.severity)}
    made = insert(tables.cases).values(values).returning(tables.cases.c.id)
    case_id = (await connection.execute(made)).scalar_one()
    for each in given:
        row = {name: getattr(each, name) for name in _COMPENSATION}
        keyed = {"case_id": case_id, "key": f"past:{secrets.token_hex(12)}"}
        await connection.execute(insert(tables.compensations).values({**row, **hung, **keyed}))


async def _copy_history(connection: AsyncConnection, old_id: str, new_id: str) -> Ids:
    """Everything that hangs on a customer; returns the new order numbers by the old."""
    customer = {"customer_id": {old_id: new_id}}
    of_customer = _belongs(tables.orders, "customer_id", [old_id])
    orders = await _copy_orders(connection, of_customer, new_id)
    hung = {**customer, "order_id": orders}
    for table in (tables.order_items, tables.order_events):
        await _copy(connection, table, _belongs(table, "order_id", orders), {}, {"order_id": orders})
    await _copy(connection, tables.interactions, _belongs(tables.interactions, "customer_id", [old_id]), {}, hung)
    cases = await _copy(connection, tables.cases, _belongs(tables.cases, "customer_id", [old_id]), {}, hung)
    of_case = {**hung, "case_id": cases}
    for table in (tables.case_notes, tables.compensations):
        await _copy(connection, table, _belongs(table, "case_id", cases), {}, of_case)
    return orders


async def _copy_orders(connection: AsyncConnection, which: Any, new_customer: str) -> Ids:
    found = (await connection.execute(select(tables.orders).where(which).order_by(tables.orders.c.id))).all()
    numbers = await _free_numbers(connection, len(found))
    for row, number in zip(found, numbers, strict=True):
        values = {**row._mapping, "id": number, "customer_id": new_customer}
        await connection.execute(insert(tables.orders).values(values))
    return {row.id: number for row, number in zip(found, numbers, strict=True)}


async def _free_numbers(connection: AsyncConnection, how_many: int) -> Sequence[str]:
    """Order numbers that nobody has, in the company's own format."""
    await connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    number = func.generate_series(20_000, 99_999).column_valued("number")
    taken = select(tables.orders.c.id).where(tables.orders.c.id == cast(number, Text))
    free = select(cast(number, Text)).where(~taken.exists()).order_by(func.random()).limit(how_many)
    return (await connection.execute(free)).scalars().all()


def _belongs(table: Table, column: str, ids: Any) -> Any:
    return table.c[column].in_(list(ids))


async def _copy(
    connection: AsyncConnection, table: Table, which: Any, changes: dict[str, Any], ids: dict[str, Ids] | None = None
) -> Ids:
    """Copy some rows of a table; returns the new ids by the old. Idempotency keys are made anew."""
    new: Ids = {}
    for row in (await connection.execute(select(table).where(which).order_by(table.c.id))).all():
        values = _renewed(row, table, changes, ids or {})
        new[row.id] = (await connection.execute(insert(table).values(values).returning(table.c.id))).scalar_one()
    return new


def _renewed(row: Row[Any], table: Table, changes: dict[str, Any], ids: dict[str, Ids]) -> dict[str, Any]:
    values = {name: value for name, value in row._mapping.items() if name != "id"}
    for name, mapping in ids.items():
        if name in values:
            values[name] = mapping.get(values[name], values[name])
    if "key" in table.c and values["key"] is not None:
        values["key"] = f"copy:{secrets.token_hex(12)}"
    return {**values, **changes}
