"""Customers at their chats and agents at the desk, in the words of a story."""

import asyncio
import itertools
import os
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from casework.deep_links import sign
from recovery.records import Customer
from redress import demo, webchat, wiring
from redress.chaos.agents import Agent
from redress.own_stack import Stack
from redress.settings import Settings
from redress.webchat import ChatMessage, WebChat
from tests.desk.telegram.peer_process import Peer
from tests.product import CLOSED_DAYS

WITHIN_S = 60.0  # the machine may be busy, and a slow answer is another test's matter
RACES = 3  # a slow machine may give up on the engine before the person comes
PERSON = "I want to talk to a human being"
HACKED = "somebody has hacked into my account and ordered a television with my saved card"  # a team that always works
LATE = "my parcel was due on Thursday and it's still not here"
MAYA = "maya.fletcher1@example.com"
FIRST_REPLY = """
    select kind, due_at, target_s from redress.clocks join redress.handoffs on handoffs.id = handoff_id
    where conversation_id = :c and kind = 'first_reply'
"""
NOT_SENT = "select 1 from redress.messages where conversation_id = :c and status in ('received', 'ready')"
AGENT, COLLEAGUE, SENIOR, SUPERVISOR = range(4)  # as the demo hires them


class People:
    """Everybody whom a test brings along. `leave` ends what agents still have in hand."""

    def __init__(self, stack: Stack, opened: AsyncExitStack) -> None:
        self.stack, self._opened = stack, opened
        self._database = create_async_engine(str(stack.settings.database_url), isolation_level="AUTOCOMMIT")
        self.conversations: list[str] = []
        self.chats: list[WebChat] = []

    @property
    def settings(self) -> Settings:
        return self.stack.settings

    async def stranger(self) -> WebChat:
        return self._known(await self._opened.enter_async_context(webchat.opened(self.settings.desk_url, None)))

    async def customer(self, email: str = MAYA) -> tuple[WebChat, str]:
        """A new copy of a demo customer, with their token."""
        customer = await self.copy_of(email)
        token = webchat.identity_token(self._secret, customer.id, customer.name)
        return await self.again(token), token

    async def copy_of(self, email: str = MAYA) -> Customer:
        """A new copy of a demo customer, who has come by no channel yet."""
        async with wiring.customers(str(self.settings.database_url)) as customers:
            customer, _ = await customers.one(email, fresh=True)
        return customer

    def link_of(self, customer: Customer) -> str:
        """What the shop's link to Telegram carries."""
        return sign(self._secret, customer.id, datetime.now(UTC))

    @property
    def _secret(self) -> str:
        return self.settings.identity_secret.get_secret_value()

    async def again(self, token: str) -> WebChat:
        """Another tab of the same customer."""
        return self._known(await self._opened.enter_async_context(webchat.opened(self.settings.desk_url, token)))

    async def agent(self, who: int = AGENT) -> Agent:
        email, password, *_ = demo.read_sign_ins(self.settings.home)[who].split()
        client = httpx.AsyncClient(base_url=self.settings.desk_url, timeout=30, trust_env=False)
        agent = Agent(await self._opened.enter_async_context(client), email, password)
        await agent.sign_in()
        return agent

    async def stored(self, query: str, **given: Any) -> Sequence[Any]:
        """Rows, with their columns' names; or what a change leaves."""
        async with self._database.connect() as connection:
            result = await connection.execute(text(query), given)
            return result.all() if result.returns_rows else ()

    async def until(
        self, query: str, holds: Callable[[Sequence[Any]], bool], within: float = WITHIN_S, **given: Any
    ) -> Any:
        """Rows, once they are as wanted. Other processes write them, and tell only their own listeners."""
        async with asyncio.timeout(within):
            while not holds(found := await self.stored(query, **given)):  # noqa: ASYNC110 - see above
                await asyncio.sleep(0.05)
        return found

    async def messages(self, conversation: str) -> Sequence[Any]:
        return await self.stored(
            "select * from redress.messages where conversation_id = :c order by seq", c=conversation
        )

    async def owner(self, conversation: str) -> str:
        (row,) = await self.stored("select owner from redress.conversations where id = :c", c=conversation)
        return str(row.owner)

    async def at_chat(self, chat: int, owner: str) -> str:
        """The conversation of a Telegram chat, once this is who answers it."""
        held = "select id from redress.conversations where channel_user = :chat and owner = :owner"
        ((conversation,),) = await self.until(held, bool, chat=str(chat), owner=owner)
        self.conversations.append(conversation)
        return str(conversation)

    def kill(self, name: str) -> None:
        """One of the product's processes, as a crash would end it. It is started again."""
        os.kill(self.stack.process_of(name), signal.SIGKILL)

    # The desk holds its own lock of a conversation for as long as a turn of it lasts.
    TURN_UNDER_WAY = """
        select 1 from pg_locks, (select hashtextextended(:c, 0) as key) as wanted
        where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())
          and (classid::bigint << 32 | objid::bigint) = key
    """

    @asynccontextmanager
    async def engines_hold(self, conversation: str) -> AsyncIterator[None]:
        """As if another engine were busy with the conversation: ours has to wait for it."""
        async with self._database.connect() as connection:
            key = {"c": conversation}
            await connection.execute(text("select pg_advisory_lock(hashtextextended(:c, 2))"), key)
            try:
                yield
            finally:
                await connection.execute(text("select pg_advisory_unlock(hashtextextended(:c, 2))"), key)

    async def leave(self) -> None:
        """What is still in the queue or in hand would stand in other tests' way."""
        await self.stored(
            "with mine as (update redress.handoffs set ended_at = now(), ended_how = 'returned' "
            "where conversation_id = any(cast(:ids as text[])) and ended_at is null returning conversation_id) "
            "update redress.conversations set owner = 'bot', agent_id = null, owner_version = owner_version + 1 "
            "where id = any(cast(:ids as text[])) and owner <> 'bot'",
            ids=self.conversations,
        )
        await self._database.dispose()

    def _known(self, chat: WebChat) -> WebChat:
        self.conversations.append(chat.conversation)
        self.chats.append(chat)
        return chat


