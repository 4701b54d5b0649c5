"""Calls to Telegram's Bot API, and their failures in our words: the library's may hold the token.

ApiTrouble
├── NotNow        Telegram asks to wait: `after` so many seconds
├── NotSent       nothing reached Telegram: try again
│   └── Elsewhere somebody else fetches what is ours
├── PerhapsSent   the answer was lost: Telegram may have done it
├── Impossible    Telegram will never do this for this chat
├── Moved         the chat has another name now
└── NotAllowed    the token is not valid
"""

import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    MessageEntity,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest

from desk.telegram.composing import FilePart, Part
from desk.telegram.updates import WANTED

POLL_S = 25
_PATIENCE_S = 10.0
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class ApiTrouble(Exception):
    """Telegram did not do what was asked."""


class NotNow(ApiTrouble):
    """Telegram asks to wait."""

    def __init__(self, after: float) -> None:
        super().__init__("Telegram asks to wait.")
        self.after = after


class NotSent(ApiTrouble):
    """Nothing reached Telegram."""


class Elsewhere(NotSent):
    """Somebody else fetches what is ours."""


class PerhapsSent(ApiTrouble):
    """The answer was lost."""


class Impossible(ApiTrouble):
    """Telegram will never do this. Its text is for the staff."""


class Moved(ApiTrouble):
    """The chat has another name now."""

    def __init__(self, to: str) -> None:
        super().__init__("The chat has moved.")
        self.to = to


class NotAllowed(ApiTrouble):
    """The token is not valid."""


class Api:
    """One bot. Nothing connects before it is used."""

    def __init__(self, token: str, url: str, *, patience_s: float = _PATIENCE_S) -> None:
        self._bot = Bot(
            token,
            base_url=f"{url}/bot",
            base_file_url=f"{url}/file/bot",
            request=_request(16, patience_s),
            get_updates_request=_request(2, patience_s),
        )
        self._open = False

    async def open(self) -> str:
        """Our own name in Telegram."""
        async with _in_our_words():
            if not self._open:
                await self._bot.initialize()
                self._open = True
            return self._bot.username

    async def close(self) -> None:
        """Let go of the connections."""
        if self._open:
            self._open = False
            await self._bot.shutdown()

    async def updates(self, offset: int | None, most: int, wait_s: int = POLL_S) -> list[Any]:
        """Updates as they came, from `offset` on: to ask confirms those before. One bad one spoils no others."""
        wanted: dict[str, Any] = {"timeout": wait_s, "limit": most, "allowed_updates": list(WANTED)}
        if offset is not None:
            wanted["offset"] = offset
        async with _in_our_words():
            # In this spelling the library does not advise its own method, which reads the whole batch or nothing.
            found = await self._bot.do_api_request("get_Updates", wanted, read_timeout=wait_s + _PATIENCE_S)
        return found if isinstance(found, list) else []

    async def poll(self) -> None:
        """Updates are fetched from now on."""
        async with _in_our_words():
            await self._bot.delete_webhook(drop_pending_updates=False)

    async def be_called(self, url: str, secret: str) -> None:
        """Updates are brought to this address from now on, one after the other."""
        async with _in_our_words():
            await self._bot.set_webhook(
                url, secret_token=secret, allowed_updates=list(WANTED), max_connections=1, drop_pending_updates=False
            )

    async def offer_commands(self, commands: dict[str, str]) -> None:
        """What Telegram lists when somebody types a slash."""
        async with _in_our_words():
            await self._bot.set_my_commands([BotCommand(name, about) for name, about in commands.items()])

    async def send(self, chat: str, part: Part, *, quiet: bool = False) -> str:
        """Send one part, `quiet` without a sound; returns Telegram's id of it."""
        async with _in_our_words():
            sent = await self._bot.send_message(
                int(chat),
                part.text,
                entities=_bold(part),
                reply_markup=_keyboard(part),
                link_preview_options=_NO_PREVIEW,
                disable_notification=quiet or None,
            )
            return str(sent.message_id)

    async def send_file(self, chat: str, file: FilePart) -> str:
        """Send one file, a photo as a photo; returns Telegram's id of it."""
        given = InputFile(file.content, filename=file.name)
        async with _in_our_words():
            if file.kind == "photo":
                sent = await self._bot.send_photo(int(chat), given)
            elif file.kind == "audio" and file.media_type == "audio/ogg":
                sent = await self._bot.send_voice(int(chat), given)
            else:
                sent = await self._bot.send_document(int(chat), given)
            return str(sent.message_id)

    async def download(self, file_id: str) -> bytes:
        """A file that Telegram keeps."""
        async with _in_our_words():
            file = await self._bot.get_file(file_id)
            return bytes(await file.download_as_bytearray())

    async def change(self, chat: str, message_id: str, part: Part) -> None:
        """Another text and no buttons under one of our messages."""
        async with _in_our_words():
            await self._bot.edit_message_text(
                part.text, int(chat), int(message_id), entities=_bold(part), link_preview_options=_NO_PREVIEW
            )

    async def delete(self, chat: str, message_id: str) -> None:
        """Take back one of our messages."""
        async with _in_our_words():
            await self._bot.delete_message(int(chat), int(message_id))

    async def take_buttons_away(self, chat: str, message_id: str) -> None:
        async with _in_our_words():
            await self._bot.edit_message_reply_markup(int(chat), int(message_id), reply_markup=None)

    async def answer_press(self, query_id: str, text: str | None) -> None:
        """End the wait that the customer sees on a pressed button, with a word where one is due."""
        async with _in_our_words():
            await self._bot.answer_callback_query(query_id, text)

    async def type(self, chat: str) -> None:
        """Show for a few seconds that an answer is being written."""
        async with _in_our_words():
            await self._bot.send_chat_action(int(chat), "typing")

    async def leave(self, chat: str) -> None:
        async with _in_our_words():
            await self._bot.leave_chat(int(chat))


