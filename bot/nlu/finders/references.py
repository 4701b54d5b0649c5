"""Order and tracking numbers in the company's formats."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.nlu.finders import Found

FIRST_ORDER, LAST_ORDER = 10001, 99999
MARKED = re.compile(
    r"(?<!\w)(?:#\s?|R\s?-\s?|(?:order|ord)s?(?:\s+(?:number|num|no|nr|ref|reference|id))?[\s.:#-]{0,4}(?:is\s+)?(?:R-)?)"
    r"([1-9][0-9]{4})(?![0-9]|[.,][0-9])",
    re.IGNORECASE,
)
BARE = re.compile(r"(?<![\w#.,/+€£$¥₹₦-])([1-9][0-9]{4})(?![\w%/€£$¥₹₦-]|[.,:][0-9])")
# What makes a bare five-digit number a price or a measure instead.
BEFORE = re.compile(
    r"\b(?:paid|pay|cost|costs|price|worth|spent|total|usd|gbp|eur|inr|ngn|sgd|aud|rs|rm|model|pin|code|"
    r"postcode|zip|serial|version)(?:\s+(?:code|number|is|was|of))?[\s.:]{1,3}$",
    re.IGNORECASE,
)
AFTER = re.compile(
    r"\s{0,2}(?:pounds?|quid|dollars?|bucks?|euros?|rupees?|naira|yen|usd|gbp|eur|inr|ngn|sgd|aud|rs\b|ringgit|"
    r"pence|cents|kr\b|miles?|km|kms|metres?|meters?|m?ah\b|btu|rpm|watts?|lumens?|steps|views|followers|people|"
    r"customers|reviews|times|hours|words|points|[0-9]{3,})",
    re.IGNORECASE,
)
TRACKING = re.compile(r"(?<!\w)R\s?D(?:[\s-]?[0-9]){9}[\s-]?G\s?B(?!\w)", re.IGNORECASE)
CONTEXT = 24  # characters looked at before a bare number


def find_orders(text: str) -> Iterator[Found]:
    for match in MARKED.finditer(text):
        yield _order(match)
    for match in BARE.finditer(text):
        before = text[max(0, match.start() - CONTEXT) : match.start()]
        if not BEFORE.search(before) and not AFTER.match(text, match.end()) and _in_range(match):
            yield _order(match)


def find_tracking(text: str) -> Iterator[Found]:
    for match in TRACKING.finditer(text):
        value = re.sub(r"[\s-]", "", match.group()).upper()
        yield Found("tracking_number", value, match.group(), match.start(), match.end())


def _in_range(match: re.Match[str]) -> bool:
    return FIRST_ORDER <= int(match.group(1)) <= LAST_ORDER


def _order(match: re.Match[str]) -> Found:
    return Found("order_number", match.group(1), match.group(1), match.start(1), match.end(1))
