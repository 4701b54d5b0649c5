"""People at their browsers: a real headless Chromium on the whole running product."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, StorageState, expect

from redress import database, running, wiring
from redress import settings as reading
from redress.customers import Customers
from redress.own_stack import started
from redress.settings import Settings
from tests.browser.people import People

HERE = Path(__file__).parent
expect.set_options(timeout=10_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here drives a browser on the running product."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.stack)


@pytest.fixture(scope="session")
def product(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """The running product: one of our own, or the one whose home REDRESS_TEST_HOME names."""
    if given := os.environ.get("REDRESS_TEST_HOME"):
        settings = running.settings_of_running(reading.load({**os.environ, "REDRESS_HOME": given}))
        with database.opened(settings) as url:
            yield settings.model_copy(update={"database_url": url})
        return
    with _home() as home, started(home, lambda text: None) as stack:
        yield stack.settings


@contextmanager
def _home() -> Iterator[Path]:
    home = Path(tempfile.mkdtemp(prefix="redress-browser-"))
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
async def customers(product: Settings) -> AsyncIterator[Customers]:
    """Copies of the demo customers: each test has its own, with the same history every time."""
    async with wiring.customers(str(product.database_url)) as customers:
        yield customers


@pytest.fixture(scope="session")
def keys() -> dict[str, StorageState]:
    """The cookies of staff who have signed in."""
    return {}


@pytest.fixture
async def people(
    chromium: Browser, product: Settings, customers: Customers, keys: dict[str, StorageState]
) -> AsyncIterator[People]:
    """Whom a test brings to their browsers. No page of theirs may have had an error at the end."""
    async with AsyncExitStack() as windows:
        yield People(chromium, product, customers, windows, keys)
