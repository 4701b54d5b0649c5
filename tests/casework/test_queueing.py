"""The queue: its order and why, whom it is offered to, and what happens when nobody comes."""

import asyncio
from dataclasses import replace
from datetime import time, timedelta

import pytest

from casework.errors import Conflict, Refused
from casework.ports import Owner
from recovery.business_time import Span
from recovery.owners import Move
from tests.casework.floor import MINUTE, FloorUnderTest, floor_on

CRITICAL = {"problems": [{"severity": "critical"}]}


async def test_the_order_says_its_reasons_with_points(floor: FloorUnderTest) -> None:
    calm = await floor.waits()
    worse = await floor.waits(frustration=3, tier="gold", vulnerable=True, **CRITICAL)
    await floor.later(0)
    assert await floor.queue() == [worse, calm]
    handoff = (await floor.store.handoffs.queue())[0]
    told = {p["name"]: p["why"] for p in handoff.score_parts}
    assert told == {
        "severity": "severity critical",
        "rule": "priority 3 rule",
        "frustration": "furious",
        "vulnerable": "support need",
        "tier": "gold customer",
    }
    assert handoff.score == sum(p["points"] for p in handoff.score_parts)


async def test_who_waits_long_moves_up_and_so_does_the_place_that_the_customer_sees(floor: FloorUnderTest) -> None:
    first = await floor.waits(priority=4)
    await floor.later(25)
    second = await floor.waits(priority=3)
    await floor.later(0)
    assert await floor.queue() == [first, second]
    assert await floor.ports.queue.place_of(second, None) == 2
    assert await floor.ports.queue.place_of(second, frozenset({"payments"})) == 1


async def test_the_next_conversation_is_offered_to_one_person_who_accepts(floor: FloorUnderTest) -> None:
    asha, ben = await floor.hire("Asha Verma"), await floor.hire("Ben Archer")
    await floor.ownership.claim(await floor.waits(), ben)
    waiting = await floor.waits()
    await floor.later(0)
    assert (await floor.offered_to(asha), await floor.offered_to(ben)) == (waiting, None)
    offer = await floor.ports.queue.offer_to(asha.id)
    assert offer is not None
    taken = await floor.floor.queueing.accept(asha, offer.id)
    assert taken.agent_id == asha.id
    log = await floor.store.ownership.transitions(waiting)
    assert [(t.move, t.by, t.agent) for t in log][-1] == (Move.ACCEPTED, "Asha Verma", "Asha Verma")
    assert await floor.told(waiting) == ["utter_agent_joined Asha"]


async def test_an_offer_that_lapses_or_is_declined_goes_to_the_next_person_and_not_back(
    floor: FloorUnderTest,
) -> None:
    asha, ben = await floor.hire("Asha Verma"), await floor.hire("Ben Archer")
    waiting = await floor.waits()
    await floor.later(0)
    asked, other = (asha, ben) if await floor.offered_to(asha) else (ben, asha)
    await floor.later(1, asha, ben)
    assert (await floor.offered_to(asked), await floor.offered_to(other)) == (None, waiting)
    offer = await floor.ports.queue.offer_to(other.id)
    assert offer is not None
    await floor.floor.queueing.decline(other, offer.id)
    await floor.later(0)
    assert (await floor.offered_to(asked), await floor.offered_to(other)) == (None, None)
    assert (await floor.conversation(waiting)).owner is Owner.QUEUE


async def test_who_accepts_too_late_is_told(floor: FloorUnderTest) -> None:
    asha, ben = await floor.hire("Asha Verma"), await floor.hire("Ben Archer", online=False)
    waiting = await floor.waits()
    await floor.later(0)
    offer = await floor.ports.queue.offer_to(asha.id)
    assert offer is not None
    await floor.ownership.claim(waiting, ben)
    with pytest.raises(Conflict, match="Ben Archer has already taken"):
        await floor.floor.queueing.accept(asha, offer.id)
    await floor.later(0)
    with pytest.raises(Conflict, match="passed on"):
        await floor.floor.queueing.accept(asha, offer.id)


