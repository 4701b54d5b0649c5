"""Contingencies: switched on and off, each time with who did it and when."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from recovery.contingencies import Contingency
from recovery.words import ChallengeType


def contingency(row: Mapping[str, Any]) -> Contingency:
    """One row, from a table or from its JSON."""
    return Contingency(
        str(row["id"]),
        row["kind"],
        row["text"],
        row["doing"],
        _moment(row["starts_at"]),
        _moment(row["ends_at"]),
        tuple(c for c in ChallengeType if c in row["challenges"]),
        tuple(row["couriers"]),
        tuple(row["regions"]),
        tuple(row["products"]),
    )


def _moment(value: datetime | str) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value
