"""The Telegram channel of one desk process: it waits for the lease, and then fetches, delivers and shows typing.

Of several desk processes one holds the lease. When it dies, another takes over: what was not confirmed to Telegram
comes again, and what was being sent is marked as perhaps repeated.
"""

import asyncio
import hashlib
import hmac
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog

from casework.errors import PortError, Unavailable
from casework.intake import MessageRefused
from casework.ports import Clock, Conversations, Lease, Leases, NewAlert, Signal
from casework.ports.people import Alerts
from desk.live import EVERYTHING, Live
from desk.metrics import Metrics
from desk.telegram.api import Api, ApiTrouble, NotNow, place_of
from desk.telegram.complaining import Complaints
from desk.telegram.delivering import TELEGRAM, Deliverer
from desk.telegram.fetching import Fetcher
from desk.telegram.pacing import Pace
from desk.telegram.polling import Poller
from desk.telegram.receiving import COMMANDS, Receiver
from desk.telegram.updates import Meaning, by_chat, gathered, read
from desk.telegram.waiting import MOVES

_CHECK_LEASE_S = 2.0
_AGAIN_AFTER_S = 1.0
_LONGEST_PAUSE_S = 5.0
_CHATS_AT_ONCE = 4
_TRIES = 3  # of an update that breaks us
_TYPING_LASTS_S = 4.5
_LONGEST_TYPING_S = 8.0  # it is told again while it lasts
log = structlog.get_logger("desk.telegram")


def webhook_secret(session_secret: str) -> str:
    """What Telegram says when it calls, so that nobody else can."""
    return hmac.new(session_secret.encode(), b"redress telegram webhook", hashlib.sha256).hexdigest()


