"""Whether somebody asks to be rung instead of waiting, and whether they say on which number. Pure: words in."""

import re

from recovery.choosing import plain

_RING = r"(?:call|ring|phone|bell|telephone)"
_WHO = r"(?:you|u|some ?(?:one|body)|any ?(?:one|body)|they|them|a person|a human|your \w+)"
_WISH = r"i(?:'d| would)?(?: really| much)?(?: like| want| need| prefer| rather have)|can i (?:have|get)|may i have"
_ASKS = re.compile(
    r"\b(?:can|could|would|will|please|pls|plz|just|and|get|have|ask) "
    rf"(?:(?:{_WHO}|please|just|to) ){{0,4}}{_RING} me\b"
    rf"|(?:^|[.!?;,\n])\s*{_RING} me\b(?! (?:a|an|names?|crazy|old|stupid|mad|when you)\b)"
    r"|\b(?:give|gimme) (?:me )?a (?:quick )?(?:call|ring|bell|buzz)\b"
    rf"|\b(?:{_WISH}) (?:a|an|to be|someone to|somebody to|you to|to get a) (?:quick |phone |proper )?"
    rf"(?:call(?:ed)?|callback|{_RING}|rung|phoned)(?:[ -]?back)?\b"
    r"|\b(?:want|need|request|book|arrange) a (?:call|phone call|callback|call[ -]back)\b"
)
# "Nobody called me back" and "don't ring me" ask for none.
_NONE = r"(?:don'?t|do not|never|stop|no need to|nobody|no one|didn'?t|rather not)"
_DENIES = re.compile(rf"\b{_NONE}\b[^.!?;\n]{{0,30}}{_RING}")
_NUMBER = re.compile(r"(?<![\w#-])\+?\(?\d(?:[ .()/-]{0,2}\d){8,14}(?!\d)")


def asks_for_a_call(text: str) -> bool:
    """Somebody is to ring them."""
    words = plain(text)
    return _ASKS.search(words) is not None and _DENIES.search(words) is None


def tells_a_number(text: str) -> bool:
    """It holds what may be dialled: nine digits or more, however they are grouped."""
    return _NUMBER.search(text) is not None
