"""The words of a message that moved a head, for people to check it by.

Two sources: matches of the lexicon's cues, and the head's own weights on the encoder's word pieces (the middle
layers' part of a score is a mean over pieces, so each piece's share of it is exact; the embedding's is nearly so).
"""

from __future__ import annotations

import re

import numpy as np

from bot.nlu import cues
from bot.nlu.sentence_encoder import WIDTH, Encoding
from bot.nlu.text import Word, words

MOST_WORDS = 6
MOST_CHARACTERS = 60  # of one piece of evidence
CREDIT_SHARE = 0.35  # of the best word's credit that a word needs to be shown
PERSONAL = re.compile(r"\S*[\d@/]\S*")
DULL = frozenset(
    [
        "a",
        "an",
        "the",
        "and",
        "or",
        "but",
        "of",
        "to",
        "in",
        "on",
        "at",
        "for",
        "with",
        "it",
        "its",
        "is",
        "was",
        "be",
        "been",
        "i",
        "my",
        "me",
        "we",
        "our",
        "you",
        "your",
        "that",
        "this",
        "so",
        "as",
        "if",
        "s",
        "t",
        "ve",
        "re",
        "m",
        "ll",
        "d",
        "have",
        "has",
        "had",
        "do",
        "did",
        "are",
        "were",
        "am",
        "he",
        "she",
        "they",
        "them",
        "his",
        "her",
        "their",
        "from",
        "by",
        "then",
        "than",
        "there",
    ]
)


def matched(text: str, groups: tuple[str, ...]) -> list[str]:
    """What the cues of these groups match, in reading order, without what lies inside a longer match."""
    flat = text.replace("’", "'")
    names = [name for name in cues.PATTERNS if name.startswith(groups)]
    spans = sorted({m.span() for name in names for m in cues.matches(name, flat)}, key=lambda s: (s[0], -s[1]))
    kept: list[tuple[int, int]] = []
    for start, end in spans:
        if end > start and (not kept or start >= kept[-1][1]):
            kept.append((start, end))
    return unique(text[start:end].strip() for start, end in kept)[:MOST_WORDS]


def unique(found: object) -> list[str]:
    seen: dict[str, str] = {}
    for piece in found:
        if piece.strip():
            seen.setdefault(piece.lower(), piece[:MOST_CHARACTERS])
    return list(seen.values())


def within_none(found: list[str]) -> list[str]:
    """Without pieces that stand inside another piece."""
    lower = [piece.lower() for piece in found]
    kept = [p for i, p in enumerate(found) if not any(lower[i] in other for j, other in enumerate(lower) if j != i)]
    return (kept or found)[:MOST_WORDS]


def credited(text: str, encoding: Encoding, weights: np.ndarray, spread: np.ndarray, most: int = 3) -> list[str]:
    """The words with the highest credit under a head's `weights` [features], in reading order."""
    credit = _credit_of_words(text, encoding, weights, spread)
    hidden = [match.span() for match in PERSONAL.finditer(text)]
    telling = [(word, value) for word, value in credit if value > 0 and _tells(word, hidden)]
    best = sorted(telling, key=lambda pair: -pair[1])[:most]
    floor = CREDIT_SHARE * best[0][1] if best else 0
    return unique(word.text for word in sorted((w for w, v in best if v >= floor), key=lambda w: w.start))


def _tells(word: Word, hidden: list[tuple[int, int]]) -> bool:
    """Shown alone, a piece of a number or an address explains nothing, and nothing would know it for personal."""
    return word.text.lower() not in DULL and not any(start <= word.start < end for start, end in hidden)


def _credit_of_words(text: str, encoding: Encoding, weights: np.ndarray, spread: np.ndarray) -> list[tuple[Word, float]]:
    pieces = encoding.middle_pieces @ (weights[WIDTH : 2 * WIDTH] / spread)
    norm = np.linalg.norm(encoding.last_pieces.mean(axis=0)) or 1.0
    pieces = pieces + encoding.last_pieces @ weights[:WIDTH] / norm
    pieces = pieces - pieces.mean()
    found = []
    for word in words(text):
        inside = [value for value, (start, end) in zip(pieces, encoding.spans) if word.start <= start < end <= word.end]
        if inside:
            found.append((word, float(np.sum(inside))))
    return found
