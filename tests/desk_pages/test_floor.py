"""The floor on the desk's pages: presence, offers, transfers, approvals, callbacks, and today at a glance."""

import re
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from casework.crm import NewGrant
from casework.floor.callbacks import PAYLOAD
from casework.intake import new_message_id
from casework.ports import NewAlert, Staff
from desk.pages.stream import news
from recovery.words import Remedy, Role
from store.tables import budget_balances
from tests.desk_pages.conftest import PASSWORD, hire, now


async def look(company: Any) -> None:
    await company.app.state.desk.floor.look()


async def set_presence(company: Any, who: Staff, presence: str = "online") -> None:
    async with company.browser(who) as browser:
        assert (await browser.do("/desk/presence", presence=presence)).status_code == 200


async def test_presence_is_chosen_on_the_desk_and_nonsense_is_refused(company: Any, asha: Staff) -> None:
    async with company.browser(asha) as browser:
        for chosen in ("online", "busy"):
            assert (await browser.do("/desk/presence", presence=chosen)).json()["presence"] == chosen
            assert f"<option selected>{chosen}</option>" in await browser.page("/desk")
        refused = await browser.do("/desk/presence", presence="asleep")
    assert (refused.status_code, refused.json()["error"]) == (422, "Choose online, busy or away.")


async def test_an_open_page_says_that_its_reader_is_there(company: Any, asha: Staff) -> None:
    desk = company.app.state.desk
    token = await company.sign_ins.sign_in(asha.email, PASSWORD, "127.0.0.1")
    told = news(desk.live, company.sign_ins, token, beat=0.05, seen=lambda: desk.floor.attendance.seen(asha.id))
    before = {p.staff.id: p.presence for p in await desk.floor.attendance.everybody()}
    await anext(told)
    await anext(told)  # a beat later
    after = {p.staff.id: p.presence for p in await desk.floor.attendance.everybody()}
    assert (before[asha.id], after[asha.id]) == ("away", "online")


async def test_an_offer_shows_on_every_page_and_is_accepted(company: Any, asha: Staff) -> None:
    await set_presence(company, asha)
    conversation = await company.hands_over()
    await look(company)
    async with company.browser(asha) as browser:
        shown = await browser.page("/desk/todo")
        offer = re.search(r'data-offer-id="(\d+)"', shown)
        assert offer is not None
        assert "Maya Fletcher" in (await browser.get("/desk/offer")).json()["html"]
        taken = await browser.do(f"/desk/offers/{offer[1]}/accept")
        assert taken.json()["to"] == f"/desk/conversations/{conversation}"
        late = await browser.do(f"/desk/offers/{offer[1]}/accept")
    assert (late.status_code, "passed on" in late.json()["error"]) == (409, True)
    assert (await company.store.conversations.get(conversation)).agent_id == asha.id


async def test_the_queue_is_grouped_explains_its_order_and_shows_its_clocks(company: Any, vera: Staff) -> None:
    await company.hands_over()
    await look(company)
    async with company.browser(vera) as browser:
        shown = await browser.page("/desk")
    text = " ".join(re.sub(r"<[^>]+>", " ", shown).split())
    assert re.search(r"In time 1", text)
    assert re.search(r"\d+ points : .*25 priority 3 rule|\d+ points : .*40 priority 2 rule", text)
    assert "first reply" in text
    assert "Offers lapsed" in text


async def test_my_teams_are_a_filter_and_only_they_have_it(company: Any, asha: Staff) -> None:
    conversation = await company.hands_over()
    await company.store.users.set_teams(asha.id, ["payments"])
    async with company.browser(asha) as browser:
        mine, everybody = await browser.page("/desk"), await browser.page("/desk", teams="all")
    assert conversation not in mine
    assert conversation in everybody


