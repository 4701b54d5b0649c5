"""Whatever people write is shown as they wrote it, does nothing, and breaks no page."""

from playwright.async_api import expect

from tests.browser.people import PHONE, People, Window

OWN = "document.documentElement.dataset.owned = '1'"
SCRIPTS = f'<script>{OWN}</script><img src=x onerror="{OWN}"><svg onload="{OWN}"></svg>{{{{7*7}}}} &lt;b&gt;'
RIGHT_TO_LEFT = "أين طردي؟ \u202egnihton\u202c رقم 10012 שלום"
LONG_WORD = "x" * 1500 + "https://" + "y" * 900
EMOJI = "😡" * 200 + "👩‍👩‍👧‍👦🏴󠁧󠁢󠁳󠁣󠁴󠁿 e" + "\u0301" * 60
HOSTILE = (SCRIPTS, RIGHT_TO_LEFT, LONG_WORD, EMOJI)


async def is_inert(window: Window) -> None:
    """No markup came alive, and the page keeps its width."""
    assert await window.page.evaluate("document.documentElement.dataset.owned ?? ''") == ""
    await window.fits()


async def is_inert_on_a_phone(window: Window) -> None:
    await window.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    await is_inert(window)


async def test_hostile_text_is_inert_in_chat_desk_and_log(people: People) -> None:
    leo = await people.customer("C012", called=f"<b>Leo</b> {SCRIPTS} {LONG_WORD[:60]}")
    await leo.opens_the_chat()
    for text in HOSTILE:
        await leo.says(text)
    await expect(leo.log.locator(".row.customer .bubble")).to_contain_text(HOSTILE)
    await leo.says("I want to talk to a person")
    await leo.talks_to("Waiting for a person")
    await is_inert(leo)
    conversation = await leo.conversation()

    sara = await people.member("sara")
    await is_inert(sara)
    await sara.claims(conversation)
    await expect(sara.page.locator(".line.customer .words")).to_contain_text(HOSTILE)
    for text in HOSTILE:
        await sara.writes(text)
        await expect(leo.log.locator(".row.agent .bubble").last).to_contain_text(text)
    await sara.notes(SCRIPTS)
    await expect(sara.page.locator(".line.note .words")).to_contain_text(SCRIPTS)
    await is_inert(sara)
    await is_inert(leo)
    await is_inert_on_a_phone(sara)

    ines = await people.member("ines")
    await ines.opens("/desk/log")
    await is_inert(ines)
    await ines.opens(f"/desk/log/{conversation}")
    await expect(ines.page.locator(".line.customer .words")).to_contain_text(HOSTILE)
    await is_inert(ines)
    await is_inert_on_a_phone(ines)


async def test_a_message_that_is_too_long_is_told_before_it_is_sent_and_kept(people: People) -> None:
    leo = await people.customer("C012")
    await leo.opens_the_chat()
    await leo.words.fill("a" * 8001)
    await expect(leo.page.get_by_text("1 characters too long")).to_be_visible()
    await expect(leo.page.get_by_role("button", name="Send", exact=True)).to_be_disabled()
    await leo.words.press("Enter")
    await expect(leo.words).to_have_value("a" * 8001)
    await leo.words.fill("   \n ")
    await expect(leo.page.get_by_role("button", name="Send", exact=True)).to_be_disabled()
