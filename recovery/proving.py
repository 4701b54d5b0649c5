"""Proof by a one-time code: what is an e-mail address or a code in a message, and how often each may be tried."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

DIGITS = 6
LASTS = timedelta(minutes=10)
TRIES = 5  # of one code
SENT_MOST = 3  # to one address, and in one conversation, within WITHIN
WITHIN = timedelta(hours=1)
GUESSES_TELLING = 100  # wrong tries of all together within WITHIN: somebody may be guessing, and people are told
GUESSES_MOST = 1000  # from here on no code goes out, so that in an hour one in a thousand guessers gets in at most
HIDDEN = "•" * DIGITS

_ADDRESS = re.compile(r"[^\s@<>()\[\]\"',;:]{1,64}@[^\s@<>()\[\]\"',;:]{1,190}\.[^\W\d_]{2,24}(?![\w@-])")
_BETWEEN = r"[ .\u00a0\u2009\u202f-]"
_CODE = re.compile(rf"(?<!\d)(?<!\d{_BETWEEN})\d(?:{_BETWEEN}?\d){{{DIGITS - 1}}}(?!{_BETWEEN}?\d)")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_ABOUT_NOTHING_ELSE = frozenset(
    """
    a account address again an and at be been code e-mail email first found get go got have heard hello here hey hi
    i i'm i'd i've in is it it's its mail me mine my new no number ok okay on one order orders otp passcode please put
    received sent should so sorry sure thank thanks that that's the then there these this to try under up use used
    was with yes you your
    """.split()  # noqa: SIM905 - words read best as words
)

_CODE_OR_MAIL = re.compile(r"\b(?:codes?|digits|passcode|otp|e-?mails?|mails?|anything)\b", re.IGNORECASE)
_HAS_NOT = re.compile(
    r"\b(?:where(?:'?s)?|no|not|nothing|never|still|resend|again|another|(?:has|have|did|does|is)n[’']?t|haven[’']?t)\b",
    re.IGNORECASE,
)
_BRIEF = 12  # words: whoever misses a code says little else


class Verdict(StrEnum):
    """What a try of a code comes to."""

    RIGHT = "right"
    WRONG = "wrong"
    OVER = "over"  # it is too old, was used, or was tried too often


@dataclass(frozen=True, slots=True)
class SentCode:
    """A code that was sent, or seemed to be: `customer_id` None, and the address is nobody's.

    `tried_in` and `used_in` name the last try and the right one.
    """

    customer_id: str | None
    salt: str
    key: str  # what the code is kept as
    expires_at: datetime
    tries: int = 0
    tried_in: str | None = None
    used_in: str | None = None

    def is_over(self, now: datetime) -> bool:
        """Nothing can be proved with it any more."""
        return self.used_in is not None or now >= self.expires_at or self.tries >= TRIES


def judge(code: SentCode, attempt: str, now: datetime, *, right: bool) -> Verdict:
    """What a try comes to. One that comes again after a crash comes to what it came to first."""
    if code.used_in is not None:
        return Verdict.RIGHT if right and code.used_in == attempt else Verdict.OVER
    again = code.tried_in == attempt
    if now >= code.expires_at or (code.tries >= TRIES and not again):
        return Verdict.OVER
    return Verdict.RIGHT if right and code.customer_id is not None else Verdict.WRONG


def may_send(sent: Sequence[datetime], now: datetime) -> bool:
    """Whether one more may go out after these."""
    return sum(at > now - WITHIN for at in sent) < SENT_MOST


def email_in(text: str) -> str | None:
    """The e-mail address of a message that tells nothing else."""
    found = _ADDRESS.findall(text)
    return found[0] if len(set(found)) == 1 and _says_nothing_else(_ADDRESS.sub(" ", text)) else None


def misses_the_code(text: str) -> bool:
    """Whether a message says that the mail has not come: "where's the code", "nothing in my mail"."""
    brief = len(text.split()) <= _BRIEF
    return brief and _CODE_OR_MAIL.search(text) is not None and _HAS_NOT.search(text) is not None


def codes_in(text: str) -> tuple[str, ...]:
    """All that may be a code, however it is spaced, in whatever digits."""
    return tuple(re.sub(r"\D", "", found) for found in _CODE.findall(_in_our_digits(text)))


def only_a_code(text: str) -> bool:
    """Whether a message tells nothing but its code."""
    return bool(codes_in(text)) and _says_nothing_else(masked(text))


def masked(text: str) -> str:
    """The text without what may be a code."""
    kept, end = [], 0
    for found in _CODE.finditer(_in_our_digits(text)):
        kept += [text[end : found.start()], HIDDEN]
        end = found.end()
    return "".join((*kept, text[end:]))


def _in_our_digits(text: str) -> str:
    """Character for character, so that places stay the same."""
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


def _says_nothing_else(rest: str) -> bool:
    return all(word.lower().replace("’", "'") in _ABOUT_NOTHING_ELSE for word in _WORD.findall(rest))