async def test_a_transfer_goes_to_a_team_or_to_a_colleague_who_is_there_with_a_note(
    company: Any, asha: Staff, ben: Staff
) -> None:
    conversation = await company.hands_over()
    await company.app.state.desk.ownership.claim(conversation, asha)
    path = f"/desk/conversations/{conversation}/transfer"
    async with company.browser(asha) as browser:
        away = await browser.do(path, to=f"person:{ben.id}", note="yours")
        assert (away.status_code, away.json()["error"]) == (
            422,
            "Ben Archer is not at the desk just now. Pass it to the team instead.",
        )
        await set_presence(company, ben, "busy")
        assert "Ben Archer, agent, busy" in await browser.page(f"/desk/conversations/{conversation}")
        assert (await browser.do(path, to=f"person:{ben.id}", note="knows this courier")).status_code == 200
        refused = await browser.do(path, to="team:payments", note="mine no more")
    assert refused.status_code == 409
    async with company.browser(ben) as browser:
        shown = await browser.page(f"/desk/conversations/{conversation}")
        assert "knows this courier" in shown
        assert (await browser.do(path, to="team:payments", note="a charge")).status_code == 200
    handoff = await company.store.handoffs.open_one(conversation)
    assert (handoff.team, handoff.claimed_by) == ("payments", None)


async def asked_for_approval(company: Any, asha: Staff) -> tuple[str, str, str]:
    """Asha has a conversation with an option above her limit, and asks for it."""
    conversation = await company.hands_over()
    await company.app.state.desk.ownership.claim(conversation, asha)
    async with company.browser(asha) as browser:
        shown = await browser.page(f"/desk/conversations/{conversation}")
        form = re.search(
            r'name="case" value="([^"]+)"><input type="hidden" name="option" value="([^"]+)">\s*<label>Why', shown
        )
        assert form is not None, "nothing is above the limit here"
        case, option = form[1], form[2]
        path = f"/desk/conversations/{conversation}/approvals"
        asked = await browser.do(path, case=case, option=option, why="second failure")
        assert asked.status_code == 200, asked.text
        assert (await browser.do(path, case=case, option=option, why="again")).status_code == 409
    return conversation, case, option


@pytest.fixture
def small_limits(company: Any) -> Any:
    """Agents may grant next to nothing."""
    rules = company.parts.playbook
    before = rules.rules
    mine = replace(before.empowerment[Role.AGENT], per_grant=1, per_customer_a_year=1)
    rules.rules = replace(before, empowerment={**before.empowerment, Role.AGENT: mine})
    yield
    rules.rules = before


@pytest.mark.usefixtures("small_limits")
async def test_an_approval_is_answered_by_somebody_who_may_and_granted_once(
    company: Any, asha: Staff, ben: Staff, sol: Staff
) -> None:
    conversation, case, option = await asked_for_approval(company, asha)
    async with company.browser(ben) as browser:
        assert "Above your limit" in await browser.page("/desk/todo")
        (asked,) = await company.app.state.desk.floor.approvals.open_ones()
        refused = await browser.do(f"/desk/approvals/{asked.id}/answer", answer="approved")
        assert refused.status_code == 422
    async with company.browser(asha) as browser:
        assert "Your own request" in await browser.page("/desk/todo")
    async with company.browser(sol) as browser:
        answered = await browser.do(f"/desk/approvals/{asked.id}/answer", answer="approved", reason="fair")
        assert answered.json()["told"] == "Approved. Asha Verma sees it at once."
        again = await browser.do(f"/desk/approvals/{asked.id}/answer", answer="refused", reason="no")
        assert again.status_code == 409
    async with company.browser(asha) as browser:
        assert "Approved by Sol Reyes" in await browser.page(f"/desk/conversations/{conversation}")
        path = f"/desk/conversations/{conversation}/grants"
        booked = [await browser.do(path, case=case, option=option) for _ in range(2)]
    assert [b.status_code for b in booked] == [200, 200]
    given = [c for c in (await company.crm.history("C001")).compensations if c.case_id == case]
    assert [(g.granted_by, g.role) for g in given] == [(asha.id, Role.SENIOR)]
    (spent,) = await company.app.state.desk.floor.approvals.of(conversation)
    assert spent.used_at is not None


