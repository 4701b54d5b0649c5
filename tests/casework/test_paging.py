"""Critical situations page people until somebody acknowledges, further up each time, and once for all desks."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta

from casework.floor.paging import Page, PageFailed
from casework.intake import new_message_id
from casework.ports import NewAlert
from casework.turn_record import OUT_OF_ORDER, engine_down
from recovery.playbook import Duty, EscalationRule, Procedure
from recovery.staffing import Paging, Recipient
from tests.casework.floor import MINUTE, MONDAY, FloorUnderTest, floor_on

RULE = EscalationRule("R01", "People may be in danger", (), "care", 1, "utter_hand_over_safety")
DUTY = Duty("hurt", "Ask whether anybody is hurt", 5)
DANGER = Procedure("danger", "People may be in danger", RULE, ("care", "supervisor"), 3, (DUTY,))


@dataclass
class Sender:
    """A way to page that remembers, and may be broken."""

    sent: list[tuple[str, Page]] = field(default_factory=list)
    broken: bool = False

    async def send(self, to: str, page: Page) -> None:
        if self.broken:
            raise PageFailed("the mail server did not take it")
        self.sent.append((to, page))


def paged(floor: FloorUnderTest, sender: Sender) -> FloorUnderTest:
    """This floor, with a procedure and a way to page."""
    group = Recipient("Duty group", "telegram", "-100")
    floor.staffing = replace(floor.staffing, paging=Paging({"supervisor": (group,)}))
    floor.procedures, floor.pagers = (DANGER,), {"email": sender, "telegram": sender}
    floor.__post_init__()
    return floor


async def danger(floor: FloorUnderTest) -> str:
    conversation = await floor.waits()
    alert = NewAlert("critical", "People may be in danger.", "danger")
    await floor.store.alerts.raise_(alert, conversation, floor.at)
    return conversation


async def test_it_pages_at_once_then_further_up_until_somebody_acknowledges(floor: FloorUnderTest) -> None:
    sender = Sender()
    paged(floor, sender)
    asha = await floor.hire("Asha Verma", "agent", "care")
    vera = await floor.hire("Vera Holm", "supervisor", "payments")
    conversation = await danger(floor)
    await floor.floor.paging.look()
    await floor.floor.paging.look()
    assert [(to, p.number) for to, p in sender.sent] == [(asha.email, 1)]
    page = sender.sent[0][1]
    assert page.checklist == ((DUTY.text, MONDAY + 5 * MINUTE),)
    assert page.link == f"https://desk.example/desk/conversations/{conversation}"
    floor.at += 3 * MINUTE
    await floor.floor.paging.look()
    assert {(to, p.number) for to, p in sender.sent[1:]} == {(asha.email, 2), ("-100", 2), (vera.email, 2)}
    (shown,) = await floor.ports.pages.open_ones()
    assert (shown.number, shown.sent, shown.problems) == (2, 4, ())
    assert await floor.ports.pages.acknowledge(shown.alert_id, vera.id, floor.at)
    assert not await floor.ports.pages.acknowledge(shown.alert_id, asha.id, floor.at)
    floor.at += 60 * MINUTE
    await floor.floor.paging.look()
    assert len(sender.sent) == 4


async def test_what_could_not_be_sent_is_said_and_tried_again(floor: FloorUnderTest) -> None:
    sender = Sender(broken=True)
    paged(floor, sender)
    floor.pagers.pop("telegram")
    asha = await floor.hire("Asha Verma", "agent", "care")
    await danger(floor)
    for _ in range(2):
        await floor.floor.paging.look()
        floor.at += 3 * MINUTE
    (shown,) = await floor.ports.pages.open_ones()
    assert (shown.sent, sorted(shown.problems)) == (
        0,
        ["email: the mail server did not take it", "telegram: this channel is not set up"],
    )
    sender.broken = False
    await floor.floor.paging.look()
    assert [to for to, _ in sender.sent] == [asha.email]


async def test_a_page_that_reached_nobody_goes_out_soon_again_and_to_all_whom_the_procedure_names(
    floor: FloorUnderTest,
) -> None:
    sender = Sender(broken=True)
    paged(floor, sender)
    await floor.hire("Asha Verma", "agent", "care")
    vera = await floor.hire("Vera Holm", "supervisor", "payments")
    await danger(floor)
    await floor.floor.paging.look()
    sender.broken = False
    floor.at += MINUTE / 2
    await floor.floor.paging.look()
    assert vera.email in {to for to, _ in sender.sent}


async def test_where_the_first_name_stands_for_nobody_the_next_is_paged_at_once(floor: FloorUnderTest) -> None:
    sender = Sender()
    paged(floor, sender)
    vera = await floor.hire("Vera Holm", "supervisor", "payments")
    await danger(floor)
    await floor.floor.paging.look()
    assert {to for to, _ in sender.sent} == {"-100", vera.email}


async def test_where_nobody_can_be_paged_at_all_the_desk_says_so(floor: FloorUnderTest) -> None:
    paged(floor, Sender())
    floor.staffing = replace(floor.staffing, paging=Paging())
    await danger(floor)
    await floor.floor.paging.look()
    (shown,) = await floor.ports.pages.open_ones()
    assert shown.problems == ("nobody: the playbook and the staff list name nobody to page",)


async def test_a_way_to_page_that_breaks_keeps_no_other_from_paging(floor: FloorUnderTest) -> None:
    sender = Sender()
    paged(floor, sender)

    class Broken:
        async def send(self, to: str, page: Page) -> None:
            raise ValueError(to)

    floor.pagers["telegram"] = Broken()
    vera = await floor.hire("Vera Holm", "supervisor", "payments")
    await danger(floor)
    await floor.floor.paging.look()
    assert [to for to, _ in sender.sent] == [vera.email]
    (shown,) = await floor.ports.pages.open_ones()
    assert shown.problems == ("telegram: it broke (ValueError)",)


async def test_two_desks_page_once_and_one_that_died_while_sending_is_made_up_for(floor: FloorUnderTest) -> None:
    sender = Sender()
    paged(floor, sender)
    other = paged(floor_on(floor.store.database.engine), sender)
    await floor.hire("Asha Verma", "agent", "care")
    await danger(floor)
    await asyncio.gather(*(f.floor.paging.look() for f in (floor, other, floor, other)))
    assert len(sender.sent) == 1
    floor.at += 3 * MINUTE
    assert await floor.ports.pages.lease(floor.at, floor.at + timedelta(seconds=30)) is not None  # and died
    await floor.floor.paging.look()
    assert len(sender.sent) == 1
    floor.at += timedelta(seconds=31)
    await floor.floor.paging.look()
    assert len(sender.sent) == 3  # the second page: the team's, and the supervisors' group


async def meets_an_outage(floor: FloorUnderTest, *, fails: bool = False) -> None:
    """A customer writes to an engine that is down; `fails`: what is said of it cannot be written."""
    opened = await floor.store.conversations.open_for("web", new_message_id(), floor.at, None, "Ada Moss")
    await floor.writes(opened.id)
    with suppress(ConnectionError):
        async with floor.store.turns.next_turn(opened.id) as turn:
            assert turn is not None
            await turn.look_again()
            await turn.finish(engine_down(turn.message, "it is down", page=True), floor.at)
            if fails:
                raise ConnectionError


async def outages_paged(floor: FloorUnderTest) -> int:
    await floor.floor.paging.look()
    return len([p for p in await floor.ports.pages.open_ones() if p.procedure == OUT_OF_ORDER])


async def test_two_desks_that_meet_an_outage_at_once_page_it_once(floor: FloorUnderTest) -> None:
    other_desk = floor_on(floor.store.database.engine)
    await asyncio.gather(*(meets_an_outage(desk) for desk in (floor, other_desk) * 4))
    assert await outages_paged(floor) == 1


async def test_a_page_that_could_not_be_written_goes_out_with_the_next(floor: FloorUnderTest) -> None:
    await meets_an_outage(floor, fails=True)
    assert await outages_paged(floor) == 0
    await meets_an_outage(floor)
    assert await outages_paged(floor) == 1


async def test_an_acknowledged_outage_pages_again_only_once_it_was_over(floor: FloorUnderTest) -> None:
    asha = await floor.hire("Asha Verma")
    await meets_an_outage(floor)
    await floor.floor.paging.look()
    for page in await floor.ports.pages.open_ones():
        await floor.ports.pages.acknowledge(page.alert_id, asha.id, floor.at)
    floor.at += MINUTE
    await meets_an_outage(floor)
    assert await outages_paged(floor) == 0
    floor.at += MINUTE
    await floor.waits()  # the bot has answered somebody
    await meets_an_outage(floor)
    assert await outages_paged(floor) == 1
