"""The keyword baseline's answers: what a list of words alone understands."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.evaluation.answers import result

PATH = Path(__file__).with_name("keywords.yml")
OUTRANKS_A_PROBLEM = ("request_human", "complain_about_bot", "reject_offer", "accept_offer", "ask_status")
Patterns = dict[str, dict[Any, "re.Pattern[str]"]]


@lru_cache(maxsize=1)
def patterns() -> Patterns:
    lexicon = YAML(typ="safe").load(PATH)
    return {head: {label: _any_of(phrases) for label, phrases in labels.items()} for head, labels in lexicon.items()}


def _any_of(phrases: list[str]) -> re.Pattern[str]:
    found = (re.escape(phrase).replace(r"\*", r"\w*") for phrase in phrases)
    return re.compile(rf"(?<!\w)(?:{'|'.join(found)})(?!\w)", re.IGNORECASE)


def answer(text: str) -> dict[str, Any]:
    text = text.replace("’", "'")
    found = {
        head: [label for label, pattern in labels.items() if pattern.search(text)] for head, labels in patterns().items()
    }
    level = max(found["levels"], default=0)
    act = _act(found["acts"], found["challenges"])
    unclear = act if act == "out_of_scope" else None
    return result(act, found["challenges"], level, found["triggers"], unclear)


def _found(labels: dict[Any, re.Pattern[str]], text: str) -> list[Any]:
    return [label for label, pattern in labels.items() if pattern.search(text)]


def _act(acts: list[str], challenges: list[str]) -> str:
    """A message that tells of a problem reports it, unless it plainly does something else."""
    if challenges:
        return next((act for act in acts if act in OUTRANKS_A_PROBLEM), "report_problem")
    return acts[0] if acts else "inform"
