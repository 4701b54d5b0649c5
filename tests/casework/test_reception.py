"""What customers are told while they wait, callbacks included."""

from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from casework.floor.callbacks import PAYLOAD
from casework.intake import new_message_id
from casework.ports import Author, Message
from recovery.business_time import Calendar, Span
from tests.casework.floor import MINUTE, MONDAY, FloorUnderTest

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


async def test_while_it_is_closed_the_place_comes_with_the_opening(floor: FloorUnderTest) -> None:
    at(floor, 2026, 11, 23, 20, 0)
    told = await floor.floor.reception.wait_of(await floor.waits())
    assert (told.position, told.minutes, told.opens, told.anybody) == (1, None, "tomorrow at 09:00", False)


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
