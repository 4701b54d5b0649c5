"""One run, from the start of a product of its own to the last count."""

import asyncio
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random

import httpx
from sqlalchemy.exc import SQLAlchemyError

from casework.errors import PortError
from redress import demo, own_stack, wiring
from redress.chaos import checks, stored
from redress.chaos.agents import Agent
from redress.chaos.checks import Finding
from redress.chaos.customers import Crowd
from redress.chaos.killing import Killer
from redress.chaos.plan import ANSWERS_WITHIN_S, Plan
from redress.chaos.report import Report, figures
from redress.chaos.transcript import Line, Transcript
from redress.chaos.victims import victims_of
from redress.chaos.web import WebLine
from redress.own_stack import Say, Stack
from redress.simulation.script import Script, renamed
from redress.webchat import identity_token
from store.database import connect

_AGAIN_AFTER_S = 0.2
_GIVE_UP_S = 60.0  # later than everything must be well again, so that how late it was can be said
_POLLING = 0.25  # of the browsers
_CONNECTIONS = httpx.Limits(max_connections=None, max_keepalive_connections=64)


def run(plan: Plan, scripts: Sequence[Script], say: Say) -> Report:
    """Start a product, let customers talk while its processes are killed, and count."""
    home = Path(tempfile.mkdtemp(prefix="redress-chaos-"))
    try:
        with own_stack.started(home, lambda _: None, **_environment(plan)) as stack:
            return asyncio.run(Run(plan, scripts, stack, say).run())
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _environment(plan: Plan) -> dict[str, str]:
    several = {"REDRESS_DESKS": str(plan.desks), "REDRESS_ENGINES": str(plan.engines)}
    return {"REDRESS_DATABASE_URL": "", "REDRESS_DEMO": "true", **several}


class Run:
    """A run on a stack that serves."""

    def __init__(self, plan: Plan, scripts: Sequence[Script], stack: Stack, say: Say) -> None:
        self.plan, self.scripts, self.stack, self.say = plan, scripts, stack, say
        self._database = connect(str(stack.settings.database_url), pool_size=8)
        self._transcripts: list[Transcript] = []
        self._lines: list[Line] = []

    async def run(self) -> Report:
        """Customers come, processes die, customers end, and everything is counted."""
        async with AsyncExitStack() as opened:
            client = httpx.AsyncClient(
                base_url=self.stack.settings.desk_url, timeout=15, limits=_CONNECTIONS, trust_env=False
            )
            self._client = await opened.enter_async_context(client)
            opened.push_async_callback(self._database.dispose)
            crowd = Crowd(self.scripts, self._arrive)
            killer = Killer(self.plan, victims_of(self.stack), self.say)
            agents = [asyncio.create_task(self._agent(number)) for number in range(self.plan.agents)]
            async with asyncio.TaskGroup() as places:
                for number in range(self.plan.customers):
                    places.create_task(crowd.stay(self.plan.dice(f"customer {number}")))
                await killer.run()
                self.say("the last kill; now all of it is to come back")
                answered_in_s = await self._answered_again(killer.last_at)
                await killer.all_back()
                crowd.close()
            for agent in agents:
                agent.cancel()
            await asyncio.gather(*agents, return_exceptions=True)
            self.say("everybody has stopped; now what they saw is held against what is stored")
            await self._settled(time.monotonic())
            return await self._counted(crowd, killer, answered_in_s)

    async def _arrive(self, script: Script, dice: Random) -> tuple[Script, Line]:
        """A new copy of the script's customer, with an open line."""
        token = None
        if script.customer != "stranger":
            script, token = await self._until_done(lambda: self._copied(script))
        line = WebLine(self._client, token, self._transcript(script.name, "web"), polls=dice.random() < _POLLING)
        await line.open()
        return script, line

    async def _agent(self, number: int) -> None:
        settings = self.stack.settings
        email, password, *_ = demo.read_sign_ins(settings.home)[number].split()
        async with httpx.AsyncClient(base_url=settings.desk_url, timeout=15, trust_env=False) as client:
            await Agent(client, email, password).work(self.plan.dice(f"agent {number}"))

    def _transcript(self, who: str, channel: str) -> Transcript:
        self._transcripts.append(Transcript(who, channel))
        return self._transcripts[-1]

    async def _copied(self, script: Script) -> tuple[Script, str]:
        settings = self.stack.settings
        async with wiring.customers(str(settings.database_url)) as customers:
            customer, names = await customers.one(script.customer, fresh=True)
        secret = settings.identity_secret.get_secret_value()
        return renamed(script, names), identity_token(secret, customer.id, customer.name)

    async def _until_done[T](self, work: Callable[[], Awaitable[T]]) -> T:
        """What needs the database waits for it."""
        while True:
            try:
                return await work()
            except (SQLAlchemyError, PortError):
                await asyncio.sleep(_AGAIN_AFTER_S)

    async def _answered_again(self, since: float) -> float:
        """Seconds from the last kill until somebody new is answered by the bot."""
        line = WebLine(self._client, None, self._transcript("the last to come", "web"))
        try:
            async with asyncio.timeout(_GIVE_UP_S):
                await line.open()
                await line.send("hello")
                await line.heard({"bot"}, _GIVE_UP_S)
        except TimeoutError:
            pass
        finally:
            await line.leave()
        self._lines.append(line)
        return time.monotonic() - since

    async def _settled(self, since: float) -> None:
        """Until nothing waits any more, or it should not wait any longer."""
        while await self._until_done(lambda: stored.unanswered(self._database)):
            if time.monotonic() - since > _GIVE_UP_S:
                return
            await asyncio.sleep(_AGAIN_AFTER_S)

    async def _counted(self, crowd: Crowd, killer: Killer, answered_in_s: float) -> Report:
        """Everybody looks once more; what they saw is held against what is stored."""
        for line in [*crowd.lines, *self._lines]:
            await line.catch_up()
        ids = {conversation for t in self._transcripts for conversation in t.conversations}
        kept = await stored.read(self._database, sorted(ids))
        found = checks.findings(self._transcripts, kept)
        if answered_in_s > ANSWERS_WITHIN_S:
            found.append(
                Finding("slow recovery", f"nobody was answered within {answered_in_s:.0f} s of the last kill")
            )
        return Report(self.plan, figures(crowd, self._transcripts, kept), killer.kills, answered_in_s, found)
