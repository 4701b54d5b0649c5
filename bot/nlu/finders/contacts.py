"""E-mail addresses and telephone numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.nlu.finders import Found

EMAIL = re.compile(
    r"(?<![\w.+-])[A-Za-z0-9_](?:[A-Za-z0-9_.%+'-]{0,62}[A-Za-z0-9_])?"
    r"@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,5}\.[A-Za-z]{2,24}\b"
)
INTERNATIONAL = re.compile(r"(?<![\w#])(?:\+|00)[1-9](?:[ ().-]{0,2}\d){7,13}(?![\d])", re.ASCII)
NATIONAL = re.compile(r"(?<![\w#£$€.+])\(?0[1-9](?:[ ().-]{0,2}\d){7,9}(?![\d])", re.ASCII)
AMERICAN = re.compile(r"(?<![\w#£$€.+])\(?[2-9]\d{2}\)?[ .-]\d{3}[ .-]\d{4}(?!\w)", re.ASCII)
TRUNK_ZERO = re.compile(r"\(0\)")  # "+44 (0)20 …": the zero is not dialled from abroad


def find_emails(text: str) -> Iterator[Found]:
    for match in EMAIL.finditer(text):
        yield Found("email", match.group().lower(), match.group(), match.start(), match.end())


def find_phones(text: str) -> Iterator[Found]:
    for pattern in (INTERNATIONAL, NATIONAL, AMERICAN):
        for match in pattern.finditer(text):
            yield Found("phone", dialled(match.group()), match.group(), match.start(), match.end())


def dialled(text: str) -> str:
    """Digits only, with a leading + for an international number."""
    digits = re.sub(r"\D", "", TRUNK_ZERO.sub("", text), flags=re.ASCII)
    if text.startswith("+"):
        return "+" + digits
    return "+" + digits[2:] if digits.startswith("00") else digits
