"""Our messages in Telegram's form: parts that fit, and buttons.

No markup is ever sent: names are made bold by entities, so whatever a text contains is shown as it stands.
"""

import re
import unicodedata
from dataclasses import dataclass

from casework.ports import Author, Button, Message

LONGEST = 4096  # UTF-16 code units
LONGEST_DATA = 64  # bytes that a button may carry
_BORDERS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?…])[\"'”’)]*\s+"), re.compile(r"\s+"))
_JOINERS = "\u200d\ufe0f"


@dataclass(frozen=True, slots=True)
class Part:
    """One Telegram message. `bold`: so many UTF-16 units at its beginning. `buttons`: title and what it carries."""

    text: str
    bold: int = 0
    buttons: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FilePart:
    """One file, which Telegram shows as a message of its own."""

    kind: str
    name: str
    media_type: str
    content: bytes


def units(text: str) -> int:
    """The length as Telegram counts it."""
    return len(text) + sum(c > "\uffff" for c in text)


def parts_of(message: Message) -> list[Part]:
    """A message as Telegram takes it: in several parts where it is long, its buttons under the last."""
    if message.meta.get("wordless"):
        return []
    name = message.author_name.strip() if message.author is Author.AGENT else ""
    texts = split(f"{name}\n{message.text}" if name else message.text)
    parts = [Part(text) for text in texts]
    if name:
        parts[0] = Part(parts[0].text, units(name))
    if message.buttons and parts:
        parts[-1] = Part(parts[-1].text, parts[-1].bold, pressable(message))
    return parts


def pressable(message: Message) -> tuple[tuple[str, str], ...]:
    """Each button carries which of the message's it is: what it stands for is stored with the message."""
    return tuple((b.title, button_data(message.id, index)) for index, b in enumerate(message.buttons))


def button_data(message_id: str, index: int) -> str:
    """What a button carries."""
    data = f"{index}.{message_id}"
    if len(data.encode()) > LONGEST_DATA:
        raise ValueError("This message's id is too long for a button.")
    return data


def read_button_data(data: str) -> tuple[str, int] | None:
    """The message and the number of a pressed button; None where it is none of ours."""
    index, _, message_id = data.partition(".")
    if not (message_id and index.isascii() and index.isdigit() and len(index) < 4):
        return None
    return message_id, int(index)


def chosen(message: Message, button: Button) -> Part | None:
    """The message once its button is used; None where there is no room to say which."""
    last = parts_of(message)[-1]
    text = f"{last.text}\n\n✓ {button.title}"
    return Part(text, last.bold) if units(text) <= LONGEST else None


def split(text: str, most: int = LONGEST) -> list[str]:
    """Parts that fit, cut at the last border of paragraph, line, sentence or word; no character is torn apart."""
    parts = []
    rest = text.strip()
    while units(rest) > most:
        end, begin = _cut(rest, most)
        parts.append(rest[:end].rstrip())
        rest = rest[begin:].lstrip()
    return [*parts, rest] if rest else parts


def _cut(text: str, most: int) -> tuple[int, int]:
    """Where the first part ends and the next begins."""
    fits = _fitting(text, most)
    window = text[: fits + 1]
    for border in _BORDERS:
        found = [m for m in border.finditer(window) if fits // 2 < m.start() <= fits]
        if found:
            return found[-1].start() + len(found[-1].group().rstrip()), found[-1].end()
    return fits, fits


def _fitting(text: str, most: int) -> int:
    """How many characters fit, without those that belong to the one after."""
    length = used = 0
    for length, character in enumerate(text):  # noqa: B007 - the last index is what is wanted
        used += units(character)
        if used > most:
            break
    end = length
    while end > length // 2 and _belongs(text, end):
        end -= 1
    return max(end, 1)


def _belongs(text: str, index: int) -> bool:
    """Whether the character at this index is one with the character before."""
    return text[index] in _JOINERS or text[index - 1] == _JOINERS[0] or bool(unicodedata.combining(text[index]))
