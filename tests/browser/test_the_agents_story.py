"""The agent's story: a handoff arrives, one of two agents claims it, talks, books, gives back, resolves."""

import asyncio
import re

from playwright.async_api import Dialog, Route, expect

from tests.browser.people import PHONE, RETURN, Customer, Member, People


async def a_customer_who_wants_a_person(people: People, demo_id: str, problem: str) -> tuple[Customer, str]:
    customer = await people.customer(demo_id)
    await customer.opens_the_chat()
    await customer.says(problem)
    await expect(customer.choices).not_to_have_count(0)
    await customer.presses("Talk to a person")
    await customer.talks_to("Waiting for a person")
    return customer, await customer.conversation()


async def test_a_handoff_arrives_by_itself_and_of_two_who_claim_it_at_once_one_wins(people: People) -> None:
    maya, tom = await asyncio.gather(people.member("maya"), people.member("tom"))
    owen, conversation = await a_customer_who_wants_a_person(people, "C002", "the courier lost my parcel")
    both = asyncio.Barrier(2)

    async def at_once(route: Route) -> None:
        await both.wait()
        await route.continue_()

    for agent in (maya, tom):
        await expect(agent.entry(conversation)).to_contain_text("Owen Pritchard")  # nobody reloaded
        await agent.page.route("**/claim", at_once)
    claims = [agent.entry(conversation).get_by_role("button", name="Claim").click() for agent in (maya, tom)]
    await asyncio.gather(*claims)

    await owen.talks_to(re.compile("You are talking to (Maya|Tom)"))
    maya_won = await owen.page.get_by_text("You are talking to Maya").count() == 1
    winner, loser, name = (maya, tom, "Maya Okafor") if maya_won else (tom, maya, "Tom Lindqvist")
    await loser.is_told(name)
    loser.expected("409")
    await expect(winner.page).to_have_url(re.compile(conversation))
    await expect(winner.page.get_by_role("button", name=RETURN)).to_be_visible()
    await expect(loser.entry(conversation)).to_have_count(0)  # it waits no longer


async def test_the_packet_says_why_and_leads_to_the_records_it_cites(people: People) -> None:
    _, conversation = await a_customer_who_wants_a_person(
        people, "C026", "my mattress is still not here and nobody rang me back as you promised"
    )
    maya = await people.member("maya")
    await maya.claims(conversation)
    packet = maya.page.get_by_role("complementary", name="Handoff packet")
    await expect(packet.get_by_role("heading", name="Why a person")).to_be_visible()

    for link in await packet.locator(".reasons .cite").all():
        target = await link.get_attribute("href")
        assert target, "every sentence leads somewhere on this page"
        await link.click()
        await expect(maya.page.locator(target)).to_be_focused()
        await expect(maya.page.locator(target)).to_be_in_viewport()
    kinds = {(await link.inner_text()).split()[0] for link in await packet.locator(".reasons .cite").all()}
    assert kinds - {"message"}, "the history is cited, not only what was just said"
    for part in ("Options still open", "Tried so far", "Frustration over time", "Customer", "Timeline"):
        await expect(packet.get_by_role("heading", name=part)).to_have_count(1)
    await expect(packet.get_by_text(re.compile("^1 message: "))).to_be_visible()  # a pressed button shows no feeling
    await maya.fits()


async def test_an_agent_talks_books_gives_back_and_resolves(people: People) -> None:
    maya = await people.member("maya")
    declan, conversation = await a_customer_who_wants_a_person(people, "C006", "my washing machine stopped working")
    await maya.claims(conversation)
    await declan.talks_to("You are talking to Maya")

    await they_talk_while_the_bot_is_silent(maya, declan)
    await a_note_stays_inside(maya, declan)
    await a_note_begun_while_a_reply_is_on_its_way_is_still_a_note(maya, declan)
    await an_option_is_booked_once(maya, declan)

    await maya.page.get_by_role("button", name=RETURN).click()
    await declan.talks_to("You are talking to the assistant")
    bots = await declan.log.locator(".row.bot").count()
    await declan.says("thank you, and how long do I have to send things back?")
    await expect(declan.log.locator(".row.bot").nth(bots)).to_be_visible()

    await maya.opens("/desk")
    await declan.says("I would like to talk to a person again please")
    await declan.talks_to("Waiting for a person")
    await maya.claims(conversation)
    await maya.page.get_by_text("Resolve…").click()
    await maya.page.get_by_label("Root cause").select_option("batch_fault")
    await maya.page.get_by_role("button", name="Resolve and close").click()
    await expect(maya.page).to_have_url(re.compile("view=mine"))
    await expect(maya.entry(conversation)).to_have_count(0)
    await declan.reads(re.compile("solved"))


