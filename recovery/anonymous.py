"""A text without the person in it: what can be learned from stays, who wrote it goes.

What is taken out is replaced by something of its own kind, so that the text still reads as customers write: an order
number by an order number, a name by a name. Nothing here can be undone. Rules find what looks like personal data;
`known` is what is known to be: the customer's name from the CRM, and details that the NLU found.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from recovery.personal import (
    ALSO_WORDS,
    EMAIL,
    FIRST_NAME,
    LAST_NAME,
    ORDER,
    PHONE,
    RULES,
    TRACKING,
    Put,
    in_its_case,
)

_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2060-\u2064\ufeff]")
_MOST_ROUNDS = 8  # taking one thing out may bring another together; two rounds are the rule


@dataclass(frozen=True, slots=True)
class Known:
    """What is known to be this person's: their names, and details with the kind that the NLU gave them."""

    names: tuple[str, ...] = ()
    details: tuple[tuple[str, str], ...] = ()  # ("order_number", "10482")


NOBODY = Known()
_STANDS_FOR = {"email": EMAIL, "phone": PHONE, "order_number": ORDER, "tracking_number": TRACKING}


def anonymous(text: str, known: Known = NOBODY) -> str:
    """The text with everything personal replaced. What was made anonymous stays as it is."""
    text = _INVISIBLE.sub("", text)
    for _ in range(_MOST_ROUNDS):
        again = _once(text, known)
        if again == text:
            break
        text = again
    return text


def _once(text: str, known: Known) -> str:
    pieces: list[tuple[bool, str]] = [(False, text)]
    for pattern, put in (*RULES, *_of_known(known)):
        pieces = [new for piece in pieces for new in _taken_out(piece, pattern, put)]
    return "".join(piece for _, piece in pieces)


def _taken_out(piece: tuple[bool, str], pattern: re.Pattern[str], put: Put) -> Iterable[tuple[bool, str]]:
    """The piece, cut where the pattern was found. What was put in once is not looked at again in this round."""
    done, text = piece
    if done:
        yield piece
        return
    end = 0
    for found in pattern.finditer(text):
        yield False, text[end : found.start()]
        yield True, put if isinstance(put, str) else put(found)
        end = found.end()
    yield False, text[end:]


def _of_known(known: Known) -> list[tuple[re.Pattern[str], Put]]:
    rules: list[tuple[re.Pattern[str], Put]] = []
    for kind, words in known.details:
        if kind in _STANDS_FOR and words.strip():
            rules.append((re.compile(rf"(?<!\w){re.escape(words.strip())}(?!\w)"), _STANDS_FOR[kind]))
    for name in known.names:
        parts = [part for part in re.split(r"[\s.,]+", name) if len(part) > 1]
        for n, part in enumerate(parts):
            stand_in = FIRST_NAME if n == 0 else LAST_NAME
            if part.lower() != stand_in.lower():
                rules.append((_name_pattern(part), lambda found, to=stand_in: in_its_case(found.group(), to)))  # type: ignore[misc]
    return rules


def _name_pattern(part: str) -> re.Pattern[str]:
    if part.lower() in ALSO_WORDS:
        return re.compile(rf"(?<!\w){re.escape(part.capitalize())}(?=(?:['’]s)?(?!\w))")
    return re.compile(rf"(?<!\w){re.escape(part)}(?=(?:['’]s)?(?!\w))", re.IGNORECASE)
