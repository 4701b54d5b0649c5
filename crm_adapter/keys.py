"""How an address or a number is looked up, however a person wrote it. And how ids are read back into numbers."""

import unicodedata

REFERENCES_FROM = 10_000
_LONGEST_ID = 18  # digits that PostgreSQL's bigint holds


def email_key(email: str) -> str:
    """The same for every way to write one e-mail address."""
    folded = unicodedata.normalize("NFD", email.strip()).casefold()
    return unicodedata.normalize("NFD", folded)


def phone_key(phone: str) -> str:
    """The same for every way to write one phone number; British numbers in their national form."""
    written = unicodedata.normalize("NFKC", phone).strip()
    digits = "".join(str(unicodedata.digit(c)) for c in written if c.isdigit())
    if written.startswith("+"):
        abroad = digits
    elif digits.startswith("00"):
        abroad = digits[2:]
    else:
        return digits
    return "0" + abroad[2:].lstrip("0") if abroad.startswith("44") else "+" + abroad


def number(record_id: str) -> int | None:
    """The number in a record's id, or None when no record can have this id."""
    fits = record_id.isascii() and record_id.isdigit() and len(record_id) <= _LONGEST_ID
    return int(record_id) if fits else None


def reference(compensation_id: int) -> str:
    """What the customer quotes when they ask about a compensation."""
    return f"HP-{REFERENCES_FROM + compensation_id}"
