"""The pages in a real Chromium: what is live, what is safe, and what works with the keyboard and on a phone."""

import asyncio
import base64
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, Dialog, Page, Route, async_playwright, expect

from casework.identity import Session
from casework.ports import Staff
from casework.ports.learning import Wanted

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium"),
]
PNG = base64.b64decode(  # one pixel
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        yield browser
        await browser.close()


@asynccontextmanager
async def page_of(company: Any, chromium: Browser, who: Staff, width: int = 1440) -> AsyncIterator[Page]:
    """A signed-in browser that fails the test on any dialog or error of a script."""
    trouble: list[str] = []
    context = await chromium.new_context(base_url=company.url, viewport={"width": width, "height": 900})
    token = await company.sign_ins.sign_in(who.email, "correct horse battery", who.id)
    await context.add_cookies([{"name": "redress_desk", "value": token, "url": f"{company.url}/desk"}])
    page = await context.new_page()

    async def refuse(dialog: Dialog) -> None:
        trouble.append(f"dialog: {dialog.message}")
        await dialog.dismiss()

    page.on("dialog", refuse)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda m: trouble.append(m.text) if "Content Security" in m.text else None)
    yield page
    await context.close()
    assert trouble == []


async def test_a_new_arrival_shows_and_is_announced_without_a_reload(
    company: Any, chromium: Browser, asha: Staff
) -> None:
    async with page_of(company, chromium, asha) as page:
        await page.goto("/desk")
        await expect(page.locator("[data-live].on")).to_be_visible()
        await expect(page.get_by_text("Nobody is waiting.")).to_be_visible()
        await company.hands_over()
        await expect(page.get_by_role("link", name="Maya Fletcher")).to_be_visible()
        await expect(page.locator("[data-say]")).to_have_text(
            re.compile("New in the queue: Late delivery, frustrated")
        )
        await expect(page.locator("[data-size=waiting]")).to_have_text("1")
        await expect(page.locator(".wait .since")).to_have_text(re.compile(r"^\d+ s$"))


async def test_what_a_colleague_claims_leaves_the_queue_of_the_others(
    company: Any, chromium: Browser, asha: Staff, ben: Staff
) -> None:
    conversation = await company.hands_over()
    async with page_of(company, chromium, asha) as page:
        await page.goto("/desk")
        await expect(page.locator("[data-live].on")).to_be_visible()
        await company.app.state.desk.ownership.claim(conversation, ben)
        await expect(page.get_by_text("Nobody is waiting.")).to_be_visible()


async def test_the_loser_of_two_claims_reads_who_won(
    company: Any, chromium: Browser, asha: Staff, ben: Staff
) -> None:
    conversation = await company.hands_over()
    async with page_of(company, chromium, asha) as page:
        await page.goto("/desk")
        await page.route("**/desk/queue*", lambda route: route.abort())  # the news of it is late
        await company.app.state.desk.ownership.claim(conversation, ben)
        await page.get_by_role("button", name="Claim").click()
        await expect(page.get_by_role("alert")).to_have_text("Ben Archer has already taken this conversation.")


async def test_agent_and_customer_talk_live(company: Any, chromium: Browser, asha: Staff) -> None:
    conversation = await company.hands_over()
    async with page_of(company, chromium, asha) as page:
        await page.goto("/desk")
        await page.get_by_role("button", name="Claim").click()
        await expect(page.get_by_role("heading", name="Options still open")).to_be_visible()
        await expect(page.locator("[data-live].on")).to_be_visible()
        await page.keyboard.press("r")
        await page.keyboard.type("Hello Maya.")
        await page.keyboard.press("Enter")
        await expect(page.locator(".line.agent .words")).to_have_text("Hello Maya.")
        await company.says(conversation, f"hello Asha {SCRIPT}")
        await expect(page.locator(".line.customer .words").last).to_have_text(f"hello Asha {SCRIPT}")
        await page.keyboard.press("Escape")
        await page.keyboard.press("n")
        await page.keyboard.type("she is kind")
        await page.keyboard.press("Enter")
        await expect(page.locator(".line.note .words")).to_have_text("she is kind")
    assert all("kind" not in m.text for m in await company.store.messages.visible(conversation, 0))


