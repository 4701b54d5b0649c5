"""Every look at a transcript is written down."""

from typing import Any

from sqlalchemy import select

from casework.ports import Staff
from store.tables import looks


async def _looks(company: Any) -> list[tuple[str, str, str]]:
    async with company.store.database.begin() as connection:
        rows = await connection.execute(
            select(looks.c.user_id, looks.c.what, looks.c.subject_id).order_by(looks.c.id)
        )
        return [(r.user_id, r.what, r.subject_id) for r in rows]


async def test_opening_a_conversation_is_a_look_whoever_opens_it(company: Any, asha: Staff, vera: Staff) -> None:
    conversation = await company.hands_over()
    async with company.browser(asha) as agent, company.browser(vera) as supervisor:
        await agent.page(f"/desk/conversations/{conversation}")
        await supervisor.page(f"/desk/log/{conversation}")
        await supervisor.page(f"/desk/log/{conversation}/export")
    assert await _looks(company) == [
        (asha.id, "conversation", conversation),
        (vera.id, "conversation", conversation),
        (vera.id, "export", conversation),
    ]


async def test_what_an_open_page_fetches_is_the_same_look_but_never_none(company: Any, asha: Staff) -> None:
    conversation = await company.hands_over()
    async with company.browser(asha) as browser:
        for _ in range(3):
            await browser.page(f"/desk/conversations/{conversation}/messages")
            await browser.page(f"/desk/conversations/{conversation}/pieces")
    assert await _looks(company) == [(asha.id, "conversation", conversation)]


async def test_a_look_that_was_not_allowed_is_none(company: Any, asha: Staff) -> None:
    conversation = await company.opens("C009", "Grace Holloway")
    await company.says(conversation, "you charged me twice", challenges=["billing_error"])
    async with company.browser(asha) as browser:
        await browser.get(f"/desk/conversations/{conversation}")
    assert await _looks(company) == []


async def test_supervisors_read_who_looked_at_what(company: Any, asha: Staff, ben: Staff, vera: Staff) -> None:
    maya, edith = await company.hands_over(), await company.hands_over("C020", "Edith Wainwright")
    async with company.browser(asha) as one, company.browser(ben) as other:
        await one.page(f"/desk/conversations/{maya}")
        await other.page(f"/desk/conversations/{edith}")
    async with company.browser(vera) as browser:
        everything = await browser.page("/desk/looks")
        hers = await browser.page("/desk/looks", who=asha.id)
        about = await browser.page("/desk/looks", subject=edith)
    assert maya in everything
    assert edith in everything
    assert maya in hers
    assert edith not in hers
    assert "Ben Archer</td>" not in hers
    assert maya not in about
