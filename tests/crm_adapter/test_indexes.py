"""Every question of the adapter is answered by an index, however large a company grows."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from casework.crm import CaseChange, NewCase, NewFollowUp, NewGrant, NewInteraction
from crm_adapter.seed import seed
from crm_adapter.sql import SqlCrm
from recovery.words import ChallengeType, FollowUpKind, Remedy, Role, Severity

NOW = datetime(2025, 11, 20, 9, 30, tzinfo=UTC)


@pytest.fixture
async def without_scans(engine: AsyncEngine, clean: None, migrated_url: str) -> AsyncIterator[AsyncEngine]:
    """One connection, seeded, on which PostgreSQL reads a whole table only where it has no index to go by."""
    await seed(engine, date(2025, 11, 20))
    options = {"options": "-c enable_seqscan=off"}
    own = create_async_engine(migrated_url, pool_size=1, max_overflow=0, connect_args=options)
    yield own
    await own.dispose()


async def scans(engine: AsyncEngine) -> dict[str, int]:
    """How often each table of the CRM was read from end to end."""
    async with engine.connect() as connection:
        await connection.execute(text("select pg_stat_force_next_flush()"))
    async with engine.connect() as connection:
        found = await connection.execute(
            text("select relname, seq_scan from pg_stat_user_tables where schemaname = 'crm'")
        )
        return {str(table): int(times) for table, times in found}


async def test_no_method_reads_a_table_from_end_to_end(without_scans: AsyncEngine) -> None:
    crm = SqlCrm(without_scans)
    before = await scans(without_scans)
    for _ in range(8):  # from the sixth time on, the plan is made for any value
        await crm.customer("C001")
        await crm.find_by_email("maya.fletcher1@example.com")
        await crm.find_by_phone("07700 900001")
        await crm.find_by_channel("telegram", "1")
        await crm.find_by_order("10012")
        await crm.order("10012")
        await crm.orders("C001")
        await crm.timeline("C001")
        await crm.cases("C001")
        await crm.compensations("C001")
        await crm.history("C001")
        await crm.incidents()
        await crm.due_follow_ups(NOW)
        await crm.link_channel("C001", "telegram", "1")
        late = ChallengeType.LATE_DELIVERY
        case = await crm.open_case(NewCase("k", "C001", "v", "10012", late, Severity.MINOR, "SwiftShip", NOW))
        await crm.case(case.id)
        await crm.note_case(case.id, "bot", "text", NOW, "k")
        await crm.update_case(case.id, CaseChange(severity=Severity.MAJOR), NOW)
        await crm.grant(
            NewGrant("k", "C001", case.id, "10012", Remedy.VOUCHER, 500, NOW, "bot", Role.BOT, "late.goodwill")
        )
        follow_up = await crm.follow_up(NewFollowUp("k", case.id, "v", FollowUpKind.SURVEY, NOW))
        await crm.complete_follow_up(follow_up.id, NOW)
        await crm.add_interaction(NewInteraction("k", "C001", NOW, "web", "text", "10012"))
    await crm.close_case(case.id, "", "", NOW)
    assert await scans(without_scans) == before


async def test_a_question_without_an_index_would_be_noticed(without_scans: AsyncEngine) -> None:
    before = await scans(without_scans)
    async with without_scans.connect() as connection:
        await connection.execute(text("select count(*) from crm.orders where pence = 1"))
    assert (await scans(without_scans))["orders"] == before["orders"] + 1
