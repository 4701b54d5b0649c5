"""The page of contingencies: a supervisor switches one on, and the next customer hears of it first."""

from datetime import timedelta
from typing import Any

from casework.ports import Staff

FORM = {"kind": "site_outage", "text": "Our site is <down>.", "doing": "We are on it.", "regions": ""}


async def test_what_is_switched_on_is_said_first_and_can_be_switched_off(company: Any, vera: Staff) -> None:
    now = company.engine.bot.clock()
    span = {"starts": now.isoformat(), "ends": (now + timedelta(hours=2)).isoformat()}
    async with company.browser(vera) as browser:
        assert "Switch on" in await browser.page("/desk/contingencies?kind=site_outage")
        assert (await browser.do("/desk/contingencies", **FORM, **span)).status_code == 200
        shown = await browser.page("/desk/contingencies")
        assert "Our site is &lt;down&gt;." in shown
        assert f"on by {vera.name}" in shown
        maya = await company.opens("C001", "Maya Fletcher")
        await company.says(maya, "hello", act="greet", topic="small_talk")
        told = (await company.store.messages.all(maya))[-1].text
        assert "Our site is <down>." in told
        (found,) = await company.store.contingencies.latest()
        assert (await browser.do(f"/desk/contingencies/{found.contingency.id}/off")).status_code == 200
        assert f"off by {vera.name}" in await browser.page("/desk/contingencies")


async def test_a_form_that_cannot_be_is_answered_with_a_sentence(company: Any, vera: Staff) -> None:
    async with company.browser(vera) as browser:
        past = {"starts": "2000-01-01T00:00", "ends": "2000-01-01T01:00"}
        answer = await browser.do("/desk/contingencies", **FORM, **past)
        assert (answer.status_code, answer.json()["error"]) == (
            422,
            "It has to end after it starts, and in the future.",
        )
        assert (await browser.do("/desk/contingencies", **FORM, starts="soon", ends="x")).status_code == 400
        assert (await browser.do("/desk/contingencies/99/off")).status_code == 404


async def test_only_supervisors_switch(company: Any, asha: Staff) -> None:
    async with company.browser(asha) as browser:
        assert (await browser.get("/desk/contingencies")).status_code == 403
        assert (await browser.do("/desk/contingencies", **FORM, starts="x", ends="y")).status_code == 403
