"""What the words of a reply do: apologise, thank, explain, remedy, look back, look ahead. From the words alone.

Whoever wrote them, a bot or a person, they are read by the same phrases. A thing may be absent, said in general, or
said so that it could only have been meant for this customer.
"""

import re
from collections.abc import Iterable
from enum import IntEnum

from recovery import phrases
from recovery.words import ChallengeType

ALIKE = 0.75  # the share of words by which two texts are the same again
HELD = 0.9  # or the share of the shorter one that the longer one holds,
HELD_LEAST = 5  # where it has that many words
A_FEW = 3  # words after the first: fewer say nothing


class Strength(IntEnum):
    """How well a thing is said."""

    ABSENT = 0
    GENERAL = 1
    SPECIFIC = 2


def sentences(text: str) -> tuple[str, ...]:
    """The sentences and lines of a text, with straight quotes."""
    return tuple(s.strip() for s in re.split(r"(?<=[.!?])\s+|\n+", straight(text)) if s.strip())


def straight(text: str) -> str:
    return text.translate(str.maketrans("‘’“”\u00a0", "''\"\" "))


def is_question(sentence: str) -> bool:
    return sentence.rstrip("\"') ").endswith("?")


def words(text: str) -> frozenset[str]:
    """The words of a text as they stand, whatever their case."""
    return frozenset(re.findall(r"[^\W\d_]+", straight(text).casefold()))


def stems(text: str) -> frozenset[str]:
    """The words and numbers that carry meaning, cut so that `delivered` meets `delivery`."""
    plain = straight(text).lower()
    told = (_stem(w) for w in re.findall(r"[a-z]{3,}", plain) if w not in phrases.EMPTY)
    numbers = (n.replace(",", "") for n in re.findall(r"\d[\d,]*\d", plain))
    return frozenset((*told, *numbers))


def about(texts: Iterable[str], challenges: Iterable[ChallengeType]) -> frozenset[str]:
    """What a conversation is about: the customer's own words, and the words for the problem that was heard."""
    return frozenset().union(*map(stems, texts), *(stems(phrases.PROBLEMS[c]) for c in challenges))


def apologises(text: str) -> bool:
    """Whether it says sorry, in whatever way. “Sorry, but …” and “sorry if” do not."""
    return any(_is_apology(s) for s in sentences(text))


def _is_apology(sentence: str) -> bool:
    meant = phrases.SORRY.search(sentence) and not phrases.NO_APOLOGY.search(sentence)
    return bool(meant) and not is_question(sentence)


def apology(text: str, problem: frozenset[str]) -> Strength:
    """An apology names the problem in its own sentence, or in the one before or after."""
    lines = sentences(text)
    for n, sentence in enumerate(lines):
        if _is_apology(sentence):
            near = [s for s in lines[max(0, n - 1) : n + 2] if not is_question(s)]
            if phrases.SORRY_FOR.search(sentence) or any(stems(s) & problem or _of_them(s) for s in near):
                return Strength.SPECIFIC
    return Strength.GENERAL if any(map(phrases.SORRY.search, lines)) else Strength.ABSENT


def _of_them(sentence: str) -> bool:
    """A statement about what they went through: “You paid for it, and it isn't there.”"""
    first, *rest = sentence.split() or [""]
    return first.lower() in {"you", "your", "we"} and len(rest) > A_FEW and not remedies(sentence)


def thanks(text: str) -> Strength:
    """Thanks are for something that the customer did; for “contacting us” they are a formula."""
    best = Strength.ABSENT
    lines = sentences(text)
    for before, sentence in zip(("", *lines), lines, strict=False):
        if phrases.THANKS.search(sentence):
            stock = phrases.STOCK_THANKS.search(sentence)
            meant = not stock and (phrases.THANKS_FOR.search(sentence) or _of_them(before))
            best = max(best, Strength.SPECIFIC if meant else Strength.GENERAL)
    return best


