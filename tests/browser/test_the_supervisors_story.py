"""The supervisor's story: find a conversation, read it with its evidence, and be seen to have looked."""

import re
import secrets

import pytest
from playwright.async_api import Locator, expect

from tests.browser.people import PHONE, Customer, Member, People


async def a_conversation_that_an_agent_resolved(people: People, word: str) -> tuple[Customer, str]:
    """Owen lost a parcel, told more of himself than he needed to, and Maya solved it."""
    owen = await people.customer("C002")
    await owen.opens_the_chat()
    await owen.says(f"the courier lost my parcel and I am really fed up, it was a present for {word}!!")
    await expect(owen.choices).not_to_have_count(0)
    await owen.says("ring me on 07700 900461 or write to owen@private.example, and let me talk to a person")
    await owen.talks_to("Waiting for a person")
    conversation = await owen.conversation()
    maya = await people.member("maya")
    await maya.claims(conversation)
    await maya.writes("Leave it with me.")
    await owen.reads("Leave it with me.")
    await maya.page.get_by_text("Resolve…").click()
    await maya.page.get_by_label("Root cause").select_option("lost_in_transit")
    await maya.page.get_by_role("button", name="Resolve and close").click()
    await owen.reads(re.compile("solved"))
    return owen, conversation


def found(ines: Member, conversation: str) -> Locator:
    return ines.page.locator(f'tbody a[href="/desk/log/{conversation}"]')


async def searches(ines: Member, **wanted: str) -> None:
    await ines.page.get_by_role("link", name="Clear").click()
    for name, value in wanted.items():
        field = ines.page.locator(f'.filters [name="{name}"]')
        await (field.fill(value) if name == "words" else field.select_option(value))
    await ines.page.get_by_role("button", name="Search").click()


async def test_a_supervisor_finds_a_conversation_and_reads_it_with_its_evidence(people: People) -> None:
    word = f"Tante{secrets.token_hex(3)}"
    _, conversation = await a_conversation_that_an_agent_resolved(people, word)
    ines = await people.member("ines")
    await ines.page.get_by_role("link", name="Log", exact=True).click()

    for wanted in (
        {"words": word.lower()},
        {"words": word, "challenge": "lost_parcel"},
        {"words": word, "frustration": "1"},
        {"words": word, "outcome": "resolved_by_agent"},
    ):
        await searches(ines, **wanted)
        await expect(found(ines, conversation)).to_have_count(1)
    for wanted in ({"words": f"{word} -courier"}, {"words": word, "challenge": "billing_error"}):
        await searches(ines, **wanted)
        await expect(found(ines, conversation)).to_have_count(0)

    await searches(ines, words=word)
    await found(ines, conversation).click()
    await expect(ines.page.get_by_role("heading", name="Owen Pritchard")).to_be_visible()
    await the_evidence_is_beside_the_words(ines, word)
    await the_handoff_has_its_timing(ines)
    await nothing_personal_is_shown(ines)

    await ines.page.get_by_role("link", name="Looks", exact=True).last.click()
    look = ines.page.get_by_role("row").filter(has_text="Ines Duarte").filter(has_text=conversation)
    await expect(look).to_have_count(1)


async def the_evidence_is_beside_the_words(ines: Member, word: str) -> None:
    told = ines.page.locator(".pair").filter(has_text=word).first
    beside = told.locator(".beside")
    await expect(beside).to_contain_text("Report problem")
    await expect(beside).to_contain_text(re.compile(r"Lost parcel\s+\d+%"))
    await expect(beside).to_contain_text(re.compile("annoyed|frustrated|furious"))
    decision = beside.locator(".decision").first
    await expect(decision).to_contain_text(re.compile(r"playbook \S+"))
    await expect(decision.locator("code")).not_to_have_count(0)
    asked = ines.page.locator(".pair").filter(has_text="let me talk to a person").first
    await expect(asked.locator(".decision code").get_by_text("R08")).not_to_have_count(0)


async def the_handoff_has_its_timing(ines: Member) -> None:
    handoff = ines.page.locator(".handoff")
    await expect(handoff.locator(".reasons li")).not_to_have_count(0)
    await expect(handoff).to_contain_text("R08")
    for moment in ("Queued", "Claimed", "First reply", "Ended"):
        await expect(handoff.locator(".clockline li").filter(has_text=moment)).not_to_contain_text("not yet")
    await expect(handoff).to_contain_text("by Maya Okafor")
    await expect(handoff).to_contain_text(re.compile("root cause: lost.in.transit", re.I))


async def nothing_personal_is_shown(ines: Member) -> None:
    for details in await ines.page.locator("details").all():
        await details.evaluate("d => d.open = true")
    page = await ines.page.locator("main").inner_text()
    assert "o•••@private.example" in page
    for secret in ("owen@private.example", "900461", "900 461", "owen.pritchard", "07700"):
        assert secret not in page, secret


@pytest.mark.parametrize("path", ["/desk/log", "/desk/looks", "/desk/alerts"])
async def test_a_supervisors_page_is_closed_to_agents(people: People, path: str) -> None:
    tom = await people.member("tom")
    await expect(tom.page.get_by_role("link", name="Log", exact=True)).to_have_count(0)
    await tom.opens(path)
    await expect(tom.page.get_by_text("This page is for supervisors.")).to_be_visible()
    tom.expected("403")


async def test_a_conversation_that_is_with_the_bot_is_closed_to_agents(people: People) -> None:
    grace = await people.customer("C009")
    await grace.opens_the_chat()
    await grace.says("I paid twice")
    await expect(grace.choices).not_to_have_count(0)
    tom = await people.member("tom")
    await tom.opens(f"/desk/conversations/{await grace.conversation()}")
    await expect(tom.page.get_by_role("heading", name="Not for you")).to_be_visible()
    tom.expected("403")


async def test_every_supervisors_page_fits_a_phone(people: People) -> None:
    await people.customer("C001")
    ines = await people.member("ines", PHONE)
    for path in ("/desk", "/desk/log", "/desk/looks", "/desk/alerts"):
        await ines.opens(path)
        await ines.fits()
