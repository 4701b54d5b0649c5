"""What agents say often: a short list that supervisors keep, with places for a name and an order."""

import re
from dataclasses import dataclass

from casework.intake import clean
from casework.ports import Clock, SavedReplyBook, Staff

FIRST_NAME, ORDER = "{first name}", "{order}"
MOST, LONGEST_TITLE, LONGEST_TEXT = 50, 60, 2000
_PLACE = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class SavedReplies:
    """Supervisors write them, agents use them."""

    book: SavedReplyBook
    clock: Clock

    async def save(self, staff: Staff, title: str, text: str, reply_id: int | None = None) -> None:
        """Raises ValueError with a sentence, Conflict, NotFound."""
        name, words = " ".join(title.split()), clean(text)
        if not 0 < len(name) <= LONGEST_TITLE:
            raise ValueError(f"A title has 1 to {LONGEST_TITLE} characters.")
        if len(words) > LONGEST_TEXT:
            raise ValueError(f"A saved reply has at most {LONGEST_TEXT:,} characters.")
        if unknown := sorted(set(_PLACE.findall(words)) - {FIRST_NAME, ORDER}):
            raise ValueError(f"{unknown[0]} is no place that we can fill. There are {FIRST_NAME} and {ORDER}.")
        if reply_id is None and len(await self.book.all()) >= MOST:
            raise ValueError(f"There are {MOST} already, which nobody can overlook. Remove one first.")
        await self.book.save(name, words, staff.id, self.clock(), reply_id)


def filled(text: str, first_name: str, order: str) -> str:
    """A saved reply for one customer. Where nothing is known, it still reads as a sentence."""
    named = text.replace(FIRST_NAME, first_name) if first_name else re.sub(r"[ ,]*\{first name\}", "", text)
    return named.replace(ORDER, order or "your order")