async def approved_by_sol(company: Any, asha: Staff, sol: Staff) -> tuple[str, Any]:
    """Asha has Sol's approval of goodwill money: the conversation, and the option."""
    conversation = await company.hands_over()
    await company.app.state.desk.ownership.claim(conversation, asha)
    chosen = next(o for o in await options_of(company, asha, conversation) if o.option.remedy is Remedy.VOUCHER)
    path = f"/desk/conversations/{conversation}/approvals"
    async with company.browser(asha) as browser:
        await browser.do(path, case=chosen.case_id, option=chosen.option.id, why="second failure")
    (asked,) = await company.app.state.desk.floor.approvals.open_ones()
    async with company.browser(sol) as browser:
        answered = await browser.do(f"/desk/approvals/{asked.id}/answer", answer="approved", reason="fair")
    assert answered.status_code == 200
    return conversation, chosen


async def options_of(company: Any, who: Staff, conversation: str) -> Any:
    read, history = await company.reading.conversation(conversation), await company.crm.history("C001")
    return (await company.parts.granting.choices(who, read, history)).options


async def books(company: Any, asha: Staff, conversation: str, chosen: Any) -> Any:
    async with company.browser(asha) as browser:
        path = f"/desk/conversations/{conversation}/grants"
        return await browser.do(path, case=chosen.case_id, option=chosen.option.id)


async def drawn(company: Any) -> dict[str, int]:
    """What is drawn on the purses of people."""
    async with company.store.database.begin() as connection:
        rows = (await connection.execute(select(budget_balances.c.key, budget_balances.c.spent))).all()
    return {row.key.partition("@")[0]: row.spent for row in rows if row.key.startswith(("agent", "senior"))}


@pytest.mark.usefixtures("small_limits")
async def test_what_was_approved_is_paid_from_the_purse_of_who_approved_it(
    company: Any, asha: Staff, sol: Staff
) -> None:
    conversation, chosen = await approved_by_sol(company, asha, sol)
    assert (await books(company, asha, conversation, chosen)).status_code == 200
    assert await drawn(company) == {f"senior:{sol.id}": chosen.option.pence}


@pytest.mark.usefixtures("small_limits")
async def test_what_was_approved_is_judged_again_when_it_is_booked(company: Any, asha: Staff, sol: Staff) -> None:
    conversation, chosen = await approved_by_sol(company, asha, sol)
    rules = company.parts.playbook
    theirs = replace(rules.rules.empowerment[Role.SENIOR], per_day=1)
    rules.rules = replace(rules.rules, empowerment={**rules.rules.empowerment, Role.SENIOR: theirs})
    refused = await books(company, asha, conversation, chosen)
    assert refused.status_code == 422
    assert "Sol Reyes approved this, but by now it is beyond what they may grant" in refused.json()["error"]
    async with company.browser(asha) as browser:
        assert "Sol Reyes approved this, but by now" in await browser.page(f"/desk/conversations/{conversation}")
    assert await drawn(company) == {}


@pytest.mark.usefixtures("small_limits")
async def test_nothing_is_booked_for_a_case_that_was_closed_after_the_approval(
    company: Any, asha: Staff, sol: Staff
) -> None:
    conversation, chosen = await approved_by_sol(company, asha, sol)
    await company.crm.close_case(chosen.case_id, "withdrawn", "", now())
    refused = await books(company, asha, conversation, chosen)
    assert refused.status_code == 422
    assert refused.json()["error"].startswith(f"Case {chosen.case_id} was closed meanwhile")
    assert await drawn(company) == {}


@pytest.mark.usefixtures("small_limits")
async def test_what_was_approved_is_not_booked_once_its_like_was_given(company: Any, asha: Staff, sol: Staff) -> None:
    conversation, chosen = await approved_by_sol(company, asha, sol)
    given = NewGrant(
        "by-hand", "C001", chosen.case_id, None, chosen.option.remedy, 100, now(), sol.id, Role.SENIOR, "P0"
    )
    await company.crm.grant(given)
    assert (await books(company, asha, conversation, chosen)).status_code == 409
    assert await drawn(company) == {}


