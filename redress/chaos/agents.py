"""A member of staff at the desk's own pages, by HTTP."""

import asyncio
import re
import uuid
from contextlib import suppress
from dataclasses import dataclass
from random import Random

import httpx

from redress.problem import Problem

_TOKEN = re.compile(r'name="csrf" (?:content|value)="([0-9a-f]+)"')
_WAITING = re.compile(r"/desk/conversations/(c[0-9a-f]+)")
_THINKS_S = (0.5, 3.0)
_RESOLVES = 0.5  # of their conversations; the others go back to the bot


@dataclass
class Agent:
    """Somebody who is signed in."""

    client: httpx.AsyncClient
    email: str
    password: str
    _csrf: str = ""

    async def sign_in(self) -> None:
        """Raises Problem when the desk does not know them."""
        form = (await self.client.get("/desk/sign-in")).text
        sent = {"email": self.email, "password": self.password, "csrf": _token(form), "next": ""}
        answer = await self.client.post("/desk/sign-in", data=sent)
        if answer.status_code != httpx.codes.SEE_OTHER:
            raise Problem(f"The desk does not let {self.email} in: {answer.status_code}.")
        self._csrf = _token((await self.client.get("/desk")).text)

    async def do(self, conversation: str, what: str, **form: str) -> httpx.Response:
        """What a page's button does."""
        headers = {"X-Desk": "1", "X-CSRF-Token": self._csrf}
        return await self.client.post(f"/desk/conversations/{conversation}/{what}", data=form, headers=headers)

    async def waiting(self) -> list[str]:
        """Conversations that nobody has, the most urgent first."""
        answer = await self.client.get("/desk/queue?view=waiting&teams=all", headers={"X-Desk": "1"})
        return list(dict.fromkeys(_WAITING.findall(answer.json()["html"]))) if answer.is_success else []

    async def work(self, dice: Random) -> None:
        """Take who waits, answer, and end it one way or the other; go on until cancelled, whatever breaks."""
        while True:
            with suppress(httpx.TransportError, Problem, ValueError):
                await self._one(dice)
            await asyncio.sleep(dice.uniform(*_THINKS_S))

    async def _one(self, dice: Random) -> None:
        if not self._csrf:
            await self.sign_in()
        waiting = await self.waiting()
        if not waiting:
            return
        conversation = dice.choice(waiting[:3])  # colleagues reach for the same ones
        if not (await self.do(conversation, "claim")).is_success:
            return
        await self._until_done(
            conversation, "messages", text="I have read it all, and I am on it.", id=uuid.uuid4().hex
        )
        await asyncio.sleep(dice.uniform(*_THINKS_S))
        if dice.random() < _RESOLVES:
            await self._until_done(conversation, "resolve", words="courier strike")
        else:
            await self._until_done(conversation, "return")

    async def _until_done(self, conversation: str, what: str, **form: str) -> None:
        """The same again until the desk has answered; that it was done already is an answer too."""
        while True:
            with suppress(httpx.TransportError):
                if (await self.do(conversation, what, **form)).status_code < httpx.codes.INTERNAL_SERVER_ERROR:
                    return
            await asyncio.sleep(_THINKS_S[0])


def _token(html: str) -> str:
    found = _TOKEN.search(html)
    if found is None:
        raise Problem("The desk's page has no token.")
    return found[1]
