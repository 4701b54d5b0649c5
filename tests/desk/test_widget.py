"""The widget in a real browser, on the demo shop's page."""

import shutil
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Page, async_playwright, expect

from casework.ports import Link, Signal, Staff
from casework.sniffing import SHOWN_IN_PLACE
from tests.desk.conftest import DeskUnderTest, now

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="No Chromium here: apt-get install chromium"),
]


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Any]:
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        await running.close()


@pytest.fixture
async def page(browser: Any, desk: DeskUnderTest) -> AsyncIterator[Page]:
    context = await browser.new_context(base_url=desk.url)
    page = await context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
    yield page
    await context.close()
    assert not [p for p in problems if "ERR_" not in p and "Failed to load resource" not in p]


async def chat(page: Page, path: str = "/?customer=4711") -> None:
    await page.goto(path)
    await page.get_by_role("button", name="Help", exact=True).click()
    await expect(page.get_by_text("You are talking to the assistant")).to_be_visible()


async def write(page: Page, words: str) -> None:
    await page.get_by_label("Your message").fill(words)
    await page.keyboard.press("Enter")


async def test_a_customer_writes_and_is_answered_and_a_reload_restores_the_thread(page: Page) -> None:
    await chat(page)
    await write(page, "my parcel is late")
    await expect(page.get_by_text("You said: my parcel is late")).to_be_visible()
    await page.reload()
    await expect(page.get_by_text("You said: my parcel is late")).to_be_visible()
    await expect(page.locator(".row")).to_have_count(2)


async def test_markup_in_a_message_is_shown_as_text(page: Page) -> None:
    await chat(page)
    await write(page, "<img src=x onerror=\"document.body.dataset.owned='1'\"><script>1</script>")
    await expect(page.get_by_text("You said: <img src=x")).to_be_visible()
    assert await page.evaluate("document.body.dataset.owned") is None


async def test_a_button_answers_once_and_is_then_retired(page: Page, desk: DeskUnderTest) -> None:
    yes = {"title": "Yes, please", "payload": "/affirm"}
    desk.engine.say = lambda turn: [{"text": "Shall I?", "buttons": [yes]}]
    await chat(page)
    await write(page, "replace it")
    await page.get_by_role("button", name="Yes, please").click()
    await expect(page.get_by_text("Shall I?")).to_have_count(2)
    assert desk.engine.asked[-1]["text"] == "/affirm"
    assert desk.engine.asked[-1]["payload"] is True
    await expect(page.get_by_role("button", name="Yes, please").first).to_be_disabled()


async def test_the_customer_sees_who_they_are_talking_to(page: Page, desk: DeskUnderTest, vera: Staff) -> None:
    await chat(page)
    await write(page, "hello")
    await expect(page.get_by_text("You said: hello")).to_be_visible()
    conversation = desk.engine.asked[0]["conversation"]
    await desk.ownership.take_over(conversation, vera)
    await expect(page.get_by_text("You are talking to Vera")).to_be_visible()
    await desk.ownership.send_as_agent(conversation, vera, "Hello,\nI am on it.")
    await expect(page.get_by_text("I am on it.")).to_be_visible()


async def test_typing_shows_only_while_somebody_types(page: Page, desk: DeskUnderTest) -> None:
    await chat(page)
    desk.engine.may_answer.clear()
    await write(page, "hello")
    await expect(page.get_by_text("The assistant is typing")).to_be_visible()
    desk.engine.may_answer.set()
    await expect(page.get_by_text("You said: hello")).to_be_visible()
    await expect(page.get_by_text("The assistant is typing")).to_have_count(0)


async def test_typing_of_somebody_who_is_gone_runs_out(page: Page, desk: DeskUnderTest, vera: Staff) -> None:
    await page.clock.install()
    await chat(page)
    await write(page, "hello")
    await expect(page.get_by_text("You said: hello")).to_be_visible()
    conversation = desk.engine.asked[0]["conversation"]
    await desk.ownership.take_over(conversation, vera)
    await expect(page.get_by_text("You are talking to Vera")).to_be_visible()
    await desk.store.signals.send(Signal("typing", conversation, {"who": "agent", "on": True}))
    await expect(page.get_by_text("Vera is typing")).to_be_visible()
    await page.clock.run_for(6_000)
    await expect(page.get_by_text("Vera is typing")).to_be_visible()
    await page.clock.run_for(3_000)
    await expect(page.get_by_text("Vera is typing")).to_have_count(0)


