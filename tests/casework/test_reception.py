"""What customers are told while they wait, callbacks included."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from casework.floor.callbacks import PAYLOAD
from casework.intake import new_message_id
from casework.ports import Author, Message, Status
from casework.turn_record import engine_down
from casework.turns import Turns
from recovery.business_time import Calendar, Span
from recovery.words import Role
from tests.casework.floor import MINUTE, MONDAY, FloorUnderTest, HandsOver, floor_on

LONDON = ZoneInfo("Europe/London")
OFFICE = Calendar(
    LONDON,
    {day: (Span(time(9), time(17)),) for day in range(5)},
    lambda day: "Boxing Day" if day == date(2026, 12, 28) else "",
)


def at(floor: FloorUnderTest, *when: int) -> None:
    floor.at = datetime(*when, tzinfo=LONDON)
    floor.staffing = replace(floor.staffing, calendar=OFFICE)


async def replies(floor: FloorUnderTest, conversation: str) -> list[Message]:
    return [m for m in await floor.store.messages.all(conversation) if m.author is Author.BOT]


async def test_out_of_hours_one_message_says_when_it_opens_and_offers_a_callback(floor: FloorUnderTest) -> None:
    at(floor, 2026, 11, 27, 19, 30)
    (said,) = await replies(floor, await floor.waits())
    assert said.text == "a person comes\n\nutter_closed on Monday at 09:00"
    assert [b.payload for b in said.buttons] == [PAYLOAD]


async def test_a_holiday_is_named_and_messages_that_follow_get_no_second_notice(floor: FloorUnderTest) -> None:
    at(floor, 2026, 12, 28, 11, 0)
    waiting = await floor.waits()
    for _ in range(3):
        await floor.writes(waiting)
        await floor.later(1)
    (said,) = await replies(floor, waiting)
    assert said.text == "a person comes\n\nutter_closed_holiday Boxing Day tomorrow at 09:00"
    assert await floor.told(waiting) == []


async def test_when_nobody_is_there_in_opening_hours_it_is_said(floor: FloorUnderTest) -> None:
    (said,) = await replies(floor, await floor.waits())
    assert said.text == "a person comes\n\nutter_nobody_here"
    await floor.hire("Asha Verma")
    floor.at += MINUTE
    (said,) = await replies(floor, await floor.waits())
    assert said.text == "a person comes"


async def test_nothing_is_added_where_people_may_be_in_danger(floor: FloorUnderTest) -> None:
    (said,) = await replies(floor, await floor.waits(procedures=[{"id": "injury_or_fire"}]))
    assert (said.text, said.buttons) == ("a person comes", ())


async def test_the_wait_is_an_estimate_from_recent_handlings_or_nothing(floor: FloorUnderTest) -> None:
    asha = await floor.hire("Asha Verma")
    waiting = await floor.waits()
    told = await floor.floor.reception.wait_of(waiting)
    assert (told.position, told.minutes, told.anybody) == (1, None, True)
    for _ in range(5):
        handled = await floor.waits()
        await floor.ownership.claim(handled, asha)
        floor.at += 12 * MINUTE
        await floor.ownership.resolve(handled, asha, "strike")
    await floor.floor.attendance.seen(asha.id)
    second = await floor.waits()
    floor.at += MINUTE
    told = await floor.floor.reception.wait_of(second)
    assert (told.position, told.minutes) == (2, 10)


async def test_who_is_busy_is_not_counted_on_and_with_nobody_else_there_it_is_said(floor: FloorUnderTest) -> None:
    asha, ben = await floor.hire("Asha Verma"), await floor.hire("Ben Archer")
    for _ in range(5):
        handled = await floor.waits()
        await floor.ownership.claim(handled, asha)
        floor.at += 12 * MINUTE
        await floor.ownership.resolve(handled, asha, "strike")
    waiting = [await floor.waits() for _ in range(3)][-1]

    async def wait_with(presence_of_ben: str) -> tuple[int | None, bool]:
        await floor.floor.attendance.choose(ben.id, presence_of_ben)
        floor.at += MINUTE
        for person in (asha, ben):
            await floor.floor.attendance.seen(person.id)
        told = await floor.floor.reception.wait_of(waiting)
        return told.minutes, told.anybody

    both, one = await wait_with("online"), await wait_with("busy")
    assert (await wait_with("away"), both[0] < one[0]) == (one, True)
    await floor.floor.attendance.choose(asha.id, "busy")
    assert await wait_with("busy") == (None, False)


async def test_while_it_is_closed_the_place_comes_with_the_opening(floor: FloorUnderTest) -> None:
    at(floor, 2026, 11, 23, 20, 0)
    told = await floor.floor.reception.wait_of(await floor.waits())
    assert (told.position, told.minutes, told.opens, told.anybody) == (1, None, "tomorrow at 09:00", False)


async def calls_offered(floor: FloorUnderTest, conversation: str) -> list[str]:
    """What was said to whoever waits, each with the button."""
    said = [m for m in await floor.store.messages.all(conversation) if m.author is Author.SYSTEM]
    return [m.text for m in said if PAYLOAD in [b.payload for b in m.buttons]]


async def test_who_waits_longer_than_the_threshold_is_offered_a_call_once_in_a_wait(floor: FloorUnderTest) -> None:
    asha, waiting = await floor.hire("Asha Verma"), await floor.waits()
    await floor.later(9, asha)
    assert await calls_offered(floor, waiting) == []
    other_desk = floor_on(floor.store.database.engine)
    other_desk.at = floor.at = floor.at + 2 * MINUTE
    await floor.floor.attendance.seen(asha.id)
    await asyncio.gather(floor.floor.look(), other_desk.floor.look())
    await floor.later(30, asha)
    assert await calls_offered(floor, waiting) == ["utter_still_waiting"]
    await floor.ownership.claim(waiting, asha)
    await floor.ownership.release(waiting, asha.id, "care", Role.SPECIALIST)
    await floor.later(11, asha)
    assert await calls_offered(floor, waiting) == ["utter_still_waiting"] * 2, "it is another wait"


async def test_when_the_last_person_of_the_team_leaves_whoever_waits_is_offered_a_call_once(
    floor: FloorUnderTest,
) -> None:
    asha, ben = await floor.hire("Asha Verma"), await floor.hire("Ben Archer", "agent", "payments")
    waiting = await floor.waits()
    await floor.later(1, asha, ben)
    await floor.floor.attendance.choose(asha.id, "away")
    await floor.later(0, ben)
    assert await calls_offered(floor, waiting) == [], "a page that is loaded again is nobody leaving"
    await floor.later(0.2, ben)
    await floor.floor.attendance.choose(asha.id, "online")
    await floor.later(0, asha, ben)
    await floor.floor.attendance.choose(asha.id, "away")
    await floor.later(20, ben)
    assert await calls_offered(floor, waiting) == ["utter_everybody_left"]


async def test_who_leaves_at_closing_time_leaves_word_when_it_opens(floor: FloorUnderTest) -> None:
    at(floor, 2026, 11, 27, 16, 55)
    asha = await floor.hire("Asha Verma")
    waiting = await floor.waits()
    await floor.later(4, asha)
    for minutes in (3, 0.5):
        await floor.later(minutes)
    assert await calls_offered(floor, waiting) == ["utter_closed_meanwhile on Monday at 09:00"]
    await presses(floor, waiting)
    assert (await floor.told(waiting))[-1] == "utter_callback_details"


async def test_who_was_offered_a_call_or_asked_for_one_is_not_asked_again(floor: FloorUnderTest) -> None:
    greeted = await floor.waits()
    for minutes in (0, 1, 30):
        await floor.later(minutes)
    assert await calls_offered(floor, greeted) == [], "it was offered with the handoff"
    asha = await floor.hire("Asha Verma")
    waiting = await floor.waits()
    await floor.floor.attendance.choose(asha.id, "away")
    for minutes in (0, 1):
        await floor.later(minutes)
    await presses(floor, waiting)
    await floor.ownership.claim(waiting, asha)
    await floor.ownership.release(waiting, asha.id, "care", Role.SPECIALIST)
    for minutes in (0, 30):
        await floor.later(minutes)
    assert await calls_offered(floor, waiting) == ["utter_everybody_left"]


async def test_where_people_may_be_in_danger_only_a_long_wait_offers_a_call(floor: FloorUnderTest) -> None:
    waiting = await floor.waits(procedures=[{"id": "injury_or_fire"}])
    for minutes in (0, 1):
        await floor.later(minutes)
    assert await calls_offered(floor, waiting) == []
    await floor.later(10)
    assert await calls_offered(floor, waiting) == ["utter_still_waiting"]


async def presses(floor: FloorUnderTest, conversation: str, key: str = "press") -> None:
    await floor.intake.receive(conversation, key, "Call me back", PAYLOAD)


async def test_a_callback_is_asked_once_its_details_are_noted_once_and_somebody_does_it_once(
    floor: FloorUnderTest,
) -> None:
    asha, waiting = await floor.hire("Asha Verma", online=False), await floor.waits()
    await presses(floor, waiting)
    await presses(floor, waiting)  # a retry of the channel
    await presses(floor, waiting, "pressed again")
    await floor.writes(waiting, "020 7946 0012, after 3 pm")
    await floor.writes(waiting, "or tomorrow")
    assert await floor.told(waiting) == ["utter_callback_details", "utter_callback_noted"]
    (call,) = await floor.ports.callbacks.open_ones()
    assert (call.details, call.asked_at) == ("020 7946 0012, after 3 pm", MONDAY)
    await floor.floor.callbacks.done(asha, call.id, "spoke with her")
    assert await floor.ports.callbacks.open_ones() == []


async def test_who_asks_in_words_to_be_rung_needs_no_button(floor: FloorUnderTest) -> None:
    await floor.hire("Asha Verma")
    waiting, with_number, written = await floor.waits(), await floor.waits(), await floor.waits()
    await floor.writes(waiting, "can somebody just ring me please")
    await floor.writes(with_number, "please call me on 020 7946 0012 after 3 pm")
    await floor.writes(written, "nobody called me back")
    assert await floor.told(waiting) == ["utter_callback_details"]
    assert await floor.told(with_number) == ["utter_callback_noted"]
    assert await floor.told(written) == []
    await floor.writes(waiting, "07700 900123")
    await floor.writes(with_number, "thanks, please call me soon")
    assert await floor.told(waiting) == ["utter_callback_details", "utter_callback_noted"]
    assert await floor.told(with_number) == ["utter_callback_noted"]
    calls = await floor.ports.callbacks.open_ones()
    assert {c.details for c in calls} == {"07700 900123", "please call me on 020 7946 0012 after 3 pm"}


async def test_who_asks_the_bot_to_be_rung_is_handed_over_and_asked_for_a_number(floor: FloorUnderTest) -> None:
    opened = await floor.store.conversations.open_for("web", new_message_id(), floor.at, None, "Ada Moss")
    await floor.writes(opened.id, "can someone call me back please")
    calls = floor.floor.callbacks.read
    await Turns(floor.store.turns, HandsOver(floor), floor.phrases, floor.now, calls=calls).take(opened.id)
    assert await floor.told(opened.id) == ["utter_callback_details"]
    await floor.writes(opened.id, "020 7946 0012")
    (call,) = await floor.ports.callbacks.open_ones()
    assert call.details == "020 7946 0012"


async def test_to_whom_an_agent_talks_nobody_promises_a_call(floor: FloorUnderTest) -> None:
    asha, waiting = await floor.hire("Asha Verma"), await floor.waits()
    danger = await floor.waits(procedures=[{"id": "injury_or_fire"}])
    await floor.ownership.claim(waiting, asha)
    for conversation in (waiting, danger):
        await floor.writes(conversation, "please call me")
    assert await floor.ports.callbacks.open_ones() == []


async def test_an_outage_that_nobody_is_there_for_offers_a_call_and_the_press_is_not_the_bots_to_answer_afterwards(
    floor: FloorUnderTest,
) -> None:
    opened = await floor.store.conversations.open_for("web", new_message_id(), floor.at, None, "Ada Moss")
    await floor.writes(opened.id)
    async with floor.store.turns.next_turn(opened.id) as turn:
        assert turn is not None
        await turn.look_again()
        await turn.finish(await floor.floor.reception.greet(engine_down(turn.message, "it is down")), floor.at)
    assert await calls_offered(floor, opened.id) == ["it is down\n\nutter_nobody_here"]
    await presses(floor, opened.id)
    *_, pressed, told = await floor.store.messages.all(opened.id)
    assert (pressed.payload, pressed.status, told.text) == (PAYLOAD, Status.ANSWERED, "utter_callback_details")


async def test_a_verified_customer_is_called_on_the_number_we_have(floor: FloorUnderTest) -> None:
    waiting = await floor.waits()
    await floor.store.conversations.verify(waiting, "C001", "Ada Moss", new_message_id())
    await presses(floor, waiting)
    assert await floor.told(waiting) == ["utter_callback_known"]


async def test_whoever_resolves_the_conversation_has_called(floor: FloorUnderTest) -> None:
    asha, waiting = await floor.hire("Asha Verma"), await floor.waits()
    await floor.floor.attendance.choose(asha.id, "away")
    floor.at += MINUTE
    waiting = await floor.waits()
    await presses(floor, waiting)
    await floor.ownership.claim(waiting, asha)
    await floor.ownership.resolve(waiting, asha, "strike")
    assert await floor.ports.callbacks.open_ones() == []


async def test_who_waits_and_asks_about_their_case_is_told_what_is_known_of_it(floor: FloorUnderTest) -> None:
    booked = {"title": "late delivery", "order_id": "10012", "progress": "booked", "agreed": "A voucher for £8"}
    open_one = {"title": "billing error", "order_id": None, "progress": "escalated", "agreed": None}
    waiting = await floor.waits(problems=[booked, open_one])
    plainly, untold = await floor.waits(problems=[open_one]), await floor.waits()
    for conversation in (waiting, plainly, untold):
        await floor.writes(conversation, "what is happening with my case?")
    both = "the late delivery on order 10012 and the billing error"
    assert await floor.told(waiting) == [f"utter_case_waits_booked customer care {both} a voucher for £8"]
    assert await floor.told(plainly) == ["utter_case_waits customer care the billing error"]
    assert await floor.told(untold) == ["utter_case_waits_untold customer care "]


async def test_of_a_case_that_somebody_has_or_of_a_danger_the_desk_says_nothing(floor: FloorUnderTest) -> None:
    asha, taken = await floor.hire("Asha Verma"), await floor.waits()
    danger = await floor.waits(procedures=[{"id": "injury_or_fire"}])
    await floor.ownership.claim(taken, asha)
    before = await floor.told(taken)
    for conversation in (taken, danger):
        await floor.writes(conversation, "what happens with my case?")
    assert (await floor.told(taken), await floor.told(danger)) == (before, [])
