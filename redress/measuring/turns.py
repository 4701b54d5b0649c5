"""How long the running product takes: understanding, single turns, and many customers at once."""

import asyncio
import json
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import httpx

from redress import webchat, wiring
from redress.measuring.figures import Figure, milliseconds
from redress.problem import Problem
from redress.settings import CHECKOUT, Settings
from redress.webchat import WebChat

_MESSAGES = CHECKOUT / "tests" / "nlu" / "dev.jsonl"
_GREETINGS = ("hello", "hi there", "good morning", "hey", "hello again")
_PROBLEM = "my parcel was due on monday and still nothing, this is the second time!!"
_TALK = ("hello", "my order came damaged", "the lid is cracked", "thanks", "how long do refunds take?")
_REPLY_WITHIN_S = 30
_WARM_UP = 5


async def understanding(settings: Settings, count: int = 200) -> Figure:
    """One message at a time through the engine's NLU, HTTP included."""
    texts = [json.loads(line)["text"] for line in _lines(_MESSAGES)][: count + _WARM_UP]
    headers = {"Authorization": f"Bearer {settings.engine_token.get_secret_value()}"}
    took: list[float] = []
    async with httpx.AsyncClient(base_url=settings.engine_url, headers=headers, trust_env=False) as client:
        for text in texts:
            started = time.perf_counter()
            (await client.post("/webhooks/desk/nlu", json={"texts": [text]})).raise_for_status()
            took.append(time.perf_counter() - started)
    return milliseconds("NLU, a message", took[_WARM_UP:], "under 5 ms")


async def small_talk(settings: Settings, conversations: int = 10) -> Figure:
    """Turns of strangers that need no history and no policy."""
    took: list[float] = []
    for _ in range(conversations):
        async with webchat.opened(settings.desk_url, None) as chat:
            took += [await timed(chat, text) for text in _GREETINGS]
    return milliseconds("a turn, small talk", took, "under 40 ms, 95th under 80 ms")


async def recovery(settings: Settings, url: str, email: str, conversations: int = 25) -> Figure:
    """The heaviest turn: a verified customer's first problem, with history, policy, case and offer."""
    took: list[float] = []
    async with wiring.customers(url) as customers:
        for _ in range(conversations):
            customer, _names = await customers.one(email, fresh=True)
            token = webchat.identity_token(settings.identity_secret.get_secret_value(), customer.id, customer.name)
            async with webchat.opened(settings.desk_url, token) as chat:
                took.append(await timed(chat, _PROBLEM))
    return milliseconds("a turn, recovery", took, "under 40 ms, 95th under 80 ms")


async def many_at_once(settings: Settings, customers: int = 50) -> list[Figure]:
    """Turns a second while many strangers talk at the same time."""
    async with AsyncExitStack() as open_chats:
        chats = [
            await open_chats.enter_async_context(webchat.opened(settings.desk_url, None)) for _ in range(customers)
        ]
        started = time.perf_counter()
        took = await asyncio.gather(*(_talk(chat) for chat in chats))
        seconds = time.perf_counter() - started
    every = [one for talk in took for one in talk]
    rate = Figure(f"turns a second, {customers} at once", f"{len(every) / seconds:7.1f}", "50")
    return [rate, milliseconds(f"a turn, {customers} at once", every)]


async def _talk(chat: WebChat) -> list[float]:
    return [await timed(chat, text) for text in _TALK]


async def timed(chat: WebChat, text: str) -> float:
    """Seconds from sending a message to seeing the reply."""
    started = time.perf_counter()
    seq = await chat.send(text)
    if not await chat.until(lambda c: bool(c.answers_to(seq)), _REPLY_WITHIN_S):
        raise Problem(f"No reply came within {_REPLY_WITHIN_S} s. Look into the logs in the home's logs folder.")
    return time.perf_counter() - started


def _lines(path: Path) -> Sequence[str]:
    try:
        return [line for line in path.read_text().splitlines() if line.strip()]
    except OSError as error:
        raise Problem(f"{path} cannot be read, and the measurement needs its messages.") from error
