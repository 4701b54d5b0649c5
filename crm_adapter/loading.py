"""Puts a whole company into empty tables, in one COPY for each table."""

from collections.abc import Iterable
from typing import Any

from psycopg import AsyncConnection as PostgresConnection
from psycopg import sql
from sqlalchemy import Table, text
from sqlalchemy.ext.asyncio import AsyncConnection

from crm_adapter import tables
from crm_adapter.company import Company
from crm_adapter.keys import email_key, phone_key

Rows = list[dict[str, Any]]

_NUMBERED = ("order_items", "order_events", "interactions", "cases", "case_notes", "compensations", "incidents")


async def load(connection: AsyncConnection, company: Company) -> None:
    """Load within the caller's transaction; numbering goes on after the highest id."""
    raw = await connection.get_raw_connection()
    driver = raw.driver_connection
    if not isinstance(driver, PostgresConnection):
        raise TypeError("Loading speaks psycopg's COPY and nothing else.")
    for table, rows in _rows(company):
        await _copy(driver, table, rows)
    for name in _NUMBERED:
        await connection.execute(
            text(
                f"select setval(pg_get_serial_sequence('crm.{name}', 'id'), max(id)) "  # noqa: S608 - our own names
                f"from crm.{name} having count(*) > 0"
            )
        )
    await connection.execute(text("analyze"))


async def _copy(driver: "PostgresConnection[Any]", table: Table, rows: Rows) -> None:
    if not rows:
        return
    columns = sql.SQL(", ").join(map(sql.Identifier, rows[0]))
    target = sql.Identifier(tables.SCHEMA, table.name)
    async with driver.cursor().copy(sql.SQL("copy {} ({}) from stdin").format(target, columns)) as copy:
        for row in rows:
            await copy.write_row(list(row.values()))


def _rows(company: Company) -> Iterable[tuple[Table, Rows]]:
    """Parents before children."""
    yield tables.customers, [_customer(c) for c in company.customers]
    yield tables.channel_links, [_plain(link) for link in company.links]
    yield tables.orders, [_plain(order, "items", "events") for order in company.orders]
    yield (
        tables.order_items,
        [_plain(item) | {"order_id": order.id} for order in company.orders for item in order.items],
    )
    yield tables.order_events, [_plain(event) for order in company.orders for event in order.events]
    yield tables.interactions, [_plain(interaction) for interaction in company.interactions]
    yield tables.cases, [_plain(case, "notes") | {"severity": int(case.severity)} for case in company.cases]
    yield (
        tables.case_notes,
        [
            _plain(note) | {"case_id": case.id, "key": f"loaded:{number}"}
            for case in company.cases
            for number, note in enumerate(case.notes)
        ],
    )
    yield (
        tables.compensations,
        [_plain(given, "reference") | {"key": f"loaded:{given.id}"} for given in company.compensations],
    )
    yield tables.incidents, [_plain(incident) for incident in company.incidents]


def _customer(customer: Any) -> dict[str, Any]:
    keys = {"email_key": email_key(customer.email), "phone_key": phone_key(customer.phone)}
    return _plain(customer, "satisfaction") | keys


def _plain(record: Any, *without: str) -> dict[str, Any]:
    """A record's fields as a row: enum members become their words."""
    names = (name for name in record.__dataclass_fields__ if name not in without)
    values = {name: getattr(record, name) for name in names}
    return {name: str(value) if isinstance(value, str) else value for name, value in values.items()}
