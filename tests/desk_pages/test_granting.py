"""An agent books an option: once, within the limit, and the customer is told."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from casework.granting import Granting
from casework.ports import Staff
from casework.turn_state import loaded
from recovery.state import Progress
from recovery.words import Remedy, Role
from redress.wiring import wording
from store.granting import SqlGrantBook
from store.tables import decisions, recovery_steps


@pytest.fixture
async def late(company: Any, asha: Staff) -> str:
    """Asha has a customer whose parcel is late and who wants a person."""
    conversation = await company.opens("C001", "Maya Fletcher")
    await company.says(conversation, "where is my parcel, it is late", challenges=["late_delivery"])
    await company.says(conversation, "a person please", act="request_human", topic="person")
    await company.app.state.desk.ownership.claim(conversation, asha)
    return str(conversation)


def _granting(company: Any, **limits: int) -> Granting:
    """The story with the product's playbook, or with other limits for agents."""
    rules = company.engine.bot.playbook()
    mine = replace(rules.empowerment[Role.AGENT], **limits)
    rules = replace(rules, empowerment={**rules.empowerment, Role.AGENT: mine})
    clock = company.engine.bot.clock
    book = SqlGrantBook(company.store.database, clock)
    return Granting(
        company.crm,
        company.reading,
        company.store.recoveries,
        book,
        lambda: rules,
        clock,
        wording(),
        company.store.surroundings,
    )


async def _choices(company: Any, story: Granting, agent: Staff, conversation: str) -> Any:
    read = await company.reading.conversation(conversation)
    return await story.choices(agent, read, await company.crm.history(read.customer_id))


async def _given(company: Any, case_id: str) -> list[Any]:
    return [c for c in (await company.crm.history("C001")).compensations if c.case_id == case_id]


async def test_a_booked_option_is_granted_recorded_and_told(company: Any, asha: Staff, late: str) -> None:
    chosen = (await _choices(company, _granting(company), asha, late)).open[0]
    async with company.browser(asha) as browser:
        path = f"/desk/conversations/{late}/grants"
        answer = await browser.do(path, case=chosen.case_id, option=chosen.option.id)
        shown = await browser.page(f"/desk/conversations/{late}")
    assert answer.status_code == 200
    (given,) = await _given(company, chosen.case_id)
    assert (given.granted_by, given.role, given.rule) == (asha.id, "agent", chosen.option.rule)
    assert given.reference in answer.json()["told"]
    told = (await company.store.messages.all(late))[-1]
    assert (told.author, told.author_name) == ("agent", "Asha")
    assert chosen.option.promise in told.text
    assert given.reference in told.text
    async with company.store.database.begin() as connection:
        decision = (await connection.execute(select(decisions).order_by(decisions.c.id.desc()))).first()
        step = (await connection.execute(select(recovery_steps).order_by(recovery_steps.c.id.desc()))).first()
    assert (decision.step, decision.rules) == ("grant_by_agent", [chosen.option.rule])
    assert {"kind": "compensation", "id": given.id} in decision.reasons[0]["evidence"]
    assert (step.step, step.message_id) == ("resolve", told.id)
    state = loaded((await company.store.recoveries.load(late)).state)
    assert [p.progress for p in state.problems] == [Progress.BOOKED]
    assert f"booked {given.granted_at.day}" in shown.replace("\n", " ") or given.reference in shown


async def test_the_same_option_pressed_many_times_at_once_is_granted_and_told_once(
    company: Any, asha: Staff, late: str
) -> None:
    chosen = (await _choices(company, _granting(company), asha, late)).open[0]
    before = len(await company.store.messages.all(late))
    async with company.browser(asha) as browser:
        token, path = await browser.csrf(), f"/desk/conversations/{late}/grants"
        form = {"case": chosen.case_id, "option": chosen.option.id}
        answers = await asyncio.gather(*(browser.do(path, token, **form) for _ in range(5)))
    assert 200 in {a.status_code for a in answers}
    assert {a.status_code for a in answers} <= {200, 409}
    assert len(await _given(company, chosen.case_id)) == 1
    assert len(await company.store.messages.all(late)) == before + 1


