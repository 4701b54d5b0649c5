"""What a reply picks: one of the options on the table, yes or no, or a rating."""

import re

from recovery.heard import Heard
from recovery.state import Option
from recovery.words import DialogueAct

ORDINALS = {
    "first": 0,
    "1st": 0,
    "second": 1,
    "2nd": 1,
    "third": 2,
    "3rd": 2,
    "latter": -1,
    "last": -1,
    "former": 0,
}
BARE_NUMBER = re.compile(r"^\W*(?:option|number|no\.?)?\s*([123])\W*$", re.IGNORECASE)
NOT_THIS = r"\b(?:not|no|don'?t want|do not want|instead of|rather than|keep your)\b[^.,;!?]{{0,18}}\b{word}"
NUMBER_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
YES = frozenset({DialogueAct.AFFIRM, DialogueAct.ACCEPT_OFFER})
NO = frozenset({DialogueAct.DENY, DialogueAct.REJECT_OFFER})


def _ruled_out(word: str, text: str) -> bool:
    return re.search(NOT_THIS.format(word=re.escape(word)), text, re.IGNORECASE) is not None


def _by_words(options: tuple[Option, ...], heard: Heard) -> Option | None:
    """The option whose words the reply uses most, unless it says that it does not want it."""
    text = heard.text.lower()

    def score(option: Option) -> int:
        return sum(1 for w in option.words if re.search(rf"\b{re.escape(w)}", text) and not _ruled_out(w, text))

    ranked = sorted(options, key=score, reverse=True)
    if not ranked or score(ranked[0]) == 0:
        return None
    if len(ranked) > 1 and score(ranked[0]) == score(ranked[1]):
        return None
    return ranked[0]


def choose_option(options: tuple[Option, ...], heard: Heard) -> Option | None:
    """The option that a reply picks from those on the table, or None when it picks none of them surely."""
    if heard.choice.startswith("option:"):
        wanted = heard.choice.removeprefix("option:")
        return next((o for o in options if o.id == wanted), None)
    if heard.act is DialogueAct.ASK_INFO:
        return None
    if bare := BARE_NUMBER.match(heard.text):
        index = int(bare[1]) - 1
        return options[index] if index < len(options) else None
    if option := _by_words(options, heard):
        return option
    if heard.act in NO:
        return None
    for word, index in ORDINALS.items():
        if word in heard.words and index < len(options):
            return options[index] if options else None
    return options[0] if heard.act in YES and len(options) == 1 else None


def says_yes(heard: Heard) -> bool:
    return heard.choice == "yes" or (not heard.choice and heard.act in YES)


def says_no(heard: Heard) -> bool:
    return heard.choice == "no" or (not heard.choice and heard.act in NO)


def rating_in(heard: Heard) -> int | None:
    """A rating from 1 to 5 in a reply that is hardly more than one."""
    if heard.choice.startswith("rating:"):
        number = heard.choice.removeprefix("rating:")
        return int(number) if number in {"1", "2", "3", "4", "5"} else None
    found = re.findall(r"(?<![\d.])([1-5])(?:\s*(?:/|out of)\s*5)?(?![\d.])", heard.text)
    words = [NUMBER_WORDS[w] for w in re.findall(r"[a-z]+", heard.text.lower()) if w in NUMBER_WORDS]
    numbers = {int(n) for n in found} or set(words)
    return numbers.pop() if len(numbers) == 1 and len(heard.text) <= 120 else None
