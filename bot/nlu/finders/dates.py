"""Dates, absolute and relative, as ISO days. Day before month where digits leave it open: the company is British."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from bot.nlu.finders import Found
from bot.nlu.finders.numbers import WORDS, whole

MONTHS = {name: number for number, names in enumerate(
    ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
     "sep sept september", "oct october", "nov november", "dec december"), 1) for name in names.split()}  # fmt: skip
WEEKDAYS = {name: number for number, names in enumerate(
    ("mon monday", "tue tues tuesday", "wed weds wednesday", "thu thur thurs thursday", "fri friday",
     "sat saturday", "sun sunday")) for name in names.split()}  # fmt: skip
NAMED_DAYS = {"today": 0, "yesterday": -1, "tomorrow": 1, "tmrw": 1, "tomoz": 1, "day before yesterday": -2}
MONTH, WEEKDAY = "|".join(sorted(MONTHS, key=len, reverse=True)), "|".join(sorted(WEEKDAYS, key=len, reverse=True))
DAY = r"([0-3]?[0-9])(?:st|nd|rd|th)?"
YEAR = r"(?:,?\s+(20[0-9]{2}))?"
# A weekday or "the 9th" is the coming one after these words, and the last one otherwise.
AHEAD = re.compile(
    r"(?:\b(?:by|before|until|till|next|coming|this|need|needed|for)\s+(?:it\s+)?(?:the\s+)?)$", re.IGNORECASE
)
FAR = 3660  # days; a relative date further away is a slip of the finger

ISO = re.compile(r"(?<![\w-])(20[0-9]{2})-([01]?[0-9])-([0-3]?[0-9])(?![\w-])")
NUMERIC = re.compile(r"(?<![\w/.-])([0-3]?[0-9])([/.-])([0-3]?[0-9])(?:\2((?:20)?[0-9]{2}))?(?![\w/-]|\.[0-9])")
DAY_MONTH = re.compile(rf"(?<!\w){DAY}(?:\s+of)?[\s-]+({MONTH})\b\.?{YEAR}", re.IGNORECASE)
MONTH_DAY = re.compile(rf"(?<!\w)({MONTH})\.?\s+(?:the\s+)?{DAY}(?![\w:.]*[0-9]){YEAR}", re.IGNORECASE)
THE_DAY = re.compile(r"(?<!\w)the\s+([0-3]?[0-9])(?:st|nd|rd|th)(?!\w)", re.IGNORECASE)
WEEKDAY_NAME = re.compile(rf"(?<!\w)((?:last|next|this|coming)\s+)?({WEEKDAY})(?!\w)", re.IGNORECASE)
NAMED = re.compile(rf"(?<!\w)(?:the\s+)?({'|'.join(sorted(NAMED_DAYS, key=len, reverse=True))})(?!\w)", re.IGNORECASE)
COUNT = rf"([0-9]{{1,3}}|(?:a\s+)?couple(?:\s+of)?|{WORDS})"
AGO = re.compile(rf"(?<!\w){COUNT}\s+(days?|weeks?|wks?|fortnights?|months?|years?)\s+ago\b", re.IGNORECASE)
AFTER = re.compile(rf"(?<!\w)(?:in|within)\s+{COUNT}\s+(days?|weeks?|wks?|fortnights?|months?)\b", re.IGNORECASE)
UNIT_DAYS = {"d": 1, "w": 7, "f": 14, "m": 30, "y": 365}


def find_dates(text: str, today: date) -> Iterator[Found]:
    for pattern, read in _READERS:
        for match in pattern.finditer(text):
            day = read(match, today)
            if day:
                yield Found("date", day.isoformat(), match.group().strip(), match.start(), match.end())


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _nearest(today: date, month: int, day: int) -> date | None:
    """The year is left out when it is plain: take the one that brings the date nearest to today."""
    candidates = filter(None, (_day(today.year + shift, month, day) for shift in (-1, 0, 1)))
    return min(candidates, key=lambda candidate: abs(candidate - today), default=None)


def _dated(today: date, year: str | None, month: int, day: int) -> date | None:
    if not year:
        return _nearest(today, month, day)
    return _day(int(year) if len(year) == 4 else 2000 + int(year), month, day)


def _numeric(match: re.Match[str], today: date) -> date | None:
    first, separator, second, year = match.groups()
    if not year and (separator != "/" or match.group() == "24/7"):
        return None  # "2.5" and "3-4" are rarely dates
    if int(second) > 12 >= int(first):
        first, second = second, first  # only the American order makes sense
    return _dated(today, year, int(second), int(first))


def _ahead(match: re.Match[str]) -> bool:
    return bool(AHEAD.search(match.string[max(0, match.start() - 20) : match.start()]))


def _the_day(match: re.Match[str], today: date) -> date | None:
    """ "The 9th": the last one, or the next one after words that look ahead."""
    step = 1 if _ahead(match) else -1
    months = (today.year * 12 + today.month - 1 + step * shift for shift in range(3))
    candidates = filter(None, (_day(m // 12, m % 12 + 1, int(match.group(1))) for m in months))
    return next((day for day in candidates if (day - today).days * step >= 0), None)


def _weekday(match: re.Match[str], today: date) -> date | None:
    which, name = (match.group(1) or "").strip().lower(), match.group(2).lower()
    if name in ("sat", "sun", "wed", "mon") and not match.group(2)[0].isupper() and not which:
        return None  # "sat in all day", "the sun"
    forward = (WEEKDAYS[name] - today.weekday()) % 7
    if which in ("next", "this", "coming") or (not which and _ahead(match)):
        return today + timedelta(days=forward or 7)
    return today - timedelta(days=(today.weekday() - WEEKDAYS[name]) % 7 or 7)


def _shifted(match: re.Match[str], today: date, sign: int) -> date | None:
    words = match.group(1).lower().replace(" of", "").split()
    days = (whole(words[-1]) or 0) * UNIT_DAYS[match.group(2)[0].lower()]
    return today + timedelta(days=sign * days) if 0 < days < FAR else None


_READERS = (
    (ISO, lambda m, today: _day(*map(int, m.groups()))),
    (NUMERIC, _numeric),
    (DAY_MONTH, lambda m, today: _dated(today, m.group(3), MONTHS[m.group(2).lower()], int(m.group(1)))),
    (MONTH_DAY, lambda m, today: _dated(today, m.group(3), MONTHS[m.group(1).lower()], int(m.group(2)))),
    (THE_DAY, _the_day),
    (AGO, lambda m, today: _shifted(m, today, -1)),
    (AFTER, lambda m, today: _shifted(m, today, 1)),
    (NAMED, lambda m, today: today + timedelta(days=NAMED_DAYS[m.group(1).lower()])),
    (WEEKDAY_NAME, _weekday),
)
