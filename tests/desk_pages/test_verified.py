"""The agent sees how it is known who the customer is."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from casework.ports import Link, Staff

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


async def shown(company: Any, agent: Staff, conversation: str) -> str:
    await company.app.state.desk.ownership.take_over(conversation, agent)
    async with company.browser(agent) as browser:
        page: str = await browser.page(f"/desk/conversations/{conversation}")
    return page


async def test_a_customer_who_signed_in_at_the_shop(company: Any, sol: Staff) -> None:
    assert "Verified: shop sign-in" in await shown(company, sol, await company.opens("C001", "Maya Fletcher"))


async def test_a_stranger(company: Any, sol: Staff) -> None:
    page = await shown(company, sol, await company.opens(None, ""))
    assert "Not verified" in page
    assert "✓ Verified" not in page


@pytest.mark.parametrize(
    ("channel", "how", "words"),
    [
        ("web", "email_code", "one-time code to the e-mail on file"),
        ("telegram", "email_code", "one-time code to the e-mail on file"),
        ("telegram", "deep_link", "deep link from the shop"),
    ],
)
async def test_who_proved_it_themselves_with_how_and_when(
    company: Any, sol: Staff, channel: str, how: str, words: str
) -> None:
    conversation = await company.opens("C001", "Maya Fletcher", channel)
    user = conversation if channel == "web" else "customer:C001"
    await company.store.identities.link(Link(channel, user, "C001", how, AT))
    page = await shown(company, sol, conversation)
    assert re.search(rf"Verified: {words}, <time[^>]*>20 Nov", page)


async def test_who_has_unlinked_their_chat_since(company: Any, sol: Staff) -> None:
    conversation = await company.opens("C001", "Maya Fletcher", "telegram")
    await company.store.identities.link(Link("telegram", "customer:C001", "C001", "deep_link", AT))
    await company.store.identities.unlink("telegram", "customer:C001", AT)
    assert "Verified: in this chat before, unlinked since" in await shown(company, sol, conversation)


async def test_the_proof_of_another_customer_in_this_chat_counts_for_nothing(company: Any, sol: Staff) -> None:
    conversation = await company.opens("C001", "Maya Fletcher", "telegram")
    await company.store.identities.link(Link("telegram", "customer:C001", "C002", "deep_link", AT))
    assert "deep link" not in await shown(company, sol, conversation)
