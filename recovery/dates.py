"""Dates as people say them."""

from datetime import date, datetime


def day(moment: date | datetime) -> str:
    """`16 Nov`."""
    return f"{moment.day} {moment:%b}"


def days(number: int) -> str:
    """`1 day`, `5 days`."""
    return "1 day" if number == 1 else f"{number} days"