async def they_talk_while_the_bot_is_silent(maya: Member, declan: Customer) -> None:
    bots = await declan.log.locator(".row.bot").count()
    await declan.says("hello Maya, are you a person?")
    await maya.reads("hello Maya, are you a person?")
    await maya.page.get_by_label("Message", exact=True).press_sequentially("I am,")
    await expect(declan.page.get_by_text("Maya is typing")).to_be_visible()
    await maya.writes("I am, and I have read it all.")
    await declan.reads("I am, and I have read it all.")
    await expect(declan.page.get_by_text("Maya is typing")).to_be_hidden()
    await expect(declan.log.locator(".row.agent .name")).to_have_text("Maya")
    await expect(declan.log.locator(".row.bot")).to_have_count(bots)


async def a_note_stays_inside(maya: Member, declan: Customer) -> None:
    await maya.notes("Rang the maker: second batch too.")
    await maya.reads("Rang the maker: second batch too.")
    await maya.writes("One moment, please.")
    await declan.reads("One moment, please.")
    await declan.never_reads("Rang the maker")
    await declan.page.reload()
    await declan.reads("One moment, please.")
    await declan.never_reads("Rang the maker")


async def a_note_begun_while_a_reply_is_on_its_way_is_still_a_note(maya: Member, declan: Customer) -> None:
    arrives = asyncio.Event()

    async def slowly(route: Route) -> None:
        await arrives.wait()
        await route.continue_()

    await maya.page.route("**/messages", slowly)
    field, note = maya.page.get_by_label("Message", exact=True), maya.page.get_by_role("radio", name="Internal note")
    await maya.writes("I have asked our technician.")
    await note.check()
    await field.fill("He sounded unsure.")
    await field.press("Enter")
    await expect(field).to_have_value("He sounded unsure.")
    arrives.set()
    await declan.reads("I have asked our technician.")
    await maya.page.unroute("**/messages")
    await expect(maya.page.locator(".line.note").get_by_text("He sounded unsure.")).to_be_visible()
    await expect(maya.page.get_by_role("radio", name="Reply to Declan")).to_be_checked()
    await declan.never_reads("He sounded unsure.")


async def an_option_is_booked_once(maya: Member, declan: Customer) -> None:
    async def says_yes(dialog: Dialog) -> None:
        await dialog.accept()

    maya.page.on("dialog", says_yes)
    options = maya.page.locator("#options")
    await expect(options).to_contain_text("Your limit: £300")
    option = options.get_by_role("listitem").filter(has=maya.page.get_by_role("button", name="Book")).first
    before = await declan.log.locator(".row").count()
    await option.get_by_role("button", name="Book").dblclick()
    await maya.is_told(re.compile("Booked, reference"))
    await expect(declan.log.locator(".row").nth(before)).to_be_visible()
    await expect(options.locator(".given")).to_have_count(1)
    await maya.page.reload()
    await expect(options.locator(".given")).to_have_count(1)


async def test_an_agent_works_on_a_phone_too(people: People) -> None:
    _, conversation = await a_customer_who_wants_a_person(people, "C012", "nobody came to collect my tower fan")
    tom = await people.member("tom", PHONE)
    await tom.fits()
    await tom.claims(conversation)
    await tom.fits()
    await tom.page.get_by_role("button", name="Packet").click()
    await expect(tom.page.get_by_role("heading", name="Why a person")).to_be_in_viewport()
    await tom.page.locator(".reasons .cite").first.click()
    await tom.fits()
    await tom.page.get_by_role("button", name="Chat", exact=True).click()
    await tom.writes("Hello, Tom here.")
    await tom.reads("Hello, Tom here.")
