"""Tone that fits: how long a reply may be, what it may ask and had better not say, by the customer's mood."""

from collections.abc import Iterator
from dataclasses import dataclass

from recovery import lexicon, phrases
from recovery.scorecard_reading import Reply
from recovery.words import FrustrationLevel


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most that one reply may have."""

    words: int
    questions: int
    exclamations: int
    emoji: int


BOUNDS = {
    FrustrationLevel.CALM: Bounds(120, 3, 1, 1),
    FrustrationLevel.ANNOYED: Bounds(100, 2, 1, 0),
    FrustrationLevel.FRUSTRATED: Bounds(80, 2, 0, 0),
    FrustrationLevel.FURIOUS: Bounds(60, 1, 0, 0),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a reply that does not suit the customer's mood, and what it costs."""

    text: str
    cost: int = 25


def faults_of(reply: Reply) -> tuple[Fault, ...]:
    """What is wrong with the tone of one reply."""
    return (*_out_of_bounds(reply), *_badly_said(reply))


def _out_of_bounds(reply: Reply) -> Iterator[Fault]:
    level = FrustrationLevel(reply.level)
    most = BOUNDS[level]
    who = f"for a customer who is {level.word}"
    if (words := len(reply.text.split())) > most.words:
        yield Fault(f"{words} words are too many {who} ({most.words} at most)")
    if (questions := reply.text.count("?")) > most.questions:
        yield Fault(f"{questions} questions at once are too many {who}")
    if reply.text.count("!") > most.exclamations:
        yield Fault(
            f"exclamation marks do not suit a customer who is {level.word}"
            if not most.exclamations
            else "too many exclamation marks"
        )
    if len(phrases.EMOJI.findall(reply.text)) > most.emoji:
        yield Fault(f"emoji do not suit a customer who is {level.word}" if not most.emoji else "too many emoji")


def _badly_said(reply: Reply) -> Iterator[Fault]:
    for stock in phrases.STOCK.findall(lexicon.straight(reply.text)):
        yield Fault(f"“{stock.lower()}” is a stock phrase or blames", 30)
    if reply.level >= FrustrationLevel.FRUSTRATED and reply.after_telling and _asks_first(reply):
        yield Fault("it asks before it acknowledges anything", 30)


def _asks_first(reply: Reply) -> bool:
    first, *_ = lexicon.sentences(reply.text) or ("",)
    return lexicon.is_question(first)