async def test_two_grants_at_once_never_pass_the_years_limit_together(company: Any, asha: Staff, late: str) -> None:
    choices = await _choices(company, _granting(company), asha, late)
    paid = [o for o in choices.open if o.option.pence and o.option.remedy not in (Remedy.REFUND,)][:2]
    assert len(paid) == 2
    story = _granting(company, per_customer_a_year=max(o.option.pence for o in paid) + 1)
    results = await asyncio.gather(
        *(story.grant(asha, late, o.case_id, o.option.id) for o in paid), return_exceptions=True
    )
    refused = [r for r in results if isinstance(r, Exception)]
    assert len(refused) == 1
    assert sum(c.pence for c in await _given(company, paid[0].case_id)) <= max(o.option.pence for o in paid) + 1


async def test_above_the_limit_the_agent_is_told_so_and_nothing_is_granted(
    company: Any, asha: Staff, late: str, monkeypatch: Any
) -> None:
    story = _granting(company, per_grant=100)
    choices = await _choices(company, story, asha, late)
    above = next(o for o in choices.open if o.why_not)
    assert "is above your limit as agent, £1 a grant. Ask a " in above.why_not
    rules = story.playbook()
    monkeypatch.setattr(company.parts.granting.playbook, "rules", rules)
    async with company.browser(asha) as browser:
        path = f"/desk/conversations/{late}/grants"
        answer = await browser.do(path, case=above.case_id, option=above.option.id)
        shown = await browser.page(f"/desk/conversations/{late}")
    assert answer.status_code == 422
    assert answer.json() == {"error": above.why_not}
    assert above.why_not in shown
    assert await _given(company, above.case_id) == []


@pytest.mark.parametrize("option", ["refund:1", "voucher:999999", "", "nonsense"])
async def test_what_the_policy_does_not_offer_cannot_be_booked(
    company: Any, asha: Staff, late: str, option: str
) -> None:
    case_id = (await _choices(company, _granting(company), asha, late)).open[0].case_id
    async with company.browser(asha) as browser:
        answer = await browser.do(f"/desk/conversations/{late}/grants", case=case_id, option=option)
    assert answer.status_code == 409
    assert answer.json() == {"error": "This option is not open any more."}


async def test_only_the_owner_books(company: Any, asha: Staff, ben: Staff, vera: Staff, late: str) -> None:
    chosen = (await _choices(company, _granting(company), asha, late)).open[0]
    for who in (ben, vera):
        async with company.browser(who) as browser:
            path = f"/desk/conversations/{late}/grants"
            answer = await browser.do(path, case=chosen.case_id, option=chosen.option.id)
            assert answer.status_code == 409
            assert "Options still open" not in await browser.page(f"/desk/conversations/{late}")
    assert await _given(company, chosen.case_id) == []


async def test_a_remedy_that_was_given_for_the_case_is_not_offered_again(
    company: Any, asha: Staff, late: str
) -> None:
    story = _granting(company)
    chosen = (await _choices(company, story, asha, late)).open[0]
    await story.grant(asha, late, chosen.case_id, chosen.option.id)
    after = await _choices(company, story, asha, late)
    assert chosen.option.remedy not in {o.option.remedy for o in after.open}
    assert len(after.given) == 1


async def test_after_a_crash_between_grant_and_message_the_same_press_finishes_the_work(
    company: Any, asha: Staff, late: str, monkeypatch: Any
) -> None:
    story = _granting(company)
    chosen = (await _choices(company, story, asha, late)).open[0]

    async def crash(*_: Any) -> None:
        raise RuntimeError("the process died here")

    with monkeypatch.context() as broken:
        broken.setattr(SqlGrantBook, "record", crash)
        with pytest.raises(RuntimeError):
            await story.grant(asha, late, chosen.case_id, chosen.option.id)
    given = await story.grant(asha, late, chosen.case_id, chosen.option.id)
    assert len(await _given(company, chosen.case_id)) == 1
    assert given.reference in (await company.store.messages.all(late))[-1].text
