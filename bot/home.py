"""Where the engine's made things are kept."""

from __future__ import annotations

import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]


def home() -> Path:
    """`REDRESS_HOME`, or `.redress/` in the checkout."""
    return Path(os.environ.get("REDRESS_HOME") or CHECKOUT / ".redress")
