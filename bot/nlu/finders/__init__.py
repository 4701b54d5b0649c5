"""Rules that find entities, one kind of entity a file; each finder yields `Found`."""

from __future__ import annotations

from typing import Any, NamedTuple


class Found(NamedTuple):
    """An entity: `text` is what was written between characters `start` and `end`, `value` what it means."""

    name: str
    value: Any
    text: str
    start: int
    end: int
