"""Fetches the files that Telegram keeps for us. Their messages were stored before; this may take its time."""

import asyncio
from dataclasses import dataclass, field

import structlog

from casework.errors import PortError
from casework.intake import new_message_id
from casework.keeping import Keeping
from casework.ports import Attachment, Attachments, Author, Clock, Messages, Outbound, Phrases
from casework.sniffing import FileRefused, FileTooLarge
from desk.telegram.api import Api, ApiTrouble, Impossible, NotNow, place_of
from desk.telegram.delivering import TELEGRAM

_LONGEST_PAUSE_S = 30.0
log = structlog.get_logger("desk.telegram")


@dataclass
class Fetcher:
    """One file after the other; what fails for a while is tried again."""

    api: Api
    attachments: Attachments
    keeping: Keeping
    messages: Messages
    phrases: Phrases
    clock: Clock
    sweep_every: float = 5.0
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """There is something to fetch."""
        self._wake.set()

    async def run(self) -> None:
        """Fetch for as long as the lease is ours."""
        while True:
            pause = self.sweep_every
            self._wake.clear()
            try:
                for attachment in await self.attachments.wanted(TELEGRAM):
                    await self._fetch(attachment)
            except NotNow as asked:
                pause = min(_LONGEST_PAUSE_S, asked.after)
            except (ApiTrouble, PortError) as trouble:
                log.warning("file_waits", why=type(trouble).__name__)
            except Exception as error:
                log.error("fetch_broke", where=place_of(error))
            try:
                async with asyncio.timeout(pause):
                    await self._wake.wait()
            except TimeoutError:
                pass

    async def _fetch(self, attachment: Attachment) -> None:
        try:
            if attachment.size > self.keeping.most:
                raise FileTooLarge(f"It is larger than {self.keeping.most // (1024 * 1024)} MB.")
            file_id = str((attachment.source or {}).get("file_id", ""))
            await self.keeping.fetched(attachment, await self.api.download(file_id))
        except FileRefused as refused:
            await self._refuse(attachment, str(refused))
        except Impossible:
            await self._refuse(attachment, "Telegram did not give it to us.")

    async def _refuse(self, attachment: Attachment, why: str) -> None:
        await self.attachments.refused(attachment, why)
        told = self.phrases.plain("utter_file_not_kept", why=why)
        await self.messages.say(
            attachment.conversation_id, Outbound(new_message_id(), Author.SYSTEM, told), self.clock()
        )
