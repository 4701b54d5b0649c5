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
_AIM = "under 40 ms, 95th under 80 ms"
_REPLY_WITHIN_S = 30
_WARM_UP = 5
CUSTOMERS = 50


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
    return milliseconds("a turn, small talk", took, _AIM)


async def recovery(settings: Settings, url: str, email: str, conversations: int = 20) -> list[Figure]:
    """A verified customer's problem, choice and booking, with history, policy and case."""
    took = []
    for token in await _tokens(settings, url, email, conversations):
        async with webchat.opened(settings.desk_url, token) as chat:
            took.append(await _recovered(chat))
    names = ("a turn, problem told", "a turn, offer picked", "a turn, remedy booked")
    return [milliseconds(name, times, _AIM) for name, times in zip(names, zip(*took, strict=True), strict=True)]


async def many_at_once(settings: Settings, url: str, email: str, customers: int = CUSTOMERS) -> list[Figure]:
    """Turns a second while many customers are recovered at the same time."""
    tokens = await _tokens(settings, url, email, customers)
    async with AsyncExitStack() as stack:
        chats = [await stack.enter_async_context(webchat.opened(settings.desk_url, token)) for token in tokens]
        started = time.perf_counter()
        took = await asyncio.gather(*(_recovered(chat) for chat in chats))
        seconds = time.perf_counter() - started
    every = [one for talk in took for one in talk]
    rate = Figure(f"turns a second, {customers} at once", f"{len(every) / seconds:7.1f}", "50")
    return [rate, milliseconds(f"a turn, {customers} at once", every)]


async def _tokens(settings: Settings, url: str, email: str, count: int) -> list[str]:
    """Sign-ins of new copies of a customer."""
    secret = settings.identity_secret.get_secret_value()
    async with wiring.customers(url) as customers:
        copies = [(await customers.one(email, fresh=True))[0] for _ in range(count)]
    return [webchat.identity_token(secret, copy.id, copy.name) for copy in copies]


async def _recovered(chat: WebChat) -> tuple[float, float, float]:
    """Tell the problem, press the first button, and the first button of what comes back."""
    return await timed(chat, _PROBLEM), await _pressed(chat), await _pressed(chat)


async def _pressed(chat: WebChat) -> float:
    await chat.catch_up()
    buttons = next((m.buttons for m in reversed(chat.messages) if m.buttons), ())
    if not buttons:
        raise Problem("The bot offered nothing to press, so its recovery turns cannot be measured.")
    return await timed(chat, *buttons[0])


async def timed(chat: WebChat, text: str, payload: str | None = None) -> float:
    """Seconds from sending a message to seeing the reply."""
    started = time.perf_counter()
    seq = await chat.send(text, payload)
    if not await chat.until(lambda c: bool(c.answers_to(seq)), _REPLY_WITHIN_S):
        raise Problem(f"No reply came within {_REPLY_WITHIN_S} s. Look into the logs in the home's logs folder.")
    return time.perf_counter() - started


def _lines(path: Path) -> Sequence[str]:
    try:
        return [line for line in path.read_text().splitlines() if line.strip()]
    except OSError as error:
        raise Problem(f"{path} cannot be read, and the measurement needs its messages.") from error
