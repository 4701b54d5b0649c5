"""A script's state of the company holds while it is played, and not a moment longer."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from casework.contingencies import Contingencies
from recovery.around import Around
from redress.playbook import load as load_playbook
from redress.problem import Problem
from redress.settings import CHECKOUT
from redress.simulation.company import Standing
from redress.simulation.script import Company
from store.contingencies import SqlContingencies
from store.database import Database
from store.surroundings import SqlSurroundings

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
PLAYBOOK = load_playbook(CHECKOUT / "playbook", CHECKOUT / "data" / "responses")
MONTH = next(budget for budget in PLAYBOOK.budgets if budget.id == "goodwill_of_the_month")
STRIKE = {"kind": "courier_strike", "couriers": ["Northway"]}


@pytest.fixture
def standing(engine: AsyncEngine, clean: None) -> Standing:
    database = Database(engine)
    switch = Contingencies(SqlContingencies(database), lambda: PLAYBOOK, lambda: NOW)
    return Standing(switch, SqlSurroundings(database), PLAYBOOK, lambda: NOW)


async def around(standing: Standing) -> Around:
    return await standing.surroundings.around(None, [MONTH.key(NOW)], "", NOW)


async def test_it_holds_while_it_is_open(standing: Standing) -> None:
    async with standing.of(Company.model_validate({"contingencies": [STRIKE], "left": {MONTH.id: 350}})):
        held = await around(standing)
    assert [running.kind for running in held.contingencies] == ["courier_strike"]
    assert MONTH.pence - held.spent[MONTH.key(NOW)] == 350
    after = await around(standing)
    assert (after.contingencies, after.spent[MONTH.key(NOW)]) == ((), 0)


@pytest.mark.parametrize(
    ("company", "told"),
    [
        ({"contingencies": [{"kind": "earthquake"}]}, "no contingency 'earthquake'"),
        ({"contingencies": [STRIKE], "left": {"petty_cash": 0}}, "no budget 'petty_cash'"),
    ],
)
async def test_what_the_playbook_does_not_know_is_told_and_nothing_stays(
    standing: Standing, company: dict[str, object], told: str
) -> None:
    with pytest.raises(Problem, match=told):
        async with standing.of(Company.model_validate(company)):
            pass
    assert (await around(standing)).contingencies == ()