async def ask(chat: WebChat, words: str, payload: str | None = None) -> list[ChatMessage]:
    """Say something and read what comes."""
    seq = await chat.send(words, payload)
    assert await chat.until(lambda c: bool(c.answers_to(seq)), WITHIN_S), f"nobody answered “{words}”"
    await chat.catch_up()
    return chat.answers_to(seq)


async def asked_on_telegram(people: People, telegram: Peer, chat: int, words: str) -> set[str]:
    """Say something in a Telegram chat; returns who answered, once the answers have arrived."""
    answers = """
        select answer.author, answer.status from redress.messages asked
        join redress.messages answer on answer.in_reply_to = asked.id
        join redress.conversations on conversations.id = asked.conversation_id
        where channel_user = :chat and asked.channel_message_id = :said
    """
    said = str(await telegram.says(chat, words))
    rows = await people.until(
        answers, lambda found: {row.status for row in found} == {"delivered"}, chat=str(chat), said=said
    )
    return {row.author for row in rows}


async def becomes(chat: WebChat, owner: str) -> None:
    """The customer sees who answers now."""
    assert await chat.until(lambda c: c.owner == owner, WITHIN_S), f"the owner is {chat.owner}, not {owner}"


async def handed_over(people: People, words: str = PERSON) -> WebChat:
    """A stranger who waits for a person."""
    chat = await people.stranger()
    await ask(chat, words)
    await becomes(chat, "queue")
    return chat


async def claimed_at_once(people: People, conversation: str) -> tuple[Agent, Agent, str]:
    """Two agents claim it at the same time: the winner, the loser, who is told who won, and the winner's name."""
    agents = [await people.agent(), await people.agent(COLLEAGUE)]
    answers = await asyncio.gather(*(agent.do(conversation, "claim") for agent in agents))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    won = 0 if answers[0].is_success else 1
    name = ("Maya Okafor", "Tom Lindqvist")[won]
    assert answers[1 - won].json()["error"] == f"{name} has already taken this conversation."
    return agents[won], agents[1 - won], name.split()[0]


async def goes_to_seniors(people: People, conversation: str) -> None:
    """Nobody has claimed it for an hour: the next tier is asked, and staff are alerted once."""
    tier = "select tier from redress.handoffs where conversation_id = :c and tier is not null"
    ((asked_first,),) = await people.until(tier, bool, c=conversation)
    long_ago = "update redress.handoffs set tier_since = tier_since - interval '1 hour' where conversation_id = :c"
    await people.stored(long_ago, c=conversation)
    changed = await people.until(tier, lambda rows: rows[0].tier != asked_first, c=conversation)
    assert (asked_first, changed[0].tier) == ("specialist", "senior")
    alerts = await people.stored("select kind from redress.alerts where conversation_id = :c", c=conversation)
    assert [a.kind for a in alerts].count("unclaimed") == 1


def opening() -> datetime:
    """When the company opens again, by calendar.yml: at eight on weekdays, nine on Saturdays, ten on Sundays."""
    now = datetime.now(ZoneInfo("Europe/London"))
    day = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=CLOSED_DAYS)
    return day.replace(hour=8 + max(0, day.weekday() - 4)).astimezone(UTC)


async def switched(conversation: str, seniors: Sequence[Agent], times: int) -> None:
    """Seniors take a conversation over, from the queue or the bot, and give it back, in turn."""
    for senior in itertools.islice(itertools.cycle(seniors), times):
        assert (await senior.do(conversation, "take-over")).is_success
        assert (await senior.do(conversation, "return")).is_success
