"""The company's clock: a day is what its customers call one, and not the day of Greenwich."""

from dataclasses import fields, is_dataclass, replace
from datetime import datetime, tzinfo
from typing import Any, cast


def in_zone[T](value: T, zone: tzinfo | None) -> T:
    """The same value with each moment in it told by the clock of `zone`; dataclasses and tuples are gone through."""
    return cast(T, _told(value, zone))


def _told(value: Any, zone: tzinfo | None) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(zone)
    if isinstance(value, tuple):
        return tuple(_told(v, zone) for v in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    held = ((f.name, getattr(value, f.name)) for f in fields(value))
    moments = {name: _told(v, zone) for name, v in held if isinstance(v, datetime | tuple) or is_dataclass(v)}
    return replace(value, **moments) if moments else value
