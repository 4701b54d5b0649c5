"""Service-level clocks as they are kept: across restarts and desks, marked once, and never unfairly."""

import asyncio
from dataclasses import fields, replace
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from recovery.business_time import Calendar, Span
from recovery.sla import ClockKind, Standing, standings
from recovery.staffing import Staffing
from store.floor.clocks import clocks_of
from store.tables import clocks
from tests.casework.floor import MINUTE, FloorUnderTest, floor_on


async def stood(floor: FloorUnderTest, conversation: str) -> dict[ClockKind, Standing]:
    handoff = (await floor.store.handoffs.of(conversation))[-1]
    async with floor.store.database.single() as connection:
        kept = (await clocks_of(connection, [handoff.id])).get(handoff.id, ())
    return dict(standings(kept, floor.at, floor.staffing.calendar))


async def rows(floor: FloorUnderTest) -> list[Any]:
    async with floor.store.database.single() as connection:
        return list(await connection.execute(select(clocks).order_by(clocks.c.kind, clocks.c.number)))


async def test_a_reply_in_time_is_met_and_the_resolution_waits_for_the_customer(floor: FloorUnderTest) -> None:
    asha, waiting = await floor.hire("Asha Verma"), await floor.waits()
    await floor.later(5, asha)
    await floor.ownership.claim(waiting, asha)
    await floor.says(asha, waiting)
    await floor.later(500, asha)
    assert await stood(floor, waiting) == {
        ClockKind.FIRST_REPLY: Standing.MET,
        ClockKind.RESOLUTION: Standing.PAUSED,
    }
    assert "sla_missed" not in await floor.alerts()


async def test_it_warns_then_marks_each_once_and_a_late_reply_stays_a_miss(floor: FloorUnderTest) -> None:
    asha, waiting = await floor.hire("Asha Verma", online=False), await floor.waits()
    await floor.later(0)
    await floor.later(8)
    assert (await stood(floor, waiting))[ClockKind.FIRST_REPLY] is Standing.WARNED
    first = next(r for r in await rows(floor) if r.kind == "first_reply")
    assert (first.warned_at is not None, first.missed_at) == (True, None)
    for _ in range(3):
        await floor.later(1)
    assert (await floor.alerts()).count("sla_missed") == 1
    await floor.ownership.claim(waiting, asha)
    await floor.says(asha, waiting)
    await floor.later(1)
    assert (await stood(floor, waiting))[ClockKind.FIRST_REPLY] is Standing.MISSED
    first = next(r for r in await rows(floor) if r.kind == "first_reply")
    assert first.missed_at - first.started_at == 10 * MINUTE


async def test_a_reply_in_time_is_no_miss_though_every_desk_was_down(floor: FloorUnderTest) -> None:
    asha, waiting = await floor.hire("Asha Verma"), await floor.waits()
    await floor.ownership.claim(waiting, asha)
    floor.at += 9 * MINUTE
    await floor.says(asha, waiting)
    restarted = floor_on(floor.store.database.engine)
    restarted.at = floor.at + 300 * MINUTE
    await restarted.floor.look()
    assert (await stood(restarted, waiting))[ClockKind.FIRST_REPLY] is Standing.MET
    assert "sla_missed" not in await floor.alerts()


async def test_a_handoff_that_ended_while_every_desk_was_down_has_its_clocks(floor: FloorUnderTest) -> None:
    asha, waiting = await floor.hire("Asha Verma"), await floor.waits()
    await floor.ownership.claim(waiting, asha)
    floor.at += 30 * MINUTE
    await floor.says(asha, waiting)
    await floor.ownership.resolve(waiting, asha, "strike")
    await floor.later(600)
    assert await stood(floor, waiting) == {
        ClockKind.FIRST_REPLY: Standing.MISSED,
        ClockKind.RESOLUTION: Standing.MET,
    }
    assert all(r.stopped_at is not None for r in await rows(floor))


async def test_two_desks_mark_once(floor: FloorUnderTest) -> None:
    for _ in range(5):
        await floor.waits()
    await floor.later(0)
    other = floor_on(floor.store.database.engine)
    other.at = floor.at = floor.at + 11 * MINUTE
    await asyncio.gather(*(f.floor.clocks.keep() for f in (floor, other, floor, other)))
    assert (await floor.alerts()).count("sla_missed") == 5


async def test_a_night_does_not_make_late(floor: FloorUnderTest) -> None:
    zone = ZoneInfo("Europe/London")
    hours = {day: (Span(time(9), time(17)),) for day in range(5)}
    floor.staffing = replace(floor.staffing, calendar=Calendar(zone, hours))
    floor.at = datetime(2026, 11, 23, 16, 55, tzinfo=zone)
    await floor.waits()
    await floor.later(60 * 16)  # 08:55 the next morning
    assert "sla_missed" not in await floor.alerts()
    await floor.later(11)
    assert "sla_missed" in await floor.alerts()


async def test_a_transfer_lets_the_clocks_go_on(floor: FloorUnderTest) -> None:
    asha, waiting = await floor.hire("Asha Verma"), await floor.waits()
    await floor.ownership.claim(waiting, asha)
    await floor.later(6, asha)
    await floor.ownership.transfer_to_team(waiting, asha, "payments", "a charge")
    await floor.later(5, asha)
    assert (await stood(floor, waiting))[ClockKind.FIRST_REPLY] is Standing.BREACHED


async def test_one_moment_is_a_first_reply_and_the_answer_stays_due(floor: FloorUnderTest) -> None:
    asha = await floor.hire("Asha Verma")
    waiting = await floor.waits()
    await floor.ownership.claim(waiting, asha)
    await floor.later(1, asha)
    await floor.ownership.send_as_agent(waiting, asha, "One moment, let me look.")
    await floor.later(1, asha)
    await floor.later(20, asha)
    assert (await floor.alerts()).count("idle") == 1


async def test_a_handoff_whose_clocks_cannot_be_worked_out_stops_nobody_elses(floor: FloorUnderTest) -> None:
    class Closed(Staffing):
        def calendar_of(self, team_id: str) -> Calendar:
            if team_id == "unheard_of":
                raise KeyError(team_id)
            return super().calendar_of(team_id)

    await floor.waits("unheard_of")
    sound = await floor.waits()
    given = {field.name: getattr(floor.staffing, field.name) for field in fields(floor.staffing)}
    await replace(floor.floor.clocks, staffing=lambda: Closed(**given)).keep()
    assert await stood(floor, sound) == {
        ClockKind.FIRST_REPLY: Standing.RUNNING,
        ClockKind.RESOLUTION: Standing.RUNNING,
    }