async def test_what_was_written_while_the_line_was_down_is_sent_once(page: Page, desk: DeskUnderTest) -> None:
    await chat(page)
    await page.context.set_offline(True)
    await write(page, "are you there?")
    await expect(page.get_by_text("Not sent yet.")).to_be_visible()
    await page.context.set_offline(False)
    await expect(page.get_by_text("You said: are you there?")).to_be_visible(timeout=15_000)
    assert [turn["text"] for turn in desk.engine.asked] == ["are you there?"]


async def test_who_signs_in_keeps_the_conversation_begun_as_a_stranger(page: Page) -> None:
    await chat(page, "/")
    await write(page, "where is my lamp")
    await expect(page.get_by_text("You said: where is my lamp")).to_be_visible()
    await page.goto("/?customer=4711")
    await expect(page.get_by_text("You said: where is my lamp")).to_be_visible()
    await page.goto("/")
    await page.get_by_role("button", name="Help", exact=True).click()
    await expect(page.get_by_text("You are talking to the assistant")).to_be_visible()
    await expect(page.get_by_text("You said: where is my lamp")).to_have_count(0)


async def test_the_chat_is_a_full_sheet_on_a_phone_and_works_by_keyboard(page: Page) -> None:
    await page.set_viewport_size({"width": 390, "height": 780})
    await page.goto("/")
    await page.get_by_role("button", name="Help", exact=True).focus()
    await page.keyboard.press("Enter")
    box = await page.get_by_role("dialog").bounding_box()
    assert box is not None
    assert (round(box["width"]), round(box["height"])) == (390, 780)
    await expect(page.get_by_label("Your message")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Help", exact=True)).to_be_focused()


async def test_phones_are_asked_for_pictures_that_everybody_can_see_and_that_lose_their_place_and_time(
    page: Page,
) -> None:
    await chat(page)
    asked = str(await page.locator("input[type=file]").get_attribute("accept")).split(",")
    pictures = {kind for kind in SHOWN_IN_PLACE if kind.startswith("image/")}
    assert {kind for kind in asked if kind.startswith("image/")} == pictures
    assert {"audio/*", "video/*", "text/*", ".pdf", ".docx", ".xlsx"} <= set(asked)


async def test_who_typed_a_code_can_sign_out_and_no_tab_of_this_browser_shows_the_thread_any_more(
    page: Page, desk: DeskUnderTest
) -> None:
    await page.set_viewport_size({"width": 390, "height": 780})
    await chat(page, "/")
    leave = page.get_by_role("button", name="Sign out")
    await expect(leave).to_be_hidden()
    await write(page, "where is my lamp")
    await expect(page.get_by_text("You said: where is my lamp")).to_be_visible()
    conversation = desk.engine.asked[0]["conversation"]
    await desk.store.identities.link(Link("web", conversation, "4711", "email_code", now()))
    await desk.store.conversations.verify(conversation, "4711", "Ada Moss", "customer:4711")
    await expect(leave).to_be_visible()
    other_tab = await page.context.new_page()
    await other_tab.goto("/")
    await expect(other_tab.get_by_text("You said: where is my lamp")).to_be_visible()
    await leave.click()
    for tab in (page, other_tab):
        await expect(tab.get_by_text("utter_chat_unlinked")).to_be_visible()
        await expect(tab.get_by_text("You said: where is my lamp")).to_have_count(0)
        await expect(tab.get_by_role("button", name="Sign out")).to_be_hidden()
    await write(page, "hello again")
    await expect(page.get_by_text("You said: hello again")).to_be_visible()
    assert (await desk.store.conversations.get(desk.engine.asked[-1]["conversation"])).customer_id is None