async def test_nobody_is_asked_beyond_their_capacity_nor_while_busy_away_or_gone(floor: FloorUnderTest) -> None:
    floor.staffing = replace(floor.staffing, capacity=dict.fromkeys(floor.staffing.capacity, 1))
    asha = await floor.hire("Asha Verma")
    await floor.ownership.claim(await floor.waits(), asha)
    await floor.waits()
    await floor.later(0)
    assert await floor.offered_to(asha) is None
    ben = await floor.hire("Ben Archer")
    for presence in ("busy", "away"):
        await floor.floor.attendance.choose(ben.id, presence)
        await floor.later(0)
        assert await floor.offered_to(ben) is None
    await floor.floor.attendance.choose(ben.id, "online")
    floor.at += floor.staffing.gone_after + timedelta(seconds=1)
    await floor.floor.look()
    assert await floor.offered_to(ben) is None
    await floor.later(0, ben)
    assert await floor.offered_to(ben) is not None


async def test_who_has_their_hands_full_by_now_cannot_accept_and_it_is_offered_to_the_next(
    floor: FloorUnderTest,
) -> None:
    floor.staffing = replace(floor.staffing, capacity=dict.fromkeys(floor.staffing.capacity, 1))
    asha = await floor.hire("Asha Verma")
    waiting, other = await floor.waits(priority=1), await floor.waits()
    await floor.later(0)
    offer = await floor.ports.queue.offer_to(asha.id)
    assert offer is not None
    assert offer.conversation_id == waiting
    await floor.ownership.claim(other, asha)  # of her own accord, while the offer stood
    with pytest.raises(Conflict, match="as many conversations as one person takes"):
        await floor.floor.queueing.accept(asha, offer.id)
    assert (await floor.conversation(waiting)).owner is Owner.QUEUE
    ben = await floor.hire("Ben Archer")
    await floor.later(0)
    assert (await floor.offered_to(asha), await floor.offered_to(ben)) == (None, waiting)
    await floor.floor.queueing.decline(ben, (await floor.ports.queue.offer_to(ben.id)).id)  # type: ignore[union-attr]
    await floor.ownership.return_to_bot(other, asha)
    await floor.later(0)
    assert await floor.offered_to(asha) == waiting  # she never declined it


async def test_an_offer_counts_what_somebody_has_in_hand_at_that_moment(floor: FloorUnderTest) -> None:
    asha = await floor.hire("Asha Verma", online=False)
    seen_before = await floor.floor.attendance.people()
    await floor.ownership.claim(await floor.waits(), asha)
    await floor.waits()
    await floor.later(0)
    (handoff,) = await floor.store.handoffs.queue()
    until = floor.at + floor.staffing.accept_within
    assert seen_before[0].in_hand == 0
    assert not await floor.ports.queue.offer(handoff.id, replace(seen_before[0], capacity=1), floor.at, until)
    assert await floor.ports.queue.offer(handoff.id, replace(seen_before[0], capacity=2), floor.at, until)


async def test_a_team_and_its_tier_are_kept_to(floor: FloorUnderTest) -> None:
    asha = await floor.hire("Asha Verma", "agent", "security")
    payer = await floor.hire("Ben Archer", "specialist", "payments")
    await floor.waits("security")
    await floor.later(0)
    assert (await floor.offered_to(asha), await floor.offered_to(payer)) == (None, None)
    expert = await floor.hire("Cleo Marsh", "specialist", "security")
    await floor.later(0)
    assert await floor.offered_to(expert) is not None


async def test_what_nobody_claims_goes_to_the_next_tier_with_an_alert_once(floor: FloorUnderTest) -> None:
    senior = await floor.hire("Sol Reyes", "senior", "payments")
    waiting = await floor.waits()
    await floor.later(0)
    other_desk = floor_on(floor.store.database.engine)
    other_desk.at = floor.at = floor.at + 11 * MINUTE
    await asyncio.gather(floor.floor.look(), other_desk.floor.look())
    handoff = await floor.store.handoffs.open_one(waiting)
    assert handoff is not None
    assert handoff.tier == "specialist"
    assert (await floor.alerts()).count("unclaimed") == 1
    log = await floor.store.ownership.transitions(waiting)
    assert [(t.move, t.was, t.became) for t in log][-1] == (Move.ESCALATED, "queued", "queued")
    assert await floor.offered_to(senior) is None


