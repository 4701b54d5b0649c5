"""Who may see and do what."""

from typing import Any

import pytest

from casework.ports import Staff

DOINGS = ["claim", "take-over", "messages", "notes", "grants", "return", "resolve", "typing", "corrections"]


@pytest.mark.parametrize(
    "path", ["/desk/log", "/desk/log/c1", "/desk/log/c1/export", "/desk/alerts", "/desk/looks", "/desk/review"]
)
async def test_the_log_the_alerts_and_the_looks_are_for_supervisors(
    company: Any, asha: Staff, sol: Staff, path: str
) -> None:
    for who in (asha, sol):
        async with company.browser(who) as browser:
            answer = await browser.get(path)
        assert answer.status_code == 403
        assert "This page is for supervisors." in answer.text


@pytest.mark.parametrize("doing", DOINGS)
async def test_nothing_changes_without_the_pages_own_token(company: Any, asha: Staff, doing: str) -> None:
    conversation = await company.hands_over()
    async with company.browser(asha) as browser:
        answer = await browser.do(f"/desk/conversations/{conversation}/{doing}", csrf="0" * 64, text="hello")
    assert answer.status_code == 403
    assert answer.json() == {"error": "This page is too old. Reload it and try again."}
    assert (await company.store.conversations.get(conversation)).owner == "queue"


async def test_a_token_of_another_session_is_no_token(company: Any, asha: Staff, ben: Staff) -> None:
    conversation = await company.hands_over()
    async with company.browser(asha) as one, company.browser(ben) as other:
        answer = await other.do(f"/desk/conversations/{conversation}/claim", csrf=await one.csrf())
    assert answer.status_code == 403


async def test_an_agent_does_not_see_what_the_bot_looks_after(company: Any, asha: Staff, vera: Staff) -> None:
    conversation = await company.opens("C009", "Grace Holloway")
    await company.says(conversation, "you charged me twice", challenges=["billing_error"])
    async with company.browser(asha) as agent, company.browser(vera) as supervisor:
        for path in ("", "/messages", "/pieces"):
            answer = await agent.get(f"/desk/conversations/{conversation}{path}")
            assert answer.status_code == 403
            assert "charged" not in answer.text
        assert "charged me twice" in await supervisor.page(f"/desk/log/{conversation}")


async def test_an_agent_may_still_read_what_was_theirs(company: Any, asha: Staff) -> None:
    conversation = await company.hands_over()
    ownership = company.app.state.desk.ownership
    await ownership.claim(conversation, asha)
    await ownership.return_to_bot(conversation, asha)
    async with company.browser(asha) as browser:
        assert "Maya Fletcher" in await browser.page(f"/desk/conversations/{conversation}")


@pytest.mark.parametrize("path", ["/desk/conversations/none", "/desk/log/none"])
async def test_a_conversation_that_is_not_there_is_told_in_a_sentence(company: Any, vera: Staff, path: str) -> None:
    async with company.browser(vera) as browser:
        answer = await browser.get(path)
    assert answer.status_code == 404
    assert "There is no such conversation." in answer.text


async def test_an_address_that_means_nothing_gets_a_page_and_no_details(company: Any, vera: Staff) -> None:
    async with company.browser(vera) as browser:
        answer = await browser.get("/desk/alerts", before="'; drop table users")
        older = await browser.get("/desk/log", after="not a cursor")
    assert (answer.status_code, older.status_code) == (400, 400)
    assert "drop table" not in answer.text