async def test_a_draft_waits_while_the_agent_looks_at_another_chat(
    company: Any, chromium: Browser, asha: Staff
) -> None:
    maya, edith = await company.hands_over(), await company.hands_over("C020", "Edith Wainwright")
    for conversation in (maya, edith):
        await company.app.state.desk.ownership.claim(conversation, asha)
    async with page_of(company, chromium, asha) as page:
        await page.goto(f"/desk/conversations/{maya}")
        await page.locator("#words").fill("half a sentence")
        await page.locator(".rail .chat", has_text="Edith").click()
        await expect(page.locator("h1")).to_have_text("Edith Wainwright")
        await expect(page.locator("#words")).to_have_value("")
        await page.locator(".rail .chat", has_text="Maya").click()
        await expect(page.locator("#words")).to_have_value("half a sentence")


async def test_evidence_leads_to_the_record_it_cites(company: Any, chromium: Browser, asha: Staff) -> None:
    conversation = await company.hands_over()
    await company.app.state.desk.ownership.claim(conversation, asha)
    async with page_of(company, chromium, asha) as page:
        await page.goto(f"/desk/conversations/{conversation}")
        await page.locator(".cite", has_text="order event").first.click()
        await expect(page.locator(".timeline li.flash")).to_be_in_viewport()
        await page.locator(".cite", has_text="message").first.click()
        await expect(page.locator(".line.flash")).to_be_in_viewport()


async def test_an_option_is_booked_after_a_yes(company: Any, chromium: Browser, asha: Staff) -> None:
    conversation = await company.opens("C001", "Maya Fletcher")
    await company.says(conversation, "where is my parcel, it is late", challenges=["late_delivery"])
    await company.says(conversation, "a person please", act="request_human", topic="person")
    await company.app.state.desk.ownership.claim(conversation, asha)
    async with page_of(company, chromium, asha) as page:
        await page.goto(f"/desk/conversations/{conversation}")
        await page.evaluate("window.confirm = () => true")
        await page.get_by_role("button", name="Book").first.click()
        await expect(page.get_by_role("alert")).to_have_text(
            re.compile("^Booked, reference .* The customer was told.")
        )
        await expect(page.locator(".line.agent .words")).to_have_text(re.compile("HP-"))
        await expect(page.locator(".given")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1440])
async def test_no_page_is_wider_than_its_window(
    company: Any, chromium: Browser, asha: Staff, vera: Staff, width: int
) -> None:
    conversation = await company.hands_over(words="x" * 400 + " I want a person")
    async with page_of(company, chromium, vera, width) as page:
        for path in ("", "/log", f"/log/{conversation}", f"/conversations/{conversation}", "/alerts", "/looks"):
            await page.goto(f"/desk{path}")
            assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path


async def test_an_open_page_is_not_redrawn_when_nothing_changed(company: Any, chromium: Browser, asha: Staff) -> None:
    conversation = await company.hands_over()
    await company.app.state.desk.ownership.claim(conversation, asha)
    seen = asyncio.Event()

    async def after_seen(route: Route) -> None:
        await seen.wait()
        await route.continue_()

    async with page_of(company, chromium, asha) as page:
        await page.route("**/pieces", after_seen)  # the first news asks for them: something may have been missed
        async with page.expect_response("**/pieces"):
            await page.goto(f"/desk/conversations/{conversation}")
            await page.evaluate(
                "document.querySelectorAll('[data-piece]').forEach((x) => (x.firstElementChild.old = 1))"
            )
            seen.set()
        kept = "[...document.querySelectorAll('[data-piece]')].map((x) => x.firstElementChild.old)"
        assert await page.evaluate(kept) == [1, 1, 1]


async def collected(company: Any, *texts: str) -> None:
    for n, words in enumerate(texts):
        conversation = await company.opens(f"C00{n + 1}", f"Customer {n}")
        await company.says(conversation, words, challenges=["wrong_item"], sure=0.4)
    await company.parts.learning.note()


