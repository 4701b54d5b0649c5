"""Whether one text is nearly another: so that no test message is trained on, and no message is trained on twice."""

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

TOO_ALIKE = 0.8  # cosine of character n-grams
CONTAINED = 0.9  # of the shorter text's n-grams, for a text that was quoted in a longer one
LONG_ENOUGH = 5  # words: shorter ones are alike only when they are the same
_SIZES = (3, 4, 5)


def plain(text: str) -> str:
    """Words alone, in small letters."""
    return " ".join(re.findall(r"\w+", text.lower()))


def grams(text: str) -> Counter[str]:
    """Character n-grams within words, with the words' edges."""
    padded = [f" {word} " for word in plain(text).split()]
    return Counter(word[i : i + n] for word in padded for n in _SIZES for i in range(max(1, len(word) - n + 1)))


@dataclass(frozen=True, slots=True)
class Likeness:
    """A text of a set that another is nearly."""

    text: str
    cosine: float


class Texts:
    """Texts, asked for the nearest to another."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts: list[str] = []
        self._grams: list[Counter[str]] = []
        self._norms: list[float] = []
        self._long: list[bool] = []
        self._same: dict[str, int] = {}
        self._having: dict[str, list[int]] = {}
        for text in texts:
            self.add(text)

    def add(self, text: str) -> None:
        """One text more, unless the same is there."""
        words, n = plain(text), len(self._texts)
        if words in self._same:
            return
        found = grams(text)
        self._same[words] = n
        self._texts.append(text)
        self._grams.append(found)
        self._norms.append(_norm(found))
        self._long.append(len(words.split()) >= LONG_ENOUGH)
        for gram in found:
            self._having.setdefault(gram, []).append(n)

    def nearly(self, text: str) -> Likeness | None:
        """The text of the set that this one nearly is, or quotes, or is quoted by."""
        if (same := self._same.get(plain(text))) is not None:
            return Likeness(self._texts[same], 1.0)
        if len(plain(text).split()) < LONG_ENOUGH:
            return None
        mine = grams(text)
        norm, together, shared = _norm(mine), Counter[int](), Counter[int]()
        for gram, times in mine.items():
            for n in self._having.get(gram, ()):
                together[n] += times * self._grams[n][gram]
                shared[n] += 1
        best = None
        for n, product in together.items():
            cosine = product / (norm * self._norms[n])
            contained = shared[n] / min(len(mine), len(self._grams[n]))
            if (
                self._long[n]
                and (cosine >= TOO_ALIKE or contained >= CONTAINED)
                and (not best or cosine > best.cosine)
            ):
                best = Likeness(self._texts[n], cosine)
        return best


def _norm(found: Counter[str]) -> float:
    return math.sqrt(sum(times * times for times in found.values())) or 1.0
