"""Telegram's updates as what they mean to us. Nothing that an update contains may raise here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from telegram import CallbackQuery, Message, Update

from casework.captions import Caption
from casework.intake import LONGEST
from casework.ports import Json
from desk.telegram.media import FileSent, file_in, words_for

WANTED = ("message", "edited_message", "callback_query", "my_chat_member")
PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Said:
    """A customer's message. `wordless`: the text is ours, for there is none of theirs. `captions`: an album's."""

    chat: str
    name: str
    message_id: str
    text: str
    wordless: bool = False
    meta: Json = field(default_factory=dict)
    replies_to: str | None = None
    files: tuple[FileSent, ...] = ()
    album: str | None = None
    captions: tuple[Caption, ...] = ()


@dataclass(frozen=True, slots=True)
class Command:
    """A message such as `/start abc`: its name and what follows."""

    chat: str
    name: str
    message_id: str
    text: str
    command: str
    argument: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """A customer changed what they had written."""

    chat: str
    message_id: str
    text: str
    album: str | None = None


@dataclass(frozen=True, slots=True)
class Pressed:
    """A customer pressed a button."""

    chat: str
    name: str
    query_id: str
    message_id: str
    data: str


@dataclass(frozen=True, slots=True)
class InGroup:
    """Somebody put us into a group, or wrote to us there."""

    chat: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing that concerns us."""

    why: str


type Meaning = Said | Command | Corrected | Pressed | InGroup | Nothing


def id_of(raw: object) -> int | None:
    """The update's own number, by which it is confirmed."""
    number = raw.get("update_id") if isinstance(raw, Mapping) else None
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def read(raw: object) -> Meaning:
    """What an update means."""
    try:
        update = Update.de_json(dict(raw), None) if isinstance(raw, Mapping) else None
        return _meaning(update) if update is not None else Nothing("no update")
    except Exception as error:  # an update is other people's data: whatever is wrong with it, the next one counts
        return Nothing(f"unreadable ({type(error).__name__})")


def by_chat(meanings: Sequence[Meaning]) -> list[list[Meaning]]:
    """What each chat brought, in its order, without what concerns nobody."""
    chats: dict[str, list[Meaning]] = {}
    for one in meanings:
        if not isinstance(one, Nothing):
            chats.setdefault(one.chat, []).append(one)
    return list(chats.values())


def gathered(meanings: Sequence[Meaning]) -> list[Meaning]:
    """Each run of one album's pictures as one message."""
    together: list[Meaning] = []
    for one in meanings:
        last = together[-1] if together else None
        if isinstance(one, Said) and isinstance(last, Said) and one.album and one.album == last.album:
            together[-1] = _joined(last, one)
        else:
            together.append(one)
    return together


def _joined(first: Said, other: Said) -> Said:
    worded = first if other.wordless or not first.wordless else other
    text = worded.text if first.wordless or other.wordless else f"{first.text}\n{other.text}"
    files, captions = (*first.files, *other.files), (*first.captions, *other.captions)
    joined = replace(first, text=text, wordless=worded.wordless, files=files, captions=captions)
    return replace(joined, text=words_for(joined.files) if joined.wordless else text[:LONGEST])


def _meaning(update: Update) -> Meaning:
    if update.callback_query is not None:
        return _pressed(update.callback_query)
    if (edited := update.edited_message) is not None:
        text = _plain(edited.text or edited.caption)
        same = edited.chat.type == PRIVATE and bool(text)
        told = Corrected(str(edited.chat.id), _key(edited), text, _album(edited))
        return told if same else Nothing("an edit without words")
    if update.message is not None:
        return _message(update.message)
    if (member := update.my_chat_member) is not None and member.chat.type != PRIVATE:
        here = member.new_chat_member.status in ("member", "administrator", "restricted")
        return InGroup(str(member.chat.id)) if here else Nothing("out of a group")
    return Nothing("nothing that we asked for")


def _message(message: Message) -> Meaning:
    if message.chat.type != PRIVATE:
        return InGroup(str(message.chat.id)) if message.from_user else Nothing("a group's own news")
    if message.from_user is None or message.from_user.is_bot:
        return Nothing("not a person's")
    text = _plain(message.text)
    if text.startswith("/") and len(text) > 1 and not text[1].isspace() and not text.startswith("//"):
        return _command(message, text)
    return _said(message)


def _command(message: Message, text: str) -> Command:
    first, _, rest = text.partition(" ")
    command = first[1:].partition("@")[0].lower()
    return Command(str(message.chat.id), _name(message), _key(message), text[:LONGEST], command, rest.strip())


def _said(message: Message) -> Meaning:
    own = _plain(message.text or message.caption) or _plain(message.sticker.emoji if message.sticker else "")
    sent = file_in(message)
    told = own or words_for((sent,) if sent else (), message)
    if not told:
        return Nothing("a message without content")
    return Said(
        chat=str(message.chat.id),
        name=_name(message),
        message_id=_key(message),
        text=told[:LONGEST],
        wordless=not own,
        meta=_told_of(message),
        replies_to=_replies_to(message),
        files=(replace(sent, message_id=_key(message)),) if sent else (),
        album=_album(message),
        captions=((_key(message), own),) if own and _album(message) else (),
    )


def _told_of(message: Message) -> Json:
    """What is told beside words and files."""
    meta: Json = {}
    if message.location is not None:
        meta["location"] = [float(message.location.latitude), float(message.location.longitude)]
    if message.forward_origin is not None:
        meta["forwarded"] = True
    if (quoted := message.reply_to_message) is not None and (words := _plain(quoted.text or quoted.caption)):
        meta["quotes"] = words
    return meta


def _replies_to(message: Message) -> str | None:
    return str(message.reply_to_message.message_id) if message.reply_to_message else None


def _pressed(query: CallbackQuery) -> Meaning:
    message = query.message
    if message is None or message.chat.type != PRIVATE or not isinstance(query.data, str):
        return Nothing("a button of no message of ours")
    name = _printable(query.from_user.first_name)
    return Pressed(str(message.chat.id), name, str(query.id), str(message.message_id), query.data)


def _album(message: Message) -> str | None:
    return str(message.media_group_id) if message.media_group_id else None


def _key(message: Message) -> str:
    """The channel's own id of a message: unique in its chat."""
    return str(int(message.message_id))


def _name(message: Message) -> str:
    return _printable(message.from_user.first_name if message.from_user else "")


def _printable(name: object) -> str:
    return "".join(c for c in str(name or "") if c.isprintable())[:80].strip()


def _plain(text: Any) -> str:
    """What PostgreSQL can store of it."""
    return text.encode(errors="ignore").decode().replace("\0", "").strip() if isinstance(text, str) else ""
