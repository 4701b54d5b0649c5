"""A talk in the terminal: what is typed is sent, what is said is printed, a number presses a button."""

import asyncio
import sys

from redress import webchat, wiring
from redress.settings import Settings
from redress.webchat import ChatMessage, WebChat

_NAMES = {"bot": "Redress", "system": "Redress"}


async def token_of(settings: Settings, url: str, email: str) -> str:
    """What the shop's page would carry for this customer. Raises Problem."""
    async with wiring.customers(url) as customers:
        customer, _ = await customers.one(email, fresh=False)
    return webchat.identity_token(settings.identity_secret.get_secret_value(), customer.id, customer.name)


async def talk(desk_url: str, token: str | None) -> None:
    """Talk until standard input ends."""
    async with webchat.opened(desk_url, token) as chat:
        printing = asyncio.create_task(_print(chat))
        try:
            while line := await _typed():
                await _send(chat, line.strip())
        finally:
            printing.cancel()
            await asyncio.gather(printing, return_exceptions=True)


async def _typed() -> str:
    """The next line, without holding up what is said meanwhile."""
    loop = asyncio.get_running_loop()
    came: asyncio.Future[str] = loop.create_future()

    def read() -> None:
        if not came.done():
            came.set_result(sys.stdin.readline())

    loop.add_reader(sys.stdin, read)
    try:
        return await came
    finally:
        loop.remove_reader(sys.stdin)


async def _send(chat: WebChat, text: str) -> None:
    if not text:
        return
    buttons = next((m.buttons for m in reversed(chat.messages) if m.buttons), ())
    title, payload = text, None
    if text.isdigit() and 1 <= int(text) <= len(buttons):
        title, payload = buttons[int(text) - 1]
    seq = await chat.send(title, payload)
    if not sys.stdin.isatty():  # a script's lines wait for their replies, as a person would
        await chat.until(lambda c: c.owner != "bot" or bool(c.answers_to(seq)), 30)


async def _print(chat: WebChat) -> None:
    """Print what others say, as it comes."""
    shown: set[int] = set()

    def unseen(chat: WebChat) -> list[ChatMessage]:
        return [m for m in chat.messages if m.author != "customer" and m.seq not in shown]

    while True:
        await chat.until(lambda c: bool(unseen(c)), 3600)
        for message in unseen(chat):
            shown.add(message.seq)
            print(_written(message), flush=True)


def _written(message: ChatMessage) -> str:
    name = message.name or _NAMES.get(message.author, message.author)
    buttons = [f"  {number}) {title}" for number, (title, _) in enumerate(message.buttons, 1)]
    return "\n".join([f"{name}: {message.text}", *buttons])
