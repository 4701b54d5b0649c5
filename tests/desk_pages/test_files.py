"""Files on the conversation's page, and saved replies."""

import re
from typing import Any

import pytest

from casework.ports import Staff
from tests.desk_pages.conftest import token_in

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100


async def _claimed(company: Any, agent: Staff) -> str:
    conversation: str = await company.hands_over()
    await company.app.state.desk.ownership.claim(conversation, agent)
    return conversation


async def test_an_agent_sends_a_file_with_or_without_words_and_once(company: Any, asha: Staff, ben: Staff) -> None:
    conversation = await _claimed(company, asha)
    path = f"/desk/conversations/{conversation}"
    async with company.browser(asha) as browser, company.browser(ben) as other:
        csrf = token_in(await browser.page(path))
        for text, own_id in (("", "one"), ("", "one"), ("Your label", "two")):
            answer = await browser.http.post(
                f"{path}/messages",
                data={"text": text, "id": own_id},
                files={"file": ("../../label.html", PNG, "text/html")},
                headers={"X-CSRF-Token": csrf, "X-Desk": "1"},
            )
            assert answer.status_code == 200, answer.text
        shown = await browser.page(path)
        sources = set(re.findall(rf'<img src="({path}/files/[^"]+)" alt="label.png"', shown))
        assert len(sources) == 2
        for source in sources:
            served = await browser.get(source)
            assert (served.content, served.headers["content-type"]) == (PNG, "image/png")
            assert served.headers["content-security-policy"] == "default-src 'none'; sandbox"
            assert (await other.get(source)).status_code in (403, 404)
        foreign = next(iter(sources)).replace(conversation, "c0000")
        assert (await browser.get(foreign)).status_code == 404


async def test_nobody_sends_a_file_into_a_chat_that_is_not_theirs(company: Any, asha: Staff, ben: Staff) -> None:
    conversation = await _claimed(company, asha)
    async with company.browser(ben) as browser:
        answer = await browser.http.post(
            f"/desk/conversations/{conversation}/messages",
            data={"text": "", "id": "one"},
            files={"file": ("x.png", PNG, "image/png")},
            headers={"X-CSRF-Token": await browser.csrf(), "X-Desk": "1"},
        )
    assert answer.status_code == 409


async def test_a_saved_reply_is_written_by_a_supervisor_and_filled_in_for_the_customer(
    company: Any, asha: Staff, vera: Staff
) -> None:
    conversation = await _claimed(company, asha)
    async with company.browser(vera) as supervisor, company.browser(asha) as agent:
        said = await supervisor.do("/desk/replies", title="Thanks", text="Thank you, {first name}, for {order}.")
        assert said.status_code == 200
        shown = await agent.page(f"/desk/conversations/{conversation}")
        assert re.search(r'<option value="Thank you, Maya, for \d+\.">Thanks</option>', shown)
        assert (await agent.get("/desk/replies")).status_code == 403


@pytest.mark.parametrize("text", ["Hello {last name}.", " ", "x" * 2001])
async def test_a_saved_reply_that_cannot_be_filled_in_is_refused(company: Any, vera: Staff, text: str) -> None:
    async with company.browser(vera) as supervisor:
        answer = await supervisor.do("/desk/replies", title="T", text=text)
    assert answer.status_code in (400, 422)
    assert await company.store.saved_replies.all() == []
