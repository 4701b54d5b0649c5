"""What customers and staff do at their browsers, in the words of a story."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from playwright.async_api import Browser, Locator, Page, Route, StorageState, expect

from crm_adapter.demo import DEMO_CUSTOMERS
from redress.customers import Customers
from redress.demo import read_sign_ins
from redress.settings import Settings
from redress.webchat import identity_token

PHONE, SCREEN = (390, 844), (1440, 900)
RETURN = re.compile("^Return to the")
_ADDRESSES = {demo.id: demo.customer.email for demo in DEMO_CUSTOMERS}


@dataclass
class Window:
    """One person's browser window, and what went wrong on its pages."""

    page: Page
    troubles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("console", lambda line: self.troubles.append(line.text) if line.type == "error" else None)

    def expected(self, part: str) -> None:
        """Forgive a trouble that the story means to have."""
        assert any(part in trouble for trouble in self.troubles), self.troubles
        self.troubles = [trouble for trouble in self.troubles if part not in trouble]

    async def fits(self) -> None:
        """Nothing makes the page scroll sideways."""
        wide = await self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{self.page.url} is {wide} px too wide"


@dataclass
class Customer(Window):
    """Somebody at the demo shop. `names`: what the copied customer's order numbers are called now."""

    id: str = ""
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def words(self) -> Locator:
        return self.page.get_by_label("Your message")

    @property
    def choices(self) -> Locator:
        """The answers that can be pressed now."""
        return self.log.get_by_role("button", disabled=False)

    async def opens_the_chat(self) -> None:
        await self.page.get_by_role("button", name="Help", exact=True).click()
        await expect(self.page.get_by_text("You are talking to the assistant")).to_be_visible()

    async def says(self, text: str) -> None:
        await self.words.fill(text)
        await self.words.press("Enter")
        await expect(self.words).to_have_value("")

    async def presses(self, title: str) -> None:
        await self.choices.filter(has_text=title).click()

    async def reads(self, text: str | re.Pattern[str]) -> None:
        await expect(self.log.get_by_text(text).last).to_be_visible()

    async def talks_to(self, text: str) -> None:
        await expect(self.page.get_by_role("dialog").get_by_text(text)).to_be_visible()

    async def conversation(self) -> str:
        """Its id, from what the chat keeps in the browser."""
        kept = "Object.values(localStorage).map(v => JSON.parse(v).conversation).find(id => id)"
        found = await self.page.evaluate(kept)
        assert isinstance(found, str)
        return found

    async def thread(self) -> list[str]:
        """All that was said, and what can be pressed."""
        return await self.log.locator(".bubble, .choice").all_inner_texts()

    async def tabs_to(self, where: Locator, *, backwards: bool = False) -> None:
        """Only the Tab key moves. A page of ours is never more stops than this away."""
        await expect(where).to_be_visible()
        for _ in range(40):
            if await where.evaluate("e => e.getRootNode().activeElement === e"):
                return
            await self.page.keyboard.press("Shift+Tab" if backwards else "Tab")
        raise AssertionError(f"Tab does not reach {where}")

    async def never_reads(self, *texts: str) -> None:
        for text in texts:
            await expect(self.page.get_by_text(text)).to_have_count(0)


@dataclass
class Member(Window):
    """A member of staff at the desk."""

    async def opens(self, path: str) -> None:
        await self.page.goto(path)

    def entry(self, conversation: str) -> Locator:
        """A conversation's line in the queue."""
        return self.page.locator(f'[data-conversation="{conversation}"]')

    async def claims(self, conversation: str) -> None:
        """From the queue, as soon as it is there."""
        await self.entry(conversation).get_by_role("button", name="Claim").click()
        await expect(self.page.get_by_role("button", name=RETURN)).to_be_visible()

    async def writes(self, text: str) -> None:
        await self.page.get_by_label("Message", exact=True).fill(text)
        await self.page.keyboard.press("Enter")

    async def notes(self, text: str) -> None:
        await self.page.get_by_role("radio", name="Internal note").check()
        await self.writes(text)

    async def reads(self, text: str) -> None:
        await expect(self.page.locator("[data-lines]").get_by_text(text).last).to_be_visible()

    async def is_told(self, text: str | re.Pattern[str]) -> None:
        """In the short message at the foot of the page."""
        await expect(self.page.locator("[data-trouble]")).to_contain_text(text)


@dataclass
class People:
    """Brings people to browser windows of their own."""

    chromium: Browser
    product: Settings
    copies: Customers
    windows: AsyncExitStack
    keys: dict[str, StorageState]  # who has signed in before comes in with the cookie

    async def customer(self, demo_id: str, size: tuple[int, int] = PHONE, called: str = "") -> Customer:
        """A demo customer on the shop's page: a copy, whose history no other test has touched."""
        copy, names = await self.copies.one(_ADDRESSES[demo_id], fresh=True)
        token = identity_token(self.product.identity_secret.get_secret_value(), copy.id, called or copy.name)
        page = await self._window(size)

        async def as_the_copy(route: Route) -> None:
            answer = await route.fetch()
            body = re.sub(r'token="[^"]+"', f'token="{token}"', await answer.text())
            await route.fulfill(response=answer, body=body)

        await page.route(lambda url: url.endswith(f"/?customer={demo_id}"), as_the_copy)
        await page.goto(f"/?customer={demo_id}")
        return await self._watched(Customer(page, id=copy.id, names=names))

    async def was_given(self, customer: Customer) -> list[str]:
        """What the CRM says that this customer was granted."""
        history = await self.copies.crm.history(customer.id)
        return [compensation.remedy for compensation in history.compensations]

    async def stranger(self, size: tuple[int, int] = PHONE) -> Customer:
        page = await self._window(size)
        await page.goto("/")
        return await self._watched(Customer(page))

    async def member(self, name: str, size: tuple[int, int] = SCREEN) -> Member:
        """One of the demo staff, signed in: `maya`, `tom`, `sara` or `ines`."""
        member = await self._watched(Member(await self._window(size, self.keys.get(name))))
        await member.opens("/desk")
        if name not in self.keys:
            await self._sign_in(name, member.page)
        await expect(member.page.get_by_role("heading", name="Queue")).to_be_visible()
        await expect(member.page.locator("[data-live].on")).to_be_visible()
        return member

    async def _sign_in(self, name: str, page: Page) -> None:
        email, password, *_ = next(line for line in read_sign_ins(self.product.home) if line.startswith(name)).split()
        await page.get_by_label("E-mail address").fill(email)
        await page.get_by_label("Password").fill(password)
        await page.get_by_role("button", name="Sign in").click()
        await page.wait_for_url("**/desk")
        self.keys[name] = await page.context.storage_state()

    async def _window(self, size: tuple[int, int], key: StorageState | None = None) -> Page:
        context = await self.chromium.new_context(
            base_url=self.product.desk_url,
            viewport={"width": size[0], "height": size[1]},
            storage_state=key,
        )
        self.windows.push_async_callback(context.close)
        return await context.new_page()

    async def _watched[W: Window](self, window: W) -> W:
        await self.windows.enter_async_context(_no_trouble(window))
        return window


@asynccontextmanager
async def _no_trouble(window: Window) -> AsyncIterator[None]:
    """Errors on a page fail the test that saw them."""
    yield
    assert not window.troubles, window.troubles
