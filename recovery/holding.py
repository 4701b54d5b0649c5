"""Whether a person only asked the customer to wait: "one moment" is a word, but no answer. Pure: words in."""

import re

from recovery.choosing import plain

LONGEST = 20  # words: whoever writes more has told something
_WAIT = re.compile(
    r"\b(?:(?:one|a|just a|half a|two|five|couple of) (?:moment|sec(?:ond)?s?|mins?|minutes?|mo|tick)s?"
    r"|bear with(?: me)?|hang on|hold on|stay with me|i'?ll be (?:right )?(?:back|with you)"
    r"|be right (?:back|with you)|brb"
    r"|(?:let me|i'?ll|i will|i'?m|am|just) (?:just |quickly |going to |gonna |now )*"
    r"(?:check(?:ing)?|look(?:ing)?|(?:have|take) a look|find(?:ing)? out|see|read(?:ing)?|pull(?:ing)? up"
    r"|get back)\b)"
)
# A time to come back at, or a question, is something that the customer can do something with.
_TELLS_MORE = re.compile(
    r"\?|\b(?:tomorrow|today|tonight|this (?:morning|afternoon|evening)|hours?|days?|week"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|by (?:e-?mail|phone)|(?:e-?mail|call|ring) you|refund(?:ed)?|booked|sent|ordered)\b"
)


def only_asks_to_wait(text: str) -> bool:
    """A short word that an answer will follow, with no answer, question or time in it."""
    words = plain(text)
    return len(words.split()) <= LONGEST and _WAIT.search(words) is not None and _TELLS_MORE.search(words) is None
