"""Fetches the files that Telegram keeps for us. Their messages were stored before; this may take its time."""

import asyncio
import time
from dataclasses import dataclass, field

import structlog

from casework.errors import Unavailable
from casework.intake import new_message_id
from casework.keeping import Keeping
from casework.ports import Attachment, Attachments, Author, Clock, Messages, NoRoom, Outbound, Phrases
from casework.sniffing import FileRefused, FileTooLarge
from desk.telegram.api import Api, Impossible, NotNow, NotSent, place_of
from desk.telegram.delivering import TELEGRAM

_TRIES = 7  # of one file, in about five minutes
log = structlog.get_logger("desk.telegram")


@dataclass
class Fetcher:
    """One file after the other. What fails is tried again ever more slowly, and keeps no other file waiting."""

    api: Api
    attachments: Attachments
    keeping: Keeping
    messages: Messages
    phrases: Phrases
    clock: Clock
    sweep_every: float = 5.0
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _failed: dict[str, tuple[int, float]] = field(default_factory=dict)  # how often, and when to try again
    _rests_until: float = 0.0

    def wake(self) -> None:
        """There is something to fetch."""
        self._wake.set()

    async def run(self) -> None:
        """Fetch for as long as the lease is ours."""
        while True:
            await asyncio.sleep(self._rests_until - time.monotonic())  # whoever wakes us
            self._wake.clear()
            pause = await self._round()
            try:
                async with asyncio.timeout(pause):
                    await self._wake.wait()
            except TimeoutError:
                pass

    async def _round(self) -> float:
        """Fetch what can be fetched now; how long to rest then. Whoever cannot be reached at all ends the round."""
        try:
            wanted = await self.attachments.wanted(TELEGRAM)
            self._failed = {one.id: self._failed[one.id] for one in wanted if one.id in self._failed}
            for attachment in wanted:
                await self._try(attachment)
        except NotNow as asked:
            self._rests_until = time.monotonic() + asked.after
            return 0.0
        except (NotSent, Unavailable) as trouble:
            log.warning("files_wait", why=type(trouble).__name__)
        except Exception as error:
            log.error("fetch_broke", where=place_of(error))
        return self.sweep_every

    async def _try(self, attachment: Attachment) -> None:
        """Whatever is wrong with this one file, the next one counts."""
        tries, again_at = self._failed.get(attachment.id, (0, 0.0))
        if time.monotonic() < again_at:
            return
        try:
            await self._fetch(attachment)
        except (NotNow, NotSent, Unavailable):
            raise
        except Exception as error:
            log.warning("file_waits", where=place_of(error))
            self._failed[attachment.id] = (tries + 1, time.monotonic() + self.sweep_every * 2**tries)
            if tries + 1 >= _TRIES:
                await self._refuse(attachment, "Telegram did not give it to us.")

    async def _fetch(self, attachment: Attachment) -> None:
        try:
            if attachment.size > self.keeping.most:
                raise FileTooLarge(f"It is larger than {self.keeping.most // (1024 * 1024)} MB.")
            file_id = str((attachment.source or {}).get("file_id", ""))
            await self.keeping.fetched(attachment, await self.api.download(file_id))
        except (FileRefused, NoRoom) as refused:
            await self._refuse(attachment, str(refused))
        except Impossible:
            await self._refuse(attachment, "Telegram did not give it to us.")

    async def _refuse(self, attachment: Attachment, why: str) -> None:
        await self.attachments.refused(attachment, why)
        told = self.phrases.plain("utter_file_not_kept", why=why)
        await self.messages.say(
            attachment.conversation_id, Outbound(new_message_id(), Author.SYSTEM, told), self.clock()
        )
