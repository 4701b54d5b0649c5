"""Budgets in the database: drawn once, never overdrawn, given back."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from casework.ports import Overdrawn, SurveyNews
from recovery.budgets import Draw
from store.sql_store import SqlStore
from store.surroundings import SqlSurroundings

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MONTH, DAY = "month@2026-11", "bot@2026-11-22"


@pytest.fixture
def around(engine: AsyncEngine, clean: None) -> SqlSurroundings:
    return SqlStore(engine).surroundings


async def spent(around: SqlSurroundings, message_id: str = "") -> dict[str, int]:
    return dict((await around.around(None, [MONTH, DAY], message_id, NOON)).spent)


async def test_a_grant_takes_from_every_budget_once(around: SqlSurroundings) -> None:
    draws = [Draw(MONTH, 1_000, 300), Draw(DAY, 500, 300)]
    for _ in range(2):
        await around.draw("c1:voucher", draws, "m1", NOON)
    assert await spent(around) == {MONTH: 300, DAY: 300}


async def test_a_grant_that_one_budget_cannot_pay_takes_from_none(around: SqlSurroundings) -> None:
    with pytest.raises(Overdrawn):
        await around.draw("c1:voucher", [Draw(MONTH, 1_000, 600), Draw(DAY, 500, 600)], "m1", NOON)
    assert await spent(around) == {}


async def test_of_many_who_take_at_once_only_as_many_get_as_there_is_money(around: SqlSurroundings) -> None:
    takes = (around.draw(f"c{n}:voucher", [Draw(MONTH, 1_000, 300)], f"m{n}", NOON) for n in range(8))
    refused = [r for r in await asyncio.gather(*takes, return_exceptions=True) if isinstance(r, Overdrawn)]
    assert len(refused) == 5
    assert await spent(around) == {MONTH: 900}


async def test_what_this_message_took_before_a_crash_does_not_count_against_it(around: SqlSurroundings) -> None:
    await around.draw("c1:voucher", [Draw(MONTH, 1_000, 300)], "m1", NOON)
    assert await spent(around, "m1") == {MONTH: 0}
    assert await spent(around, "m2") == {MONTH: 300}


async def test_what_a_refused_grant_took_is_given_back(around: SqlSurroundings) -> None:
    await around.draw("c1:voucher", [Draw(MONTH, 1_000, 300)], "m1", NOON)
    await around.give_back("c1:voucher")
    await around.give_back("c1:voucher")
    assert await spent(around) == {MONTH: 0}


async def test_the_last_survey_of_a_customer_is_known_on_every_channel(engine: AsyncEngine, clean: None) -> None:
    store = SqlStore(engine)
    web = await store.conversations.open_for("web", "x", NOON, "c1", "Mona")
    await store.surveys.record(web.id, SurveyNews("7"), NOON)
    assert (await store.surroundings.around("c1", [], "", NOON)).surveyed_at == NOON
    assert (await store.surroundings.around("c2", [], "", NOON)).surveyed_at is None