async def test_a_text_is_labelled_with_the_keyboard_and_the_next_one_follows(
    company: Any, chromium: Browser, vera: Staff
) -> None:
    await collected(company, "the jug has a crack in it", "it is the wrong blue, isn't it")
    async with page_of(company, chromium, vera) as page:
        await page.goto("/desk/review")
        await page.keyboard.press("j")
        await page.keyboard.press("j")
        await page.keyboard.press("Enter")
        await expect(page.locator("blockquote")).to_have_text("the jug has a crack in it")
        for key in ("/", *"wrong i", "Enter", *"damaged", "Enter"):
            await page.keyboard.press(key if key != " " else "Space")
        await expect(page.locator("[data-help-place]")).to_contain_text("broken, dented, leaking on arrival")
        for key in ("Escape", "2", "a"):
            await page.keyboard.press(key)
        await expect(page).to_have_url(f"{company.url}/desk/review")
    (accepted,) = await company.parts.learning.reviews.accepted()
    assert accepted.labels["challenges"] == ["damaged_item"]
    assert accepted.labels["frustration"] == 2


async def test_an_agent_corrects_with_one_click_and_may_say_more(
    company: Any, chromium: Browser, asha: Staff
) -> None:
    conversation = await company.hands_over()
    async with page_of(company, chromium, asha) as page:
        await page.goto(f"/desk/conversations/{conversation}")
        await page.get_by_text("Say more before you choose").click()
        await page.get_by_label("The right frustration").select_option("Furious")
        await page.get_by_role("button", name="Wrong frustration").click()
        await expect(page.get_by_role("alert")).to_have_text("Thank you. A supervisor will look at it.")
    (said,) = (await company.parts.learning.reviews.corrections(None)).rows
    assert (said.what, said.right, said.by) == ("frustration", "3", "Asha Verma")


@pytest.mark.parametrize("width", [390, 1440])
async def test_no_page_of_the_review_is_wider_than_its_window(
    company: Any, chromium: Browser, vera: Staff, width: int
) -> None:
    await collected(company, "x" * 300 + " it is the wrong blue")
    (item,) = (await company.parts.learning.reviews.list(Wanted(), None)).rows
    async with page_of(company, chromium, vera, width) as page:
        for path in ("", f"/{item.id}", "/corrections", "/drift", "/guide"):
            await page.goto(f"/desk/review{path}")
            assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path


async def test_files_and_saved_replies_go_both_ways(
    company: Any, chromium: Browser, asha: Staff, vera: Staff, tmp_path: Path
) -> None:
    photo = tmp_path / "Broken lamp.png"
    photo.write_bytes(PNG)
    await company.parts.saved_replies.save(vera, "Thanks", "Thank you, {first name}.")
    conversation = await company.hands_over()
    await company.app.state.desk.ownership.claim(conversation, asha)
    form = {"data": {"id": "p1", "text": "here it is"}, "files": {"file": ("x.png", PNG, "image/png")}}
    session = Session(conversation, "C001")
    token, _ = company.app.state.desk.tokens.sign_session(session)
    async with (
        page_of(company, chromium, asha) as page,
        httpx.AsyncClient(base_url=company.url, trust_env=False) as customer,
    ):
        await page.goto(f"/desk/conversations/{conversation}")
        await expect(page.locator("[data-live].on")).to_be_attached()
        sent = await customer.post("/chat/attachments", headers={"Authorization": f"Bearer {token}"}, **form)
        assert sent.status_code == 202
        picture = page.locator(".line.customer .attached img")
        await expect(picture).to_be_visible()
        await picture.evaluate("(img) => img.decode()")
        await page.locator("[data-saved]").select_option(label="Thanks")
        await expect(page.locator("#words")).to_have_value("Thank you, Maya.")
        await page.locator("[data-file]").set_input_files(photo)
        await expect(page.locator("[data-chosen]")).to_have_text("Broken lamp.png")
        await page.get_by_role("button", name="Send").click()
        await expect(page.locator(".line.agent .attached img")).to_have_attribute("alt", "Broken lamp.png")
        await expect(page.locator("[data-chosen]")).to_be_hidden()
