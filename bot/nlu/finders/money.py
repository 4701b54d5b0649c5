"""Sums of money in any currency, as {"amount": decimal string, "currency": ISO 4217 code}."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from bot.nlu.finders import Found
from bot.nlu.finders.numbers import MULTIPLIERS, UNITS, decimal

# An ambiguous sign means the currency it most often means to this company's customers.
SIGNS = {
    "£": "GBP", "$": "USD", "€": "EUR", "₹": "INR", "¥": "JPY", "₦": "NGN", "₱": "PHP", "₩": "KRW", "฿": "THB",
    "₫": "VND", "₺": "TRY", "₴": "UAH", "₽": "RUB", "₪": "ILS", "₵": "GHS", "৳": "BDT", "US$": "USD", "S$": "SGD",
    "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "NZ$": "NZD", "HK$": "HKD", "R$": "BRL", "Rs": "INR",
    "Rs.": "INR", "RM": "MYR", "Rp": "IDR", "KSh": "KES", "GH₵": "GHS",
}  # fmt: skip
CODES = [
    "GBP",
    "USD",
    "EUR",
    "INR",
    "NGN",
    "SGD",
    "AUD",
    "CAD",
    "NZD",
    "JPY",
    "CNY",
    "HKD",
    "CHF",
    "SEK",
    "NOK",
    "DKK",
    "PLN",
    "CZK",
    "HUF",
    "RON",
    "TRY",
    "ZAR",
    "KES",
    "GHS",
    "AED",
    "SAR",
    "QAR",
    "MYR",
    "IDR",
    "THB",
    "PHP",
    "VND",
    "KRW",
    "BRL",
    "MXN",
    "ILS",
    "UAH",
    "BDT",
    "PKR",
    "LKR",
    "EGP",
]
NAMES = {
    "pounds": "GBP", "pound": "GBP", "quid": "GBP", "sterling": "GBP", "dollars": "USD", "dollar": "USD",
    "bucks": "USD", "buck": "USD", "euros": "EUR", "euro": "EUR", "rupees": "INR", "rupee": "INR", "rs": "INR",
    "naira": "NGN", "yen": "JPY", "yuan": "CNY", "rmb": "CNY", "francs": "CHF", "kroner": "NOK", "kronor": "SEK",
    "zloty": "PLN", "zł": "PLN", "rand": "ZAR", "shillings": "KES", "cedis": "GHS", "dirhams": "AED",
    "dirham": "AED", "riyals": "SAR", "ringgit": "MYR", "baht": "THB", "pesos": "PHP", "reais": "BRL",
    "taka": "BDT", "€": "EUR", "£": "GBP", "₹": "INR", "kr": "SEK",
}  # fmt: skip
CENTS = {"p": "GBP", "pence": "GBP", "cents": "USD", "cent": "USD", "paise": "INR"}
WHOLE_ONLY = {"JPY", "KRW", "VND", "IDR"}
LARGEST = Decimal(10) ** 10

NUMBER = r"[0-9]{1,3}(?:[,. '’][0-9]{3}){1,3}(?:[.,][0-9]{1,2})?(?![0-9])|[0-9]{1,9}(?:[.,][0-9]{1,2})?(?![0-9])"
TIMES = r"(?:\s?(k|m)\b|\s(grand|thousand|hundred|million|lakhs?|crore)\b)?"


def _any(words: object) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


BY_SIGN = re.compile(rf"(?<![\w])({_any(SIGNS)}|{_any(CODES)})\s?({NUMBER}){TIMES}", re.IGNORECASE)
BY_NAME = re.compile(rf"(?<![\w.,£$€])({NUMBER}|{_any(UNITS)}){TIMES}\s?({_any([*NAMES, *CODES])})(?!\w)", re.IGNORECASE)
BY_CENTS = re.compile(rf"(?<![\w.,£$€])([0-9]{{1,4}})\s?({_any(CENTS)})(?!\w)")
SLANG = re.compile(rf"(?<![\w.,£$€])({NUMBER}|{_any(UNITS)})\s(grand)(?!\w)", re.IGNORECASE)
CURRENCY = {key.lower(): code for key, code in {**SIGNS, **NAMES, **{c: c for c in CODES}}.items()}


def find_money(text: str) -> Iterator[Found]:
    for match in BY_SIGN.finditer(text):
        sign, number, short, long = match.groups()
        yield from _sum(match, decimal(number), short or long, CURRENCY[sign.lower()])
    for match in BY_NAME.finditer(text):
        number, short, long, name = match.groups()
        yield from _sum(match, _number(number), short or long, CURRENCY[name.lower()])
    for match in BY_CENTS.finditer(text):
        yield from _sum(match, decimal(match.group(1)) / 100, None, CENTS[match.group(2)])
    for match in SLANG.finditer(text):
        yield from _sum(match, _number(match.group(1)), "grand", "GBP")


def _number(text: str) -> Decimal:
    return Decimal(UNITS[text.lower()]) if text.lower() in UNITS else decimal(text)


def _sum(match: re.Match[str], amount: Decimal, times: str | None, currency: str) -> Iterator[Found]:
    amount *= MULTIPLIERS.get((times or "").lower(), 1)
    if amount < LARGEST:
        places = Decimal(1) if currency in WHOLE_ONLY else Decimal("0.01")
        value = {"amount": str(amount.quantize(places)), "currency": currency}
        yield Found("money", value, match.group(), match.start(), match.end())
