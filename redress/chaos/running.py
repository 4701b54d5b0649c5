"""One run, from the start of a product of its own to the last count."""

import asyncio
import itertools
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from random import Random

import httpx
from sqlalchemy.exc import SQLAlchemyError

from casework import deep_links
from casework.errors import PortError
from recovery.records import Customer
from redress import demo, own_stack, wiring
from redress.chaos import checks, stored
from redress.chaos.agents import Agent
from redress.chaos.checks import Finding
from redress.chaos.customers import Crowd, Visit
from redress.chaos.killing import Killer
from redress.chaos.owners import OwnerWatch
from redress.chaos.plan import ANSWERS_WITHIN_S, Plan
from redress.chaos.report import Report, figures
from redress.chaos.telegram import CHANNEL as TELEGRAM
from redress.chaos.telegram import TOKEN, TelegramLine, peer
from redress.chaos.transcript import Line, Transcript
from redress.chaos.victims import victims_of
from redress.chaos.web import WebLine
from redress.children import Keeper, Program
from redress.own_stack import Say, Stack
from redress.ports import free_ports
from redress.readiness import until_ready
from redress.simulation.script import Script, renamed
from redress.webchat import identity_token
from store.database import connect

_AGAIN_AFTER_S = 0.2
_GIVE_UP_S = 60.0  # later than everything must be well again, so that how late it was can be said
_ON_TELEGRAM = 0.5  # of the customers
_POLLING = 0.25  # of the browsers
_ON_BOTH = 0.2  # of those whom we know; one at least
_CONNECTIONS = httpx.Limits(max_connections=None, max_keepalive_connections=64)


def run(plan: Plan, scripts: Sequence[Script], say: Say) -> Report:
    """Start a product, let customers talk while its processes are killed, and count."""
    home = Path(tempfile.mkdtemp(prefix="redress-chaos-"))
    try:
        (port,) = free_ports(1)
        telegram = peer(port, home) if plan.telegram else None
        with own_stack.started(home, lambda _: None, **_environment(plan, port)) as stack:
            return asyncio.run(Run(plan, scripts, stack, telegram, say).run())
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _environment(plan: Plan, telegram_port: int) -> dict[str, str]:
    several = {"REDRESS_DESKS": str(plan.desks), "REDRESS_ENGINES": str(plan.engines)}
    telegram = {"REDRESS_TELEGRAM_TOKEN": TOKEN if plan.telegram else ""}
    telegram["REDRESS_TELEGRAM_URL"] = f"http://127.0.0.1:{telegram_port}"
    return {"REDRESS_DATABASE_URL": "", "REDRESS_DEMO": "true", **several, **telegram}