async def test_at_the_top_those_who_did_not_come_are_asked_again_and_the_alert_that_stands_is_not_doubled(
    floor: FloorUnderTest,
) -> None:
    boss = await floor.hire("Ines Duarte", "supervisor")
    waiting = await floor.waits()
    for _ in range(3):
        await floor.later(11)
    await floor.later(1)  # she let the offer lapse
    assert await floor.offered_to(boss) is None
    for _ in range(2):
        await floor.later(11, boss)
        await floor.later(0, boss)
        assert await floor.offered_to(boss) == waiting
        await floor.later(1, boss)
    texts = [a.text for a in await floor.store.alerts.open_ones() if a.kind == "unclaimed"]
    assert len(texts) == len(set(texts)) == 4
    assert "asked again" in texts[0]


async def test_after_a_transfer_whoever_passed_it_on_is_not_asked_and_those_asked_before_are(
    floor: FloorUnderTest,
) -> None:
    asha, ben = await floor.hire("Asha Verma"), await floor.hire("Ben Archer")
    waiting = await floor.waits()
    await floor.later(0)
    asked, other = (asha, ben) if await floor.offered_to(asha) else (ben, asha)
    await floor.later(1, asha, ben)  # the first lets it lapse, and the second is asked
    offer = await floor.ports.queue.offer_to(other.id)
    assert offer is not None
    await floor.floor.queueing.accept(other, offer.id)
    await floor.ownership.transfer_to_team(waiting, other, "payments", "about a payment")
    await floor.later(0, asha, ben)
    assert (await floor.offered_to(asked), await floor.offered_to(other)) == (waiting, None)


async def test_what_needs_a_higher_tier_is_theirs_while_one_of_them_is_there(floor: FloorUnderTest) -> None:
    asha, cleo = await floor.hire("Asha Verma"), await floor.hire("Cleo Marsh", "specialist")
    waiting, danger = await floor.waits("security"), await floor.waits("security", procedures=["data_leak"])
    with pytest.raises(Refused, match="needs a specialist or above, and one is online"):
        await floor.floor.queueing.claim(asha, waiting)
    assert (await floor.floor.queueing.claim(asha, danger)).agent_id == asha.id
    await floor.floor.attendance.choose(cleo.id, "away")
    assert (await floor.floor.queueing.claim(asha, waiting)).agent_id == asha.id


async def test_a_packet_that_cannot_be_read_keeps_nobody_else_from_their_place_or_offer(
    floor: FloorUnderTest,
) -> None:
    asha = await floor.hire("Asha Verma")
    broken, sound = await floor.waits(problems=["not a problem"]), await floor.waits(priority=1)
    await floor.later(0)
    assert await floor.queue() == [sound, broken]
    assert await floor.offered_to(asha) == sound


async def test_after_an_outage_nobody_is_gone_who_could_not_be_heard(floor: FloorUnderTest) -> None:
    asha = await floor.hire("Asha Verma")
    waiting = await floor.waits()
    await floor.ownership.claim(waiting, asha)
    await floor.writes(waiting)
    restarted = floor_on(floor.store.database.engine)
    restarted.at = floor.at + 16 * MINUTE
    restarted.floor.queueing.looking_after.hears_again()
    await restarted.later(0)
    assert (await restarted.conversation(waiting)).agent_id == asha.id
    await restarted.later(2, asha)
    assert await restarted.told(waiting) == ["utter_agent_joined Asha"]
    await restarted.later(2)
    assert await restarted.told(waiting) == ["utter_agent_joined Asha", "utter_agent_away Asha"]


async def test_who_is_left_waiting_at_closing_time_hears_when_it_goes_on(floor: FloorUnderTest) -> None:
    hours = dict.fromkeys(range(7), (Span(time(8), time(10, 10)),))
    floor.staffing = replace(floor.staffing, calendar=replace(floor.staffing.calendar, hours=hours))
    asha = await floor.hire("Asha Verma")
    waiting = await floor.waits()
    await floor.ownership.claim(waiting, asha)
    await floor.floor.attendance.choose(asha.id, "away")
    await floor.later(1)
    await floor.writes(waiting)
    await floor.later(70)
    await floor.later(5)
    assert await floor.told(waiting) == [
        "utter_agent_joined Asha",
        "utter_agent_away Asha",
        "utter_agent_away_closed Asha tomorrow at 08:00",
    ]


