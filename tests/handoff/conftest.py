"""People on both sides of a handoff, on the one running product."""

import itertools
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from redress.own_stack import Stack
from tests.desk.telegram.peer_process import Peer, customers
from tests.handoff.people import People
from tests.product import TELEGRAM_TOKEN

HERE = Path(__file__).parent
_chats = itertools.count(secrets.randbelow(10**9) + 10**6)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here talks to the running product."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.stack)


@pytest.fixture
async def people(stack: Stack) -> AsyncIterator[People]:
    """Whom a test needs: customers at their chats, agents at the desk, and a look into the database."""
    async with AsyncExitStack() as opened:
        people = People(stack, opened)
        opened.push_async_callback(people.leave)
        yield people


@pytest.fixture
async def telegram(stack: Stack) -> AsyncIterator[Peer]:
    """The customers' side of Telegram."""
    async with customers(stack.settings.telegram_url, TELEGRAM_TOKEN) as peer:
        yield peer


@pytest.fixture
def chat() -> int:
    """A Telegram chat that nobody has used."""
    return next(_chats)
