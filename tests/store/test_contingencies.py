"""The switch of contingencies: on, longer, off; who did it and when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from casework.contingencies import Contingencies
from casework.errors import Conflict, NotFound, Refused
from casework.ports import NewContingency
from recovery.words import ChallengeType
from redress.playbook import load
from redress.settings import CHECKOUT
from store.sql_store import SqlStore

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
STRIKE = NewContingency(
    "courier_strike", "Northway is on strike.", "We use other vans.", NOON, NOON + 48 * HOUR, ("Northway",)
)
RULES = load(CHECKOUT / "playbook")


@pytest.fixture
def switch(engine: AsyncEngine, clean: None) -> Contingencies:
    return Contingencies(SqlStore(engine).contingencies, lambda: RULES, lambda: NOON)


async def running(engine: AsyncEngine, at: datetime) -> list[str]:
    return [c.text for c in (await SqlStore(engine).surroundings.around(None, [], "", at)).contingencies]


async def test_it_runs_from_its_start_until_its_horizon_for_every_process(
    switch: Contingencies, engine: AsyncEngine
) -> None:
    await switch.switch_on(STRIKE, "Vera")
    (found,) = (await SqlStore(engine).surroundings.around(None, [], "", NOON)).contingencies
    assert (found.couriers, found.ends_at) == (("Northway",), STRIKE.ends_at)
    assert ChallengeType.LATE_DELIVERY in found.challenges
    assert await running(engine, NOON - HOUR) == []
    assert await running(engine, STRIKE.ends_at) == []


async def test_switched_off_it_is_told_to_nobody_any_more(switch: Contingencies, engine: AsyncEngine) -> None:
    number = await switch.switch_on(STRIKE, "Vera")
    await switch.switch_off(number, "Sam")
    assert await running(engine, NOON) == []
    with pytest.raises(Conflict):
        await switch.switch_off(number, "Sam")


async def test_who_did_what_and_when_is_kept(switch: Contingencies) -> None:
    number = await switch.switch_on(STRIKE, "Vera")
    await switch.move_horizon(number, NOON + 3 * HOUR, "Sam")
    await switch.switch_off(number, "Kim")
    (found,) = await switch.book.latest()
    assert [(n.what, n.by) for n in found.log] == [("on", "Vera"), ("changed", "Sam"), ("off", "Kim")]
    assert {n.at for n in found.log} == {NOON}
    assert found.state(NOON) == "off"


async def test_its_state_follows_the_clock(switch: Contingencies) -> None:
    number = await switch.switch_on(replace(STRIKE, starts_at=NOON + HOUR), "Vera")
    found = await switch.book.get(number)
    states = [found.state(t) for t in (NOON, NOON + HOUR, STRIKE.ends_at)]
    assert states == ["planned", "running", "over"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"kind": "alien_landing"}, "knows no contingency"),
        ({"text": "  "}, "Write what happened"),
        ({"doing": "{wait}"}, "without braces"),
        ({"couriers": ()}, "Name at least one of"),
        ({"products": ("kettle",)}, "not about products"),
        ({"ends_at": NOON}, "end after it starts"),
        ({"ends_at": NOON + 400 * HOUR}, "at most 336 hours"),
    ],
)
async def test_what_cannot_be_is_refused_with_a_sentence(
    switch: Contingencies, change: dict[str, object], told: str
) -> None:
    with pytest.raises(Refused, match=told):
        await switch.switch_on(replace(STRIKE, **change), "Vera")  # type: ignore[arg-type]
    assert list(await switch.book.latest()) == []


async def test_what_does_not_exist_is_not_found(switch: Contingencies) -> None:
    for number in ("99", "x", "-1", "9" * 30):
        with pytest.raises(NotFound):
            await switch.switch_off(number, "Vera")
