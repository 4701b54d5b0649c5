"""What the SQL adapter does when PostgreSQL is gone, slow or empty."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from casework.crm import CaseChange, Crm, NewCase, NewFollowUp, NewGrant, NewInteraction
from casework.errors import Unavailable
from crm_adapter.company import Company
from crm_adapter.loading import load
from crm_adapter.sql import SqlCrm
from crm_adapter.tables import cases
from recovery.records import Case
from recovery.words import CaseStatus, ChallengeType, FollowUpKind, Remedy, Role, Severity

NOW = datetime(2025, 11, 20, 9, 30, tzinfo=UTC)
LATE = ChallengeType.LATE_DELIVERY
CASE = Case("101", None, None, None, LATE, Severity.MINOR, CaseStatus.OPEN, NOW)
GRANT = NewGrant("k", "C001", "101", None, Remedy.VOUCHER, 500, NOW, "bot", Role.BOT, "r")

CALLS: dict[str, Callable[[Crm], Awaitable[object]]] = {
    "customer": lambda crm: crm.customer("C001"),
    "find_by_email": lambda crm: crm.find_by_email("a@example.com"),
    "find_by_phone": lambda crm: crm.find_by_phone("07700 900123"),
    "find_by_channel": lambda crm: crm.find_by_channel("telegram", "1"),
    "link_channel": lambda crm: crm.link_channel("C001", "telegram", "1"),
    "find_by_order": lambda crm: crm.find_by_order("10001"),
    "order": lambda crm: crm.order("10001"),
    "orders": lambda crm: crm.orders("C001"),
    "timeline": lambda crm: crm.timeline("C001"),
    "cases": lambda crm: crm.cases("C001"),
    "compensations": lambda crm: crm.compensations("C001"),
    "history": lambda crm: crm.history("C001"),
    "incidents": lambda crm: crm.incidents(),
    "case": lambda crm: crm.case("101"),
    "open_case": lambda crm: crm.open_case(NewCase("k", None, "v", None, LATE, Severity.MINOR, "", NOW)),
    "note_case": lambda crm: crm.note_case("101", "bot", "text", NOW, "k"),
    "update_case": lambda crm: crm.update_case("101", CaseChange(failed=True), NOW),
    "close_case": lambda crm: crm.close_case("101", "", "", NOW),
    "grant": lambda crm: crm.grant(GRANT),
    "revoke": lambda crm: crm.revoke("1", "C001", NOW),
    "follow_up": lambda crm: crm.follow_up(NewFollowUp("k", "101", "v", FollowUpKind.SURVEY, NOW)),
    "due_follow_ups": lambda crm: crm.due_follow_ups(NOW),
    "complete_follow_up": lambda crm: crm.complete_follow_up("1", NOW),
    "add_interaction": lambda crm: crm.add_interaction(NewInteraction("k", "C001", NOW, "web", "text")),
    "ping": lambda crm: crm.ping(),
}


def test_every_method_of_the_port_is_tried_without_a_database() -> None:
    reads_no_record = {"email_key"}
    assert set(CALLS) == {name for name in vars(Crm) if not name.startswith("_")} - reads_no_record


@pytest.fixture
async def gone() -> AsyncIterator[SqlCrm]:
    """An adapter whose database has nobody listening on its port."""
    engine = create_async_engine("postgresql+psycopg://postgres@127.0.0.1:1/redress")
    yield SqlCrm(engine)
    await engine.dispose()


@pytest.mark.parametrize("method", CALLS)
async def test_a_database_that_is_gone_is_unavailable(gone: SqlCrm, method: str) -> None:
    with pytest.raises(Unavailable):
        await CALLS[method](gone)


async def test_a_database_without_our_tables_is_unavailable(new_database: Callable[[], str]) -> None:
    engine = create_async_engine(new_database())
    with pytest.raises(Unavailable):
        await SqlCrm(engine).history("C001")
    await engine.dispose()


async def test_a_connection_that_breaks_is_unavailable_once_and_then_replaced(
    engine: AsyncEngine, clean: None, migrated_url: str
) -> None:
    own = create_async_engine(migrated_url, pool_size=1, max_overflow=0)
    crm = SqlCrm(own)
    async with own.connect() as connection:
        backend = (await connection.exec_driver_sql("select pg_backend_pid()")).scalar_one()
    async with engine.connect() as connection:
        await connection.exec_driver_sql(f"select pg_terminate_backend({int(backend)}, 5000)")
    with pytest.raises(Unavailable):
        await crm.ping()
    await crm.ping()
    await own.dispose()


async def test_a_database_that_answers_too_slowly_is_unavailable_and_nothing_is_granted(
    engine: AsyncEngine, clean: None
) -> None:
    async with engine.begin() as connection:
        await load(connection, Company(cases=(CASE,)))
    async with engine.begin() as somebody_else:
        await somebody_else.execute(select(cases).with_for_update())
        with pytest.raises(Unavailable):
            await SqlCrm(engine, patience_s=0.2).grant(GRANT)
    assert await SqlCrm(engine).compensations("C001") == []
    await SqlCrm(engine).ping()
