"""From raw scores to probabilities one can believe, and the thresholds above which a label is stood by.

`calibration.json` is written by `python -m bot.calibrate` from the development set, never by hand.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from bot.nlu.head import sigmoid

PATH = Path(__file__).with_name("calibration.json")
UNCALIBRATED = {"slope": 1.0, "shift": 0.0, "threshold": 0.5}


@dataclass(frozen=True)
class Calibration:
    """Per label: probability = sigmoid(slope * score + shift). All arrays have shape [labels]."""

    slope: np.ndarray
    shift: np.ndarray
    threshold: np.ndarray

    @classmethod
    def of(cls, head: str, labels: tuple[str, ...]) -> Calibration:
        entries = [stored().get(head, {}).get(label, UNCALIBRATED) for label in labels]
        columns = ([entry[key] for entry in entries] for key in ("slope", "shift", "threshold"))
        return cls(*(np.asarray(column, float) for column in columns))

    def probabilities(self, logits: np.ndarray) -> np.ndarray:
        return sigmoid(self.slope * logits + self.shift)


@lru_cache(maxsize=1)
def stored() -> dict[str, Any]:
    return json.loads(PATH.read_text()) if PATH.exists() else {}
