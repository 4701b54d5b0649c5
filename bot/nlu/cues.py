"""Counts a message's cues: lexicon matches and how it is typed."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from bot.nlu.lexicon import CUES
from bot.nlu.text import WORD

PATTERNS = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in CUES.items()}
IN_SMALL = {name: re.compile(pattern) for name, pattern in CUES.items()}  # found in small letters in 2/5 of the time
STYLE = (
    "shouting", "one_word_shouted", "exclamations", "question_marks", "mixed_marks", "ellipses", "stretched",
    "quotes", "short", "long", "digits", "money_signs", "vader", "vader_negative", "vader_positive", "second_person",
    "emoji", "lines",
)  # fmt: skip
NAMES = (*PATTERNS, *STYLE)
MOST = 3  # a cue counts at most this often
VADER_CHARACTERS = 600


@lru_cache(maxsize=1)
def _vader() -> SentimentIntensityAnalyzer:
    return SentimentIntensityAnalyzer()


def matches(name: str, text: str) -> list[re.Match[str]]:
    return list(PATTERNS[name].finditer(text))


def count(text: str) -> np.ndarray:
    """Shape [len(NAMES)]; every value lies in about -1 … 1."""
    text = text.replace("’", "'")
    small = text.lower()
    found = [min(len(pattern.findall(small)), MOST) / MOST for pattern in IN_SMALL.values()]
    return np.asarray([*map(np.sqrt, found), *_style(text)], np.float32)


def _style(text: str) -> list[float]:
    words = WORD.findall(text)
    shouted = [word for word in words if len(word) > 2 and word.isupper()]
    mood = _vader().polarity_scores(text[:VADER_CHARACTERS])
    return [
        len(shouted) / max(len(words), 1),
        float(0 < len(shouted) < 0.6 * len(words)),
        _share(text, r"!"), _share(text, r"\?"), _share(text, r"\?!|!\?|\?{2}|!{2}"), _share(text, r"\.{2,4}|…"),
        _share(text, r"([a-z])\1{2,5}"), _share(text, r"[\"“”]"),
        float(len(words) < 5), min(len(words), 80) / 80,
        _share(text, r"[0-9]+"), _share(text, r"[£$€₹₦]"),
        mood["compound"], mood["neg"], mood["pos"],
        _share(text, r"(?i)\byou(?:r|rs|'ve|'re)?\b"), _share(text, r"[\U0001F300-\U0001FAFF]"), _share(text, r"\n"),
    ]  # fmt: skip


def _share(text: str, pattern: str) -> float:
    return float(np.sqrt(min(len(re.findall(pattern, text)), MOST) / MOST))
