"""Who is there for whom: a call where nobody is, and the next conversation offered to somebody who is."""

import asyncio
import re

from playwright.async_api import Locator, expect

from tests.browser.people import Member, People

OWEN = "Owen of the offer"


async def nobody_is_there(people: People) -> None:
    """All who were at their desks in other stories have left them."""
    members = await asyncio.gather(*(people.member(name) for name in ("maya", "tom", "sara", "ines")))
    await asyncio.gather(*(stands(member, "away") for member in members))


async def stands(member: Member, presence: str) -> None:
    chosen = member.page.get_by_label("You are")
    if await chosen.input_value() == presence:
        return
    async with member.page.expect_response("**/desk/presence"):
        await chosen.select_option(presence)
    await expect(chosen).to_have_value(presence)


async def passes_until(offer: Locator, name: str) -> None:
    """What other stories left waiting may be offered first."""
    while name not in await offer.inner_text():
        other = await offer.get_attribute("data-offer-id")
        await offer.get_by_role("button", name="Pass").click()
        await expect(offer).not_to_have_attribute("data-offer-id", str(other))


async def test_who_finds_nobody_there_leaves_details_and_is_called(people: People) -> None:
    await nobody_is_there(people)
    owen = await people.stranger()
    await owen.opens_the_chat()
    await owen.says("I want to talk to a human being")
    await owen.talks_to("Waiting for a person")
    await owen.presses("Call me back")
    await owen.reads(re.compile("number"))
    await owen.says("Owen, 020 7946 0101, after six")
    await owen.reads(re.compile("read this chat|can see all you wrote"))
    conversation = await owen.conversation()

    maya = await people.member("maya")
    await maya.page.get_by_role("link", name="To do").click()
    call = maya.page.locator(".entry.todo").filter(has=maya.page.locator(f'a[href$="{conversation}"]'))
    await expect(call).to_contain_text("after six")
    await call.get_by_label("What came of it").fill("Spoke with him, all is well.")
    await call.get_by_role("button", name="Done").click()
    await expect(call).to_have_count(0)


async def test_an_agent_who_is_online_is_offered_the_next_conversation_and_owns_it_on_accepting(
    people: People,
) -> None:
    await nobody_is_there(people)
    tom, owen = await asyncio.gather(people.member("tom"), people.customer("C002", called=OWEN))
    await stands(tom, "online")
    await owen.opens_the_chat()
    await owen.says("I want to talk to a human being")
    await owen.talks_to("Waiting for a person")
    conversation = await owen.conversation()
    offer = tom.page.get_by_role("region", name="A conversation is offered to you")
    await passes_until(offer, OWEN)
    await offer.get_by_role("button", name="Accept").click()
    await expect(tom.page).to_have_url(re.compile(conversation))
    await expect(tom.page.get_by_role("button", name=re.compile("^Return to the"))).to_be_visible()
    await owen.talks_to("You are talking to Tom")
    await tom.writes("Hello, Tom here.")
    await owen.reads("Hello, Tom here.")
    await stands(tom, "away")
