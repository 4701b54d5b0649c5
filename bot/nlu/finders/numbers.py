"""Numbers as people write them: 1,234.50 and 1.234,50, words, "a couple", "2k"."""

from __future__ import annotations

import re
from decimal import Decimal

UNITS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40,
    "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "couple": 2, "dozen": 12, "both": 2,
}  # fmt: skip
MULTIPLIERS = {
    "k": 1000, "grand": 1000, "thousand": 1000, "hundred": 100, "m": 10**6, "million": 10**6, "lakh": 10**5,
    "lakhs": 10**5, "crore": 10**7,
}  # fmt: skip
WORDS = "|".join(sorted(UNITS, key=len, reverse=True))


def whole(text: str) -> int | None:
    """A count such as "3", "three" or "a couple of"; None for anything else."""
    text = text.lower()
    if re.fullmatch(r"[0-9]{1,6}", text):
        return int(text)
    return UNITS.get(text)


def decimal(text: str) -> Decimal:
    """The number in `text`, which holds digits, separators and spaces only.

    The last separator is the decimal one when one or two digits follow it; any other groups thousands.
    """
    digits = re.sub(r"[\s'’]", "", text)
    match = re.fullmatch(r"([0-9.,]*?)(?:[.,]([0-9]{1,2}))?", digits)
    if not match:
        return Decimal(re.sub(r"\D", "", digits) or 0)
    units = re.sub(r"[.,]", "", match.group(1)) or "0"
    return Decimal(f"{units}.{match.group(2) or 0}")