@pytest.mark.usefixtures("small_limits")
async def test_a_refusal_needs_a_reason_and_grants_nothing(company: Any, asha: Staff, sol: Staff) -> None:
    conversation, case, option = await asked_for_approval(company, asha)
    (asked,) = await company.app.state.desk.floor.approvals.open_ones()
    async with company.browser(sol) as browser:
        path = f"/desk/approvals/{asked.id}/answer"
        assert (await browser.do(path, answer="refused")).status_code == 422
        assert (await browser.do(path, answer="refused", reason="too soon")).status_code == 200
    async with company.browser(asha) as browser:
        assert "Sol Reyes refused: “too soon”" in await browser.page(f"/desk/conversations/{conversation}")
        booked = await browser.do(f"/desk/conversations/{conversation}/grants", case=case, option=option)
    assert booked.status_code == 422


async def asks(company: Any, asha: Staff) -> tuple[Any, Any]:
    """Asha asks for goodwill money above her limit: the request, and the option."""
    conversation = await company.hands_over()
    await company.app.state.desk.ownership.claim(conversation, asha)
    chosen = next(o for o in await options_of(company, asha, conversation) if o.option.remedy is Remedy.VOUCHER)
    path = f"/desk/conversations/{conversation}/approvals"
    async with company.browser(asha) as browser:
        await browser.do(path, case=chosen.case_id, option=chosen.option.id, why="second failure")
    (asked,) = await company.app.state.desk.floor.approvals.open_ones()
    return asked, chosen


async def left_to_do(company: Any, who: Staff) -> str:
    """What waits, as the front page counts it once somebody has looked at the list."""
    async with company.browser(who) as browser:
        await browser.page("/desk/todo")
        shown = await browser.page("/desk")
    return " ".join(re.sub(r"<[^>]+>", " ", shown).split())


@pytest.mark.usefixtures("small_limits")
async def test_a_request_whose_case_was_closed_lapses_and_is_off_the_list(
    company: Any, asha: Staff, sol: Staff
) -> None:
    asked, chosen = await asks(company, asha)
    assert "1 approval" in await left_to_do(company, sol)
    await company.crm.close_case(chosen.case_id, "withdrawn", "", now())
    assert "0 approvals" in await left_to_do(company, sol)
    (lapsed,) = await company.app.state.desk.floor.approvals.of(asked.conversation_id)
    assert (lapsed.answer, lapsed.answered_by) == ("lapsed", "")
    async with company.browser(asha) as browser:
        assert "not open any more" in await browser.page(f"/desk/conversations/{asked.conversation_id}")


@pytest.mark.usefixtures("small_limits")
async def test_whoever_approves_what_is_gone_is_told_so_and_it_is_off_the_list(
    company: Any, asha: Staff, sol: Staff
) -> None:
    asked, chosen = await asks(company, asha)
    like = NewGrant(
        "by-hand", "C001", chosen.case_id, None, chosen.option.remedy, 100, now(), sol.id, Role.SENIOR, "P0"
    )
    await company.crm.grant(like)
    async with company.browser(sol) as browser:
        late = await browser.do(f"/desk/approvals/{asked.id}/answer", answer="approved", reason="fair")
    assert (late.status_code, "not open any more" in late.json()["error"]) == (409, True)
    assert await company.app.state.desk.floor.approvals.open_ones() == []