@dataclass
class TelegramChannel:
    """`webhook`: where Telegram is to bring updates; empty, they are fetched."""

    api: Api
    receiver: Receiver
    deliverer: Deliverer
    fetcher: Fetcher | None
    leases: Leases
    conversations: Conversations
    alerts: Alerts
    live: Live
    metrics: Metrics
    clock: Clock
    complaints: Complaints
    pace: Pace
    webhook: str = ""
    secret: str = ""
    name: str = ""  # our own, once Telegram has told it
    _prepared: bool = False

    def __post_init__(self) -> None:
        self._poller = Poller(self.api, self.take, self.complaints.hear)

    async def run(self) -> None:
        """Serve for as long as the process lives. A database that was away is looked for again at once."""
        failures = 0
        while True:
            pause = _AGAIN_AFTER_S
            try:
                self.name = await self.api.open()
                async with self.leases.hold(TELEGRAM) as lease:
                    log.info("telegram_held")
                    failures = 0
                    await self._serve(lease)
            except* PortError as lost:
                log.warning("telegram_waits", why=_names(lost))
            except* ApiTrouble as refused:
                log.warning("telegram_waits", why=_names(refused))
                failures += 1
                for trouble in (troubles := [t for t in _leaves(refused) if isinstance(t, ApiTrouble)]):
                    await self.complaints.hear(trouble)
                asked = [trouble.after for trouble in troubles if isinstance(trouble, NotNow)]
                pause = max([*asked, min(_LONGEST_PAUSE_S, _AGAIN_AFTER_S * 2**failures)])
            await asyncio.sleep(pause)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._poller.close()
        await self.receiver.close()
        await self.api.close()

    async def _serve(self, lease: Lease) -> None:
        await self._prepare()
        async with asyncio.TaskGroup() as jobs:
            jobs.create_task(self._watch(lease))
            jobs.create_task(self.deliverer.run(lease))
            jobs.create_task(self._hear())
            if self.fetcher is not None:
                jobs.create_task(self.fetcher.run())
            if not self.webhook:
                jobs.create_task(self._poller.run())

    async def _prepare(self) -> None:
        """Once for each process: no time is lost with it when the lease comes back."""
        if self._prepared:
            return
        if self.webhook:
            await self.api.be_called(f"{self.webhook}/telegram/webhook", self.secret)
        else:
            await self.api.poll()
        self._prepared = True
        self.receiver.tidying.begin(None, lambda: self.api.offer_commands(COMMANDS))

    async def _watch(self, lease: Lease) -> None:
        """Whoever may have lost the lease stops at once."""
        while True:
            await lease.check()
            await asyncio.sleep(_CHECK_LEASE_S)

    async def called(self, raw: object) -> None:
        """An update that Telegram brings itself: it comes again until it is taken. Raises Unavailable."""
        await self._take_or_tell(read(raw))

    async def take(self, batch: Sequence[object]) -> None:
        """Store a batch, however long the database is away: each chat in order, and none waits for a slow one."""
        places = asyncio.Semaphore(_CHATS_AT_ONCE)
        async with asyncio.TaskGroup() as chats:
            for meanings in by_chat([read(raw) for raw in batch]):
                chats.create_task(self._take_chat(meanings, places))

    async def _take_chat(self, meanings: Sequence[Meaning], places: asyncio.Semaphore) -> None:
        async with places:
            for meaning in gathered(meanings):
                await self._take_until_stored(meaning)

    async def _take_until_stored(self, meaning: Meaning) -> None:
        failures = 0
        while True:
            try:
                return await self._take_or_tell(meaning)
            except Unavailable as error:
                failures += 1
                log.warning("update_waits", reason=str(error))
            await asyncio.sleep(0.25 * 2 ** min(failures, 4))

    async def _take_or_tell(self, meaning: Meaning) -> None:
        """Raises Unavailable: then it is to come again. What breaks us is tried a few times, and then a person's."""
        for tries in range(1, _TRIES + 1):
            try:
                if await self.receiver.take(meaning):
                    self.metrics.messages.labels(TELEGRAM).inc()
                return
            except Unavailable:
                raise
            except MessageRefused as error:  # such as one of nothing but invisible letters
                log.info("update_refused", why=type(error).__name__)
                return
            except Exception as error:
                log.error("update_broke", kind=type(meaning).__name__, where=place_of(error))
            if tries < _TRIES:
                await asyncio.sleep(0.25 * 2**tries)
        await self._tell_staff()

    async def _tell_staff(self) -> None:
        """One update that breaks us must not keep all the others waiting; a person looks what it was.

        Raises Unavailable: it is given up once somebody can hear of it.
        """
        text = "A message on Telegram could not be taken in. Look at the desk's log, and at Telegram itself."
        await self.alerts.raise_(NewAlert("telegram", text), None, self.clock())

    async def _hear(self) -> None:
        """New messages are delivered at once; typing shows while somebody prepares one."""
        typing: dict[str, asyncio.Task[None]] = {}
        try:
            with self.live.watch(EVERYTHING) as watch:
                while True:
                    for signal in await watch.next(_CHECK_LEASE_S):
                        if signal.kind == "message":
                            self.deliverer.wake(signal.conversation_id)
                        elif signal.kind == "file" and self.fetcher is not None:
                            self.fetcher.wake()
                        elif signal.kind == "typing":
                            self._typing(typing, signal)
                        elif signal.kind in MOVES:
                            self.deliverer.look_at_waits()
        finally:
            for task in typing.values():
                task.cancel()
            await asyncio.gather(*typing.values(), return_exceptions=True)

    def _typing(self, typing: dict[str, asyncio.Task[None]], signal: Signal) -> None:
        before = typing.pop(signal.conversation_id, None)
        if before is not None:
            before.cancel()
        if signal.data.get("on") and signal.data.get("who") in ("bot", "agent"):
            typing[signal.conversation_id] = asyncio.create_task(self._type(signal.conversation_id))

    async def _type(self, conversation_id: str) -> None:
        """Telegram shows typing for five seconds, or until a message comes."""
        with suppress(ApiTrouble, PortError):
            conversation = await self.conversations.get(conversation_id)
            if conversation.channel != TELEGRAM:
                return
            async with asyncio.timeout(_LONGEST_TYPING_S):
                while True:
                    await self._show_typing(conversation.channel_user)
                    await asyncio.sleep(_TYPING_LASTS_S)

    async def _show_typing(self, chat: str) -> None:
        """Not while Telegram wants that chat to wait: typing is worth no longer wait for the answer."""
        if self.pace.held_s(chat):
            return
        try:
            await self.api.type(chat)
        except NotNow as asked:
            self.pace.hold(chat, asked.after)


def _leaves(group: BaseExceptionGroup[Any]) -> list[BaseException]:
    """The troubles of a group, and of the groups in it."""
    found: list[BaseException] = []
    for one in group.exceptions:
        found += _leaves(one) if isinstance(one, BaseExceptionGroup) else [one]
    return found


def _names(group: BaseExceptionGroup[Any]) -> list[str]:
    return [type(one).__name__ for one in _leaves(group)]
