"""How easy a text is to read: the Flesch-Kincaid grade, near to the school years that it takes (age = grade + 5)."""

import re

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
SENTENCE = re.compile(r"[.!?]+(?:\s|$)|\n+")
VOWELS = re.compile(r"[aeiouy]+")
SILENT = re.compile(r"^(some|ever|safe|care|like|home|time|price|more|there|where|fore)(?=[a-z]{2})")  # compounds
ENDING = re.compile(r"(?<=[^aeiouycgsxzh])es$|(?<=[^aeioutd])ed$|(?<=[^l])e$|(?<=[aeiouy])le$")
APART = re.compile(r"ia|io|iu|eo(?!u)|uo|eing|ie(?=[tr]|nc)|ea$")  # vowels side by side that are said apart
TOGETHER = re.compile(r"[tsc]io|[tsc]ia|qu")


def syllables(word: str) -> int:
    """How many syllables an English word has, nearly."""
    word = re.sub(r"[^a-z]", "", word.lower())
    if len(word) <= 3:
        return 1 if word not in ("any", "ago") else 2  # also a number, read as one
    word = SILENT.sub(lambda m: m[1].removesuffix("e"), word).replace("every", "evry", 1)
    word = TOGETHER.sub("tu", ENDING.sub("", word))
    return max(1, len(VOWELS.findall(word)) + len(APART.findall(word)))


def words(text: str) -> list[str]:
    """The words of a text."""
    return WORD.findall(text)


def sentences(text: str) -> int:
    """How many sentences a text has; a line of a list is one."""
    return max(1, sum(1 for part in SENTENCE.split(text) if WORD.search(part)))


def grade(text: str) -> float:
    """The Flesch-Kincaid grade of a text."""
    found = words(text)
    if not found:
        return 0.0
    spoken = sum(syllables(w) for w in found)
    return 0.39 * len(found) / sentences(text) + 11.8 * spoken / len(found) - 15.59