@pytest.mark.usefixtures("small_limits")
async def test_what_no_limit_holds_is_refused_by_anybody_senior_and_by_nobody_else(
    company: Any, asha: Staff, ben: Staff, sol: Staff
) -> None:
    asked, _ = await asks(company, asha)
    rules = company.parts.playbook
    theirs = replace(rules.rules.empowerment[Role.SENIOR], per_grant=1, per_customer_a_year=1)
    rules.rules = replace(rules.rules, empowerment={**rules.rules.empowerment, Role.SENIOR: theirs})
    path = f"/desk/approvals/{asked.id}/answer"
    async with company.browser(ben) as browser:
        assert "Above your limit" in await browser.page("/desk/todo")
        assert (await browser.do(path, answer="refused", reason="no")).status_code == 422
    async with company.browser(sol) as browser:
        shown = await browser.page("/desk/todo")
        assert 'value="refused"' in shown
        assert 'value="approved"' not in shown
        assert (await browser.do(path, answer="approved", reason="fair")).status_code == 422
        assert (await browser.do(path, answer="refused", reason="nobody may")).status_code == 200
    assert await company.app.state.desk.floor.approvals.open_ones() == []


@pytest.mark.usefixtures("small_limits")
async def test_whoever_asked_may_withdraw_it_and_nobody_for_them(company: Any, asha: Staff, sol: Staff) -> None:
    asked, chosen = await asks(company, asha)
    path = f"/desk/approvals/{asked.id}/answer"
    async with company.browser(sol) as browser:
        assert (await browser.do(path, answer="withdrawn")).status_code == 422
    async with company.browser(asha) as browser:
        assert 'value="withdrawn"' in await browser.page("/desk/todo")
        assert (await browser.do(path, answer="withdrawn")).json()["told"] == "Withdrawn."
        again = f"/desk/conversations/{asked.conversation_id}/approvals"
        assert (await browser.do(again, case=chosen.case_id, option=chosen.option.id, why="so")).status_code == 200


async def test_a_callback_is_a_task_with_masked_details_until_it_is_done(company: Any, asha: Staff) -> None:
    conversation = await company.hands_over()
    desk = company.app.state.desk
    await desk.intake.receive(conversation, new_message_id(), "Call me back", PAYLOAD)
    await desk.intake.receive(conversation, new_message_id(), "020 7946 0012 after 3")
    async with company.browser(asha) as browser:
        shown = await browser.page("/desk/todo")
        assert "Maya Fletcher" in shown
        assert "020 7946 0012" not in shown
        assert "Wants to be called back" in await browser.page(f"/desk/conversations/{conversation}")
        (call,) = await desk.floor.callbacks.store.open_ones()
        path = f"/desk/callbacks/{call.id}/done"
        assert (await browser.do(path, result="")).status_code == 400
        assert (await browser.do(path, result="spoke with her")).status_code == 200
        assert (await browser.do(path, result="me too")).status_code == 409
        assert "Nobody waits for a call" in await browser.page("/desk/todo")


async def test_who_had_a_conversation_is_on_its_page(company: Any, asha: Staff) -> None:
    conversation = await company.hands_over()
    await company.app.state.desk.ownership.claim(conversation, asha)
    specialist = await hire(company, "Cleo Marsh", Role.SPECIALIST)
    async with company.browser(specialist) as browser:
        shown = " ".join((await browser.page(f"/desk/conversations/{conversation}")).split())
    assert "<b>Claimed</b> by Asha Verma" in shown
    assert "queued → owned" in shown


async def test_a_critical_situation_is_on_every_page_until_somebody_is_on_it(
    company: Any, asha: Staff, ben: Staff
) -> None:
    conversation = await company.hands_over()
    procedure = company.parts.playbook().procedures[0]
    alert = NewAlert("critical", "Somebody may be in danger.", procedure.id)
    await company.store.alerts.raise_(alert, conversation, company.parts.clock())
    await company.app.state.desk.floor.paging.look()
    async with company.browser(asha) as browser, company.browser(ben) as other:
        shown = await browser.page("/desk/todo")
        assert f"Critical: {procedure.title}." in shown
        assert "this channel is not set up" in shown
        page = re.search(r'data-page="(\d+)"', shown)
        assert page is not None
        taken = await browser.do(f"/desk/pages/{page[1]}/acknowledge")
        assert taken.json()["to"] == f"/desk/conversations/{conversation}"
        assert (await other.do(f"/desk/pages/{page[1]}/acknowledge")).status_code == 409
        assert "data-page=" not in await other.page("/desk")
