"""A copy has the original's history, and what a script adds to it, under numbers of its own."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from casework.crm import NewFollowUp
from crm_adapter.copies import bring_forward, copy_customer
from crm_adapter.seed import seed
from crm_adapter.sql import SqlCrm
from recovery.words import FollowUpKind, Remedy, Tier
from redress.simulation.past import otherwise
from redress.simulation.script import Script, load

NOW = datetime.now(UTC)
MAYA = "maya.fletcher1@example.com"
OTHERWISE = """
name: x
customer: maya.fletcher1@example.com
but:
  tier: gold
  support_need: please ring twice
  past:
    - {challenge: damaged_item, order: 10011, days_ago: 200, given: [{remedy: voucher, pence: 5650}], failed: true}
  events: [{order: 10012, kind: delivery_attempted, cause: wrong_address, days_ago: 1}]
turns: [{say: hello}]
"""


@pytest.fixture(scope="module")
async def company(new_database: Any) -> AsyncIterator[AsyncEngine]:
    from store.migrate import upgrade

    url = new_database()
    upgrade(url)
    engine = create_async_engine(url)
    await seed(engine, NOW.date())
    yield engine
    await engine.dispose()


@pytest.fixture
def script(tmp_path: Path) -> Script:
    path = tmp_path / "x.yml"
    path.write_text(OTHERWISE)
    return load(path)


async def test_a_copy_may_differ_in_tier_support_need_past_and_events(company: AsyncEngine, script: Script) -> None:
    other = otherwise(script)
    made = await copy_customer(
        company, MAYA, tier=other.tier, support_need=other.support_need, past=other.past, events=other.events
    )
    history = await SqlCrm(company).history(made.customer.id)
    original = await SqlCrm(company).history((await SqlCrm(company).find_by_email(MAYA)).id)  # type: ignore[union-attr]
    assert (history.customer.tier, history.customer.vulnerable) == (Tier.GOLD, True)
    assert len(history.cases) == len(original.cases) + 1
    (case,) = (c for c in history.cases if c.failed)
    assert case.order_id == made.names["10011"]
    (given,) = (c for c in history.compensations if c.case_id == case.id)
    assert (given.remedy, given.pence) == (Remedy.VOUCHER, 5650)
    assert timedelta(days=199) < NOW - given.granted_at < timedelta(days=201)
    kettle = history.order(made.names["10012"])
    assert kettle is not None
    assert kettle.events[-1].cause == "wrong_address"


async def test_a_plain_copy_differs_in_nothing_but_its_numbers(company: AsyncEngine) -> None:
    made = await copy_customer(company, MAYA)
    history = await SqlCrm(company).history(made.customer.id)
    assert history.customer.tier is Tier.STANDARD
    assert not history.customer.vulnerable
    assert not any(c.failed for c in history.cases)


async def test_the_day_of_a_follow_up_comes_for_one_conversation_only(company: AsyncEngine) -> None:
    crm = SqlCrm(company)
    made = await copy_customer(company, MAYA)
    case = (await crm.history(made.customer.id)).cases[0]
    for conversation in ("k1", "k2"):
        later = NOW + timedelta(days=3)
        await crm.follow_up(NewFollowUp(f"f:{conversation}", case.id, conversation, FollowUpKind.CHECK_BACK, later))
    assert await bring_forward(company, "k1", FollowUpKind.SURVEY, NOW) == 0
    assert await bring_forward(company, "k1", FollowUpKind.CHECK_BACK, NOW) == 1
    due = await crm.due_follow_ups(NOW, 10)
    assert [each.conversation_id for each in due] == ["k1"]
