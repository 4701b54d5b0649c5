"""Critical situations on the desk: the checklist with its clock, and danger heard while nobody's bot reads along."""

from datetime import timedelta
from typing import Any

import pytest

from casework.engine import Answer
from casework.errors import Unavailable
from casework.ports import Alert, Staff

SELF_HARM = "i can't take this any more, i'm going to end my life"


async def critical(company: Any) -> list[Alert]:
    return [a for a in await company.store.alerts.open_ones() if a.kind == "critical"]


async def test_who_speaks_of_self_harm_reaches_a_person_with_the_checklist(company: Any, asha: Staff) -> None:
    maya = await company.opens("C001", "Maya Fletcher")
    await company.says(maya, SELF_HARM, act="chitchat", topic="small_talk")
    told = (await company.store.messages.all(maya))[-1].text
    assert "116 123" in told
    assert "999" in told
    (alert,) = await critical(company)
    assert alert.procedure == "threatened_self_harm"
    (handoff,) = await company.store.handoffs.of(maya)
    assert (handoff.rules[0], handoff.priority) == ("R19", 1)
    async with company.browser(asha) as browser:
        await browser.do(f"/desk/conversations/{maya}/claim")
        page = await browser.page(f"/desk/conversations/{maya}")
        assert "Ask plainly: are you safe right now" in page
        ticked = {"procedure": "threatened_self_harm", "duty": "person"}
        assert (await browser.do(f"/desk/conversations/{maya}/duties", **ticked)).status_code == 200
        assert (await browser.do(f"/desk/conversations/{maya}/duties", **ticked)).status_code == 200
        assert 'class="done"' in await browser.page(f"/desk/conversations/{maya}")
        unknown = await browser.do(f"/desk/conversations/{maya}/duties", procedure="x", duty="person")
        assert unknown.status_code == 404


async def test_only_who_has_the_conversation_ticks(company: Any, ben: Staff) -> None:
    maya = await company.opens("C001", "Maya Fletcher")
    await company.says(maya, SELF_HARM, act="chitchat", topic="small_talk")
    async with company.browser(ben) as browser:
        ticked = {"procedure": "threatened_self_harm", "duty": "person"}
        assert (await browser.do(f"/desk/conversations/{maya}/duties", **ticked)).status_code == 409


async def test_danger_is_heard_while_a_customer_waits_in_the_queue(company: Any) -> None:
    maya = await company.hands_over()
    for _ in range(2):
        await company.says(maya, SELF_HARM)
    (alert,) = await critical(company)
    assert (alert.procedure, alert.conversation_id) == ("threatened_self_harm", maya)
    (handoff,) = await company.store.handoffs.of(maya)
    assert (handoff.rules[0], handoff.priority) == ("R19", 1)
    assert handoff.rationale[0]["evidence"][0]["kind"] == "message"
    helplines = [m for m in await company.store.messages.all(maya) if "116 123" in m.text]
    assert [m.author for m in helplines] == ["system"]


async def test_danger_is_heard_while_the_engine_is_down(company: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def down(engine: object, question: object) -> Answer:
        raise Unavailable("It does not answer.")

    monkeypatch.setattr(type(company.engine), "turn", down)
    maya, desk = await company.opens("C001", "Maya Fletcher"), company.app.state.desk
    with desk.live.watch(maya) as watch:
        await desk.intake.receive(maya, "own-id", SELF_HARM, None)
        while not await critical(company):
            await watch.next(within=1)
    told = [m.text for m in await company.store.messages.all(maya)]
    assert any("116 123" in text for text in told)
    (handoff,) = await company.store.handoffs.of(maya)
    assert handoff.rules == ("R19", "R90-engine-down")


async def test_danger_is_heard_in_words_that_were_changed(company: Any) -> None:
    maya, desk = await company.hands_over(), company.app.state.desk
    await desk.intake.receive(maya, "own-id", "never mind", None)
    assert await critical(company) == []
    await desk.intake.correct(maya, "own-id", SELF_HARM)
    assert [a.procedure for a in await critical(company)] == ["threatened_self_harm"]


async def test_an_agent_who_is_there_answers_themselves(company: Any, asha: Staff) -> None:
    maya = await company.hands_over()
    async with company.browser(asha) as browser:
        await browser.do(f"/desk/conversations/{maya}/claim")
    await company.says(maya, "i'm going to kill your driver")
    assert [a.procedure for a in await critical(company)] == ["threat_to_staff"]
    assert "manager" not in (await company.store.messages.all(maya))[-1].text


async def test_a_line_that_is_overdue_says_so(company: Any, asha: Staff) -> None:
    from desk.pages.procedures import procedures_of

    maya = await company.opens("C001", "Maya Fletcher")
    await company.says(maya, SELF_HARM, act="chitchat", topic="small_talk")
    (handoff,) = await company.reading.handoffs(maya)
    began = handoff.queued_at
    early, late = (procedures_of(handoff, (), began + timedelta(minutes=m))[0].duties for m in (1, 10_000))
    assert not any(d.late for d in early)
    assert all(d.late for d in late)