def explanation(text: str) -> Strength:
    """A cause, or an honest word that it is not known yet. “Technical issues” explain nothing."""
    told = [s for s in sentences(text) if not is_question(s)]
    if any(phrases.CAUSE.search(s) or phrases.NOT_KNOWN_YET.search(s) for s in told):
        return Strength.SPECIFIC
    return Strength.GENERAL if any(phrases.VAGUE_CAUSE.search(s) for s in told) else Strength.ABSENT


def remedies(text: str) -> frozenset[str]:
    """The kinds of remedy that a text gives or offers. What it says cannot be done is none."""
    return frozenset(
        kind
        for sentence in sentences(text)
        for kind, pattern in phrases.REMEDIES.items()
        if any(not _is_withheld(sentence, m.start()) for m in pattern.finditer(sentence))
    )


def _is_withheld(sentence: str, start: int) -> bool:
    return any(m.start() < start <= m.end() for m in phrases.WITHHELD.finditer(sentence))


def offers_choice(text: str) -> bool:
    """Whether it puts several remedies up for choice; several that come together are one."""
    found, lines = remedies(text), sentences(text)
    plainly = phrases.NUMBERED.search(text) or any(phrases.PLAIN_CHOICE.search(s) for s in lines)
    return bool((plainly and len(found) > 1) or (found and any(phrases.EITHER_OR.search(s) for s in lines)))


def remedy(text: str) -> Strength:
    """A remedy is worth its amount or its date."""
    best = Strength.ABSENT
    for sentence in sentences(text):
        if remedies(sentence):
            firm = any(p.search(sentence) for p in (phrases.TIME, phrases.MONEY, phrases.FREE))
            best = max(best, Strength.SPECIFIC if firm else Strength.GENERAL)
    return best


def next_step(text: str) -> Strength:
    """What happens next, and by when; or a plain choice that the customer is to make."""
    best = Strength.ABSENT
    for sentence in sentences(text):
        if is_question(sentence):
            choice = phrases.PLAIN_CHOICE.search(sentence) and not asks_for(sentence)
            best = max(best, Strength.SPECIFIC if choice else Strength.GENERAL)
        elif phrases.AHEAD.search(sentence):
            best = max(best, Strength.SPECIFIC if phrases.TIME.search(sentence) else Strength.GENERAL)
    return best


def listening(text: str, problem: frozenset[str]) -> Strength:
    """Whether it gives back what was told: in the customer's own words, or at least that it was heard."""
    told = [s for s in sentences(text) if not is_question(s)]
    shared = {word for s in told for word in stems(s) & problem}
    felt = any(phrases.FEELS_WITH.search(s) for s in told)
    if len(shared) > 1 or (shared and felt):
        return Strength.SPECIFIC
    return Strength.GENERAL if shared or felt else Strength.ABSENT


def looks_back(text: str) -> bool:
    """Whether it speaks of what went before: an earlier contact, a promise, a first try."""
    return any(phrases.LOOKS_BACK.search(s) for s in sentences(text) if not is_question(s))


def corrects_us(text: str) -> bool:
    """Whether a customer says that we took them wrongly."""
    return bool(phrases.CORRECTS_US.search(straight(text)))


def says_no(text: str) -> bool:
    """Whether it begins with a no."""
    return bool(phrases.SAYS_NO.search(straight(text)))


def hands_over(text: str) -> bool:
    """Whether it says that a person takes over."""
    return bool(phrases.HANDS_OVER.search(straight(text)))


def alike(one: str, other: str) -> bool:
    """Whether two texts are the same again."""
    a, b = (frozenset(re.findall(r"[a-z]{3,}", t.lower())) for t in (one, other))
    shared, shorter = len(a & b), min(len(a), len(b))
    held = shorter >= HELD_LEAST and shared / shorter >= HELD
    return held or (len(a) > 2 and shared / len(a | b) >= ALIKE)


def asks_for(text: str) -> frozenset[str]:
    """The details that a text asks the customer for."""
    asked = [s for s in sentences(text) if is_question(s) or "please" in words(s)]
    return frozenset(name for name, pattern in phrases.ASKS_FOR.items() if any(pattern.search(s) for s in asked))


def _stem(word: str) -> str:
    for ending in ("ation", "ing", "ery", "ies", "ed", "es", "ly", "s", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return word[:6]
