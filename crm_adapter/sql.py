"""The CRM in PostgreSQL: the demo company's, or any that keeps its records in these tables."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from casework.crm import CaseChange, NewCase, NewFollowUp, NewGrant, NewInteraction
from casework.errors import NotFound, Refused
from crm_adapter import rows, statements, writing
from crm_adapter.failures import in_our_words
from crm_adapter.keys import email_key, number, phone_key
from crm_adapter.tables import customers, follow_ups
from recovery.records import Case, Compensation, Customer, FollowUp, History, Incident, Interaction, Order


class SqlCrm:
    """Implements casework.crm.Crm. An answer that takes longer than `patience_s` counts as none."""

    def __init__(self, engine: AsyncEngine, patience_s: float = 5.0) -> None:
        self._engine = engine
        # A read is one statement, so it needs no transaction around it, and no round trips for one.
        self._reader = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._patience_s = patience_s

    async def customer(self, customer_id: str) -> Customer:
        found = await self._customer(customers.c.id == customer_id)
        return _present(found, "customer", customer_id)

    async def find_by_email(self, email: str) -> Customer | None:
        return await self._customer(customers.c.email_key == email_key(email))

    def email_key(self, email: str) -> str:
        return email_key(email)

    async def find_by_phone(self, phone: str) -> Customer | None:
        return await self._customer(customers.c.phone_key == phone_key(phone))

    async def find_by_channel(self, channel: str, channel_user: str) -> Customer | None:
        return await self._customer(statements.linked(channel, channel_user))

    async def link_channel(self, customer_id: str, channel: str, channel_user: str) -> None:
        async with self._writes() as connection:
            await writing.link_channel(connection, customer_id, channel, channel_user)

    async def find_by_order(self, order_id: str) -> Customer | None:
        return await self._customer(statements.owns(order_id))

    async def order(self, order_id: str) -> Order:
        found = await self._read(statements.ORDER, order_id=order_id)
        return _present(next((rows.order(r._mapping) for r in found), None), "order", order_id)

    async def orders(self, customer_id: str, limit: int = 10) -> Sequence[Order]:
        found = await self._read(statements.orders_of(customer_id, limit))
        return [rows.order(r._mapping) for r in found]

    async def timeline(self, customer_id: str, limit: int = 50) -> Sequence[Interaction]:
        found = await self._read(statements.interactions_of(customer_id, limit))
        return [rows.interaction(r._mapping) for r in found]

    async def cases(self, customer_id: str, limit: int = 50) -> Sequence[Case]:
        return [rows.case(r._mapping) for r in await self._read(statements.cases_of(customer_id, limit))]

    async def compensations(self, customer_id: str, limit: int = 50) -> Sequence[Compensation]:
        found = await self._read(statements.compensations_of(customer_id, limit))
        return [rows.compensation(r._mapping) for r in found]

    async def history(self, customer_id: str) -> History:
        found = await self._read(statements.HISTORY, customer_id=customer_id)
        row = _present(found[0]._mapping if found else None, "customer", customer_id)
        return History(
            customer=rows.customer(row),
            orders=tuple(map(rows.order, row["orders"])),
            interactions=tuple(map(rows.interaction, row["interactions"])),
            cases=tuple(map(rows.case, row["cases"])),
            compensations=tuple(map(rows.compensation, row["compensations"])),
            incidents=tuple(map(rows.incident, row["incidents"])),
        )

    async def incidents(self) -> Sequence[Incident]:
        return [rows.incident(r._mapping) for r in await self._read(statements.running_incidents())]

    async def case(self, case_id: str) -> Case:
        found = await self._read(statements.CASE, case_id=number(case_id))
        return _present(next((rows.case(r._mapping) for r in found), None), "case", case_id)

    async def open_case(self, new: NewCase) -> Case:
        async with self._writes() as connection:
            return await writing.open_case(connection, new)

    async def note_case(self, case_id: str, by: str, text: str, at: datetime, key: str) -> None:
        async with self._writes() as connection:
            await writing.note_case(connection, case_id, by, text, at, key)

    async def update_case(self, case_id: str, change: CaseChange, at: datetime) -> Case:
        async with self._writes() as connection:
            return await writing.update_case(connection, case_id, change, at)

    async def close_case(self, case_id: str, outcome: str, root_cause: str, at: datetime) -> Case:
        async with self._writes() as connection:
            return await writing.close_case(connection, case_id, outcome, root_cause, at)

    async def grant(self, new: NewGrant) -> Compensation:
        async with self._writes() as connection:
            return await writing.grant(connection, new)

    async def revoke(self, compensation_id: str, customer_id: str, at: datetime) -> Compensation:
        async with self._writes() as connection:
            return await writing.revoke(connection, compensation_id, customer_id, at)

    async def follow_up(self, new: NewFollowUp) -> FollowUp:
        async with self._writes() as connection:
            return await writing.follow_up(connection, new)

    async def due_follow_ups(self, now: datetime, limit: int = 20) -> Sequence[FollowUp]:
        to_do = select(follow_ups).where(follow_ups.c.done_at.is_(None), follow_ups.c.due_at <= now)
        found = await self._read(to_do.order_by(follow_ups.c.due_at, follow_ups.c.id).limit(limit))
        return [rows.follow_up(r._mapping) for r in found]

    async def complete_follow_up(self, follow_up_id: str, at: datetime) -> bool:
        async with self._writes() as connection:
            return await writing.complete_follow_up(connection, follow_up_id, at)

    async def add_interaction(self, new: NewInteraction) -> Interaction:
        async with self._writes() as connection:
            return await writing.add_interaction(connection, new)

    async def ping(self) -> None:
        await self._read(select(text("1")))

    async def _customer(self, where: ColumnElement[bool]) -> Customer | None:
        """The one customer: two who share a number are nobody in particular."""
        found = await self._read(statements.customer(where))
        return rows.customer(found[0]._mapping) if len(found) == 1 else None

    async def _read(self, statement: Select[Any], **values: str | int | None) -> Sequence[Row[Any]]:
        try:
            async with in_our_words(), asyncio.timeout(self._patience_s), self._reader.connect() as connection:
                found: Sequence[Row[Any]] = (await connection.execute(statement, values)).all()
                return found
        except Refused:  # what cannot be stored cannot be found
            return []

    @asynccontextmanager
    async def _writes(self) -> AsyncIterator[AsyncConnection]:
        async with in_our_words(), asyncio.timeout(self._patience_s), self._engine.begin() as connection:
            yield connection


def _present[T](found: T | None, what: str, record_id: str) -> T:
    if found is None:
        raise NotFound(f"There is no {what} {record_id}.")
    return found