def _request(connections: int, patience_s: float) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=connections, read_timeout=patience_s, connect_timeout=5.0, pool_timeout=patience_s
    )


def _bold(part: Part) -> list[MessageEntity] | None:
    return [MessageEntity(MessageEntity.BOLD, 0, part.bold)] if part.bold else None


def _keyboard(part: Part) -> InlineKeyboardMarkup | None:
    if not part.buttons:
        return None
    return InlineKeyboardMarkup([[InlineKeyboardButton(title, callback_data=data)] for title, data in part.buttons])


@asynccontextmanager
async def _in_our_words() -> AsyncIterator[None]:
    try:
        yield
    except TelegramError as error:
        raise trouble_of(error) from None  # the library's own words may hold the token


def trouble_of(error: TelegramError) -> ApiTrouble:
    """What a failure means for what was being sent."""
    match error:
        case RetryAfter():
            after = error.retry_after
            return NotNow(after.total_seconds() if isinstance(after, timedelta) else float(after))
        case ChatMigrated():
            return Moved(str(error.new_chat_id))
        case Forbidden():
            return Impossible(_why(error))
        case InvalidToken() | EndPointNotFound():  # what the library makes of it where we name the method
            return NotAllowed("Telegram does not accept the token.")
        case BadRequest():
            return Impossible(_why(error))
        case Conflict():
            return Elsewhere("Another process or a webhook fetches this bot's updates.")
        case NetworkError() if isinstance(error.__cause__, _NEVER_LEFT):
            return NotSent("Telegram cannot be reached.")
        case _:
            return PerhapsSent("Telegram's answer was lost.")


def place_of(error: BaseException) -> str:
    """Where something broke, for the log. What the error says stays out of it: that may be a token or a message."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} at {frames[-1].filename}:{frames[-1].lineno}" if frames else type(error).__name__


def _why(error: TelegramError) -> str:
    """A sentence for the staff, from the few reasons that Telegram gives."""
    told = error.message.lower()
    if "blocked" in told:
        return "The customer has blocked the bot."
    if "deactivated" in told:
        return "The customer's Telegram account is gone."
    if "chat not found" in told or "kicked" in told or "initiate" in told:
        return "The chat does not exist any more."
    return "Telegram refused this message."
