"""What a reader may see of a person. Owners of a conversation see it as it is; all others see it masked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

DOT = "•"
_EMAIL = re.compile(r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+")
# Thirteen to nineteen digits, however grouped: payment cards and account numbers of that kind.
_CARD = re.compile(r"(?<![\w.])\d(?:[ .-]?\d){12,18}(?!\w)")
# At least nine digits that start like a phone number (+ or 0). Order and tracking numbers do not.
_PHONE = re.compile(r"(?<![\w.])(?:\+|00|\(?0)\d?(?:[ ().-]{0,2}\d){8,13}(?!\w)")


def masked_email(email: str) -> str:
    """`joan@example.com` as `j•••@example.com`."""
    local, at, host = email.partition("@")
    return f"{local[:1]}{DOT * 3}{at}{host}" if at else DOT * 3


def masked_phone(phone: str) -> str:
    """All but the last two digits hidden."""
    digits = [c for c in phone if c.isdigit()]
    return f"{DOT * 3} {''.join(digits[-2:])}" if len(digits) > 4 else DOT * 3


def _masked_card(found: re.Match[str]) -> str:
    return f"{DOT * 4} {re.sub(r'[^0-9]', '', found.group())[-4:]}"


def masked_text(text: str) -> str:
    """Free text with its e-mail addresses, phone numbers and card-like numbers masked."""
    text = _EMAIL.sub(lambda m: masked_email(m.group()), text)
    text = _CARD.sub(_masked_card, text)
    return _PHONE.sub(lambda m: masked_phone(m.group()), text)


def masked_value(value: object) -> object:
    """JSON values with every string in them masked."""
    if isinstance(value, str):
        return masked_text(value)
    if isinstance(value, Mapping):
        return {key: masked_value(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [masked_value(inner) for inner in value]
    return value


@dataclass(frozen=True, slots=True)
class Eyes:
    """How one reader sees one conversation: `full` is for its owner."""

    full: bool = False

    def email(self, email: str) -> str:
        return email if self.full else masked_email(email)

    def phone(self, phone: str) -> str:
        return phone if self.full else masked_phone(phone)

    def text(self, text: str) -> str:
        return text if self.full else masked_text(text)

    def value(self, value: object) -> object:
        return value if self.full else masked_value(value)