async def test_while_the_team_is_closed_nothing_escalates(floor: FloorUnderTest) -> None:
    floor.staffing = replace(floor.staffing, calendar=replace(floor.staffing.calendar, hours={}))
    await floor.waits()
    await floor.later(60)
    assert "unclaimed" not in await floor.alerts()


async def test_an_agent_who_does_not_answer_is_told_on_and_one_who_is_gone_loses_it(floor: FloorUnderTest) -> None:
    asha = await floor.hire("Asha Verma")
    waiting = await floor.waits()
    await floor.ownership.claim(waiting, asha)
    await floor.says(asha, waiting)
    await floor.later(1, asha)
    await floor.writes(waiting)
    await floor.later(1, asha)
    await floor.later(16, asha)
    assert (await floor.alerts()).count("idle") == 1
    assert (await floor.conversation(waiting)).agent_id == asha.id
    await floor.later(16)  # her browser is gone by now
    now = await floor.conversation(waiting)
    assert (now.owner, now.agent_id) == (Owner.QUEUE, None)
    assert await floor.told(waiting) == [
        "utter_agent_joined Asha",
        "utter_agent_away Asha",
        "utter_agent_gone Asha",
    ]


async def test_the_customer_is_told_once_that_the_agent_is_away(floor: FloorUnderTest) -> None:
    asha = await floor.hire("Asha Verma")
    waiting = await floor.waits()
    await floor.ownership.claim(waiting, asha)
    await floor.floor.attendance.choose(asha.id, "away")
    for _ in range(3):
        await floor.later(0.2)
    assert (await floor.told(waiting)).count("utter_agent_away Asha") == 1
    await floor.floor.attendance.choose(asha.id, "busy")
    await floor.later(0)
    await floor.floor.attendance.choose(asha.id, "away")
    await floor.later(0)
    assert (await floor.told(waiting)).count("utter_agent_away Asha") == 2


async def test_who_is_busy_keeps_their_customers_and_is_not_away_for_them(floor: FloorUnderTest) -> None:
    asha = await floor.hire("Asha Verma")
    waiting = await floor.waits()
    await floor.ownership.claim(waiting, asha)
    await floor.floor.attendance.choose(asha.id, "busy")
    await floor.waits()
    for _ in range(3):
        await floor.later(1, asha)
    assert await floor.offered_to(asha) is None
    now = await floor.conversation(waiting)
    assert (now.owner, now.agent_id) == (Owner.AGENT, asha.id)
    assert await floor.told(waiting) == ["utter_agent_joined Asha"]


async def test_a_transfer_to_the_same_team_does_no_harm(floor: FloorUnderTest) -> None:
    asha = await floor.hire("Asha Verma")
    waiting = await floor.waits()
    await floor.ownership.claim(waiting, asha)
    await floor.ownership.transfer_to_team(waiting, asha, "care", "I must leave")
    await floor.ownership.transfer_to_team(waiting, asha, "care", "once more")
    handoffs = await floor.store.handoffs.of(waiting)
    assert [(h.team, h.claimed_by, h.ended_at) for h in handoffs] == [("care", None, None)]
    assert [n.text for n in await floor.store.notes.of(waiting)] == ["I must leave"]
    assert (await floor.told(waiting)).count("utter_passed_to_team customer care") == 1


async def test_two_desks_make_one_offer(floor: FloorUnderTest) -> None:
    asha, ben = await floor.hire("Asha Verma"), await floor.hire("Ben Archer")
    waiting = await floor.waits()
    other = floor_on(floor.store.database.engine)
    await asyncio.gather(*(f.floor.look() for f in (floor, other, floor, other)))
    assert sorted([await floor.offered_to(asha) or "", await floor.offered_to(ben) or ""]) == ["", waiting]
