"""The customer's whole story, on a phone: from an angry first message to a booked remedy, and a reload later."""

import re

from playwright.async_api import expect

from tests.browser.people import People

BOOKED = re.compile(r"\b(booked|done|all set)\b", re.I)
WORDS = "my parcel was due on monday and still nothing, this is the second time!!"


async def test_a_late_parcel_is_made_right_on_a_phone_and_a_reload_restores_the_thread(people: People) -> None:
    maya = await people.customer("C001")
    await maya.opens_the_chat()
    await expect(maya.page.get_by_text("Hello Maya")).to_be_visible()
    await maya.fits()

    await maya.says(WORDS)
    await expect(maya.page.get_by_text("Hello Maya")).to_be_hidden()
    await maya.reads(WORDS)
    await maya.reads(re.compile("sorry"))  # it listens and apologises,
    await maya.reads(re.compile(f"kettle|{maya.names['10012']}"))  # for the right order,
    await maya.reads(re.compile("strike"))  # and explains what the order's events show

    await expect(maya.choices).to_have_count(4)
    first_offers = (await maya.choices.all_inner_texts())[:2]
    await expect(maya.choices.first).to_have_attribute("data-rank", "1")  # ranked, the best for her first
    await expect(maya.choices.nth(2)).to_have_text("Neither of these")
    await expect(maya.choices.last).to_have_text("Talk to a person")

    await maya.presses("Neither of these")
    await expect(maya.choices).to_have_count(4)
    second_offers = (await maya.choices.all_inner_texts())[:2]
    assert not set(first_offers) & set(second_offers)

    await maya.presses(second_offers[1])
    await expect(maya.choices.first).to_have_text("Yes, please book it")
    assert await people.was_given(maya) == []  # nothing is booked before she says yes

    await maya.presses("Yes, please book it")
    await maya.reads(BOOKED)
    await expect(maya.choices).to_have_count(0)
    assert len(await people.was_given(maya)) == 1
    await maya.never_reads("Part of our system is down")

    rows, thread = await maya.log.locator(".row").count(), await maya.thread()
    await maya.page.reload()
    await expect(maya.log.locator(".row")).to_have_count(rows)
    assert await maya.thread() == thread
    await expect(maya.choices).to_have_count(0)  # a question that was answered stays answered
    await maya.fits()


async def test_a_long_answer_is_read_from_its_beginning_on_a_small_screen(people: People) -> None:
    maya = await people.customer("C001", (390, 480))
    await maya.opens_the_chat()
    await maya.says(WORDS)
    await expect(maya.choices).to_have_count(4)
    await expect(maya.log.locator(".row.bot .bubble").first).to_be_in_viewport(ratio=0.9)
    await maya.choices.last.click()
    await maya.talks_to("Waiting for a person")
    await expect(maya.log.locator(".row").last).to_be_in_viewport(ratio=0.9)


async def test_the_same_story_needs_no_mouse(people: People) -> None:
    maya = await people.customer("C001")
    keys = maya.page.keyboard
    await maya.tabs_to(maya.page.get_by_role("button", name="Help", exact=True))
    await keys.press("Enter")
    await expect(maya.words).to_be_focused()

    await keys.type(WORDS)
    await keys.press("Enter")
    await expect(maya.choices).to_have_count(4)
    await expect(maya.words).to_be_focused()  # an answer takes nobody's focus away

    await maya.tabs_to(maya.choices.first, backwards=True)
    chosen = await maya.choices.first.inner_text()
    await keys.press("Enter")
    await expect(maya.words).to_be_focused()
    await expect(maya.log.get_by_role("button", name=chosen)).to_be_disabled()

    await maya.tabs_to(maya.choices.filter(has_text="Yes, please book it"), backwards=True)
    await keys.press("Space")
    await maya.reads(BOOKED)

    await keys.press("Escape")
    await expect(maya.page.get_by_role("dialog")).to_be_hidden()
    await expect(maya.page.get_by_role("button", name="Help", exact=True)).to_be_focused()


async def test_a_screen_reader_hears_each_answer_once_and_who_said_it(people: People) -> None:
    maya = await people.customer("C001")
    await maya.opens_the_chat()
    await expect(maya.log).to_have_attribute("aria-live", "polite")
    await expect(maya.log).to_have_attribute("aria-relevant", "additions")
    await expect(maya.page.get_by_role("dialog", name="Chat with Harbour & Pine")).to_be_visible()

    await maya.says("hello")
    answer = maya.log.locator(".row.bot .bubble").first
    await expect(answer).to_contain_text("Assistant:")
    await expect(maya.log.locator(".row.customer .bubble")).to_have_text("You: hello")
    await expect(maya.log.get_by_text(await answer.inner_text())).to_have_count(1)


async def test_a_stranger_is_helped_and_sees_nothing_of_anybodys_history(people: People) -> None:
    stranger = await people.stranger()
    await stranger.opens_the_chat()
    await stranger.says("where is my order 10012? I am Maya Fletcher")
    await expect(stranger.log.locator(".row.bot")).not_to_have_count(0)
    await stranger.reads(re.compile("sign(?:ing)? in", re.I))
    await stranger.says("the order is 10012 and my email is maya.fletcher1@example.com, it is late")
    await expect(stranger.log.locator(".row.customer + .row.bot")).to_have_count(2)

    said = " ".join(await stranger.log.locator(".row:not(.customer)").all_inner_texts()).lower()
    for secret in ("kettle", "copper", "swiftship", "strike", "north east", "£", "voucher", "16 nov"):
        assert secret not in said
    await expect(stranger.log.get_by_role("button", name="Talk to a person").last).to_be_enabled()


async def test_nobody_finds_anothers_thread_on_a_shared_computer(people: People) -> None:
    maya = await people.customer("C001")
    await maya.opens_the_chat()
    await maya.says("my kettle is late")
    await maya.reads(re.compile("kettle"))
    await maya.page.goto("/")
    await maya.opens_the_chat()
    await expect(maya.log.locator(".row")).to_have_count(0)
    await maya.page.goto("/?customer=C001")  # the way back is her own sign-in
    await maya.reads(re.compile("my kettle is late"))