class Run:
    """A run on a stack that serves."""

    def __init__(
        self, plan: Plan, scripts: Sequence[Script], stack: Stack, telegram: Program | None, say: Say
    ) -> None:
        self.plan, self.scripts, self.stack, self.say = plan, scripts, stack, say
        self._telegram = telegram
        self._chats = itertools.count(1000)
        self._database = connect(str(stack.settings.database_url), pool_size=8)
        self._transcripts: list[Transcript] = []
        self._lines: list[Line] = []
        self._on_both = 0
        self._owners = OwnerWatch(self._database)

    async def run(self) -> Report:
        """Customers come, processes die, customers end, and everything is counted."""
        async with AsyncExitStack() as opened:
            client = httpx.AsyncClient(
                base_url=self.stack.settings.desk_url, timeout=15, limits=_CONNECTIONS, trust_env=False
            )
            self._client = await opened.enter_async_context(client)
            opened.push_async_callback(self._database.dispose)
            crowd = Crowd(self.scripts, self._arrive)
            ours = [await self._kept(self._telegram, opened)] if self._telegram else []
            killer = Killer(self.plan, victims_of(self.stack, *ours), self.say)
            agents = [asyncio.create_task(self._agent(number)) for number in range(self.plan.agents)]
            agents.append(asyncio.create_task(self._owners.run()))
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
            settled_in_s = await self._settled(time.monotonic())
            return await self._counted(crowd, killer, answered_in_s, settled_in_s)

    async def _kept(self, program: Program, opened: AsyncExitStack) -> Keeper:
        """A program that is started again whenever it dies, until the run ends."""
        keeper = Keeper(program, lambda _: None)
        keeping = asyncio.create_task(keeper.keep())

        async def end() -> None:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)

        opened.push_async_callback(end)
        await until_ready(program)
        keeper.was_ready = True
        client = httpx.AsyncClient(
            base_url=str(httpx.URL(program.ready_url).join("/")), timeout=15, limits=_CONNECTIONS, trust_env=False
        )
        self._phones = await opened.enter_async_context(client)
        return keeper

    async def _arrive(self, script: Script, dice: Random) -> Visit:
        """A new copy of the script's customer, with an open line, or with one on each channel."""
        on_telegram, polls, on_both = (dice.random() < each for each in (_ON_TELEGRAM, _POLLING, _ON_BOTH))
        customer = None
        if script.customer != "stranger":
            script, customer = await self._until_done(lambda: self._copied(script))
        if self._telegram and customer and (on_both or not self._on_both):
            self._on_both += 1
            lines: list[Line] = [await self._phone(script, customer), await self._browser(script, customer, polls)]
            dice.shuffle(lines)
            return Visit(script, *lines)
        if on_telegram and self._telegram:
            return Visit(script, await self._phone(script, customer))
        return Visit(script, await self._browser(script, customer, polls))

    async def _browser(self, script: Script, customer: Customer | None, polls: bool) -> WebLine:
        """A web chat, with the shop's token where its owner is signed in."""
        secret = self.stack.settings.identity_secret.get_secret_value()
        token = identity_token(secret, customer.id, customer.name) if customer else None
        line = WebLine(self._client, token, self._transcript(script.name, "web", customer), polls=polls)
        await line.open()
        return line

    async def _phone(self, script: Script, customer: Customer | None) -> TelegramLine:
        """A phone, linked by the shop where its owner is a customer."""
        secret = self.stack.settings.identity_secret.get_secret_value()
        link = deep_links.sign(secret, customer.id, wiring.clock()) if customer else ""
        line = TelegramLine(self._phones, next(self._chats), self._transcript(script.name, TELEGRAM, customer))
        await line.open(link)
        return line

    async def _agent(self, number: int) -> None:
        settings = self.stack.settings
        email, password, *_ = demo.read_sign_ins(settings.home)[number].split()
        async with httpx.AsyncClient(base_url=settings.desk_url, timeout=15, trust_env=False) as client:
            await Agent(client, email, password).work(self.plan.dice(f"agent {number}"))

    def _transcript(self, who: str, channel: str, customer: Customer | None = None) -> Transcript:
        self._transcripts.append(Transcript(who, channel, customer.id if customer else None))
        return self._transcripts[-1]

    async def _copied(self, script: Script) -> tuple[Script, Customer]:
        async with wiring.customers(str(self.stack.settings.database_url)) as customers:
            customer, names = await customers.one(script.customer, fresh=True)
        return renamed(script, names), customer

    async def _until_done[T](self, work: Callable[[], Awaitable[T]]) -> T:
        """What needs the database waits for it."""
        while True:
            try:
                return await work()
            except (SQLAlchemyError, PortError):
                await asyncio.sleep(_AGAIN_AFTER_S)

    async def _answered_again(self, since: float) -> dict[str, float]:
        """Seconds from the last kill until somebody new on each channel is answered."""
        lines: dict[str, WebLine | TelegramLine] = {
            "web": WebLine(self._client, None, self._transcript("the last to come", "web"))
        }
        if self._telegram:
            transcript = self._transcript("the last to write", TELEGRAM)
            lines[TELEGRAM] = TelegramLine(self._phones, next(self._chats), transcript)
        self._lines += lines.values()
        async with asyncio.TaskGroup() as asked:
            times = {channel: asked.create_task(_answered(line, since)) for channel, line in lines.items()}
        return {channel: task.result() for channel, task in times.items()}

    async def _settled(self, since: float) -> float:
        """Seconds until nothing waits any more, or until it should not wait any longer."""
        while await self._until_done(self._waiting):
            if time.monotonic() - since > _GIVE_UP_S:
                break
            await asyncio.sleep(_AGAIN_AFTER_S)
        return time.monotonic() - since

    async def _waiting(self) -> int:
        """What is still to be fetched, answered or brought."""
        there = (await self._phones.get("/peer/waiting")).json() if self._telegram else []
        return len(there) + await stored.unanswered(self._database)

    async def _counted(
        self, crowd: Crowd, killer: Killer, answered_in_s: dict[str, float], settled_in_s: float
    ) -> Report:
        """Everybody looks once more; what they saw is held against what is stored."""
        for line in [*crowd.lines, *self._lines]:
            await line.catch_up()
        await self._name_chats()
        ids = {conversation for t in self._transcripts for conversation in t.conversations}
        kept = await stored.read(self._database, sorted(ids))
        found = [*checks.findings(self._transcripts, kept), *self._owners.findings]
        for channel, took in answered_in_s.items():
            if took > ANSWERS_WITHIN_S:
                told = f"on {channel} nobody was answered within {took:.0f} s of the last kill"
                found.append(Finding("slow recovery", told))
        counted = figures(crowd, self._transcripts, kept)
        counted |= {"customers on both channels": self._on_both, "looks at who owns what": self._owners.looks}
        return Report(self.plan, counted, killer.kills, answered_in_s, settled_in_s, found)

    async def _name_chats(self) -> None:
        """A phone does not know what we call its conversation."""
        phones = [t for t in self._transcripts if t.channel == TELEGRAM]
        users = {c: c.partition(":")[2] for t in phones for c in t.conversations}
        known = await stored.conversations_of(self._database, TELEGRAM, list(users.values()))
        for transcript in phones:
            transcript.rename({c: known[user] for c, user in users.items() if user in known})


async def _answered(line: WebLine | TelegramLine, since: float) -> float:
    """Seconds from `since` until who comes by this line has an answer; more than _GIVE_UP_S when none came."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_GIVE_UP_S):
            await line.open()
            await line.send("hello")
            await line.heard({"bot"}, _GIVE_UP_S)
    await line.leave()
    return time.monotonic() - since
