"""What a reply of the other side did to the problem, read from its words, whoever wrote it: a bot or a person."""

import re
from dataclasses import dataclass
from itertools import product

from recovery import phrases
from recovery.lexicon import alike, asks_for, is_question, sentences, stems

SENTENCE_LEAST = 4  # words: shorter sentences are said twice without looping
ASK_LEAST = 2  # words that carry meaning: a request of fewer says nothing
TRIED_SHARE = 0.3  # the share of a request's words that tells of the same thing done
SAME_ASK = 0.6  # the share of a request's words that make it the same again


@dataclass(frozen=True, slots=True)
class Reply:
    """What one reply offered, put right, asked, is seeing to, declined or closed; whether it was said before."""

    offers: bool = False
    puts_right: bool = False
    declines: bool = False
    closes: bool = False
    asks: bool = False
    attends: bool = False
    again: bool = False

    @property
    def lets_down(self) -> bool:
        """It says the same again, declines, or closes as if all were well."""
        return self.again or self.declines or self.closes

    @property
    def helps(self) -> bool:
        """Whether somebody upset has reason to be less so."""
        return (self.offers or self.puts_right or self.asks or self.attends) and not self.lets_down


def read_reply(text: str, before: tuple[str, ...], tried: tuple[str, ...] = ()) -> Reply:
    """`before` is what the same side said already, `tried` in which messages the customer told what they had done."""
    lines = sentences(text)
    questions = [s for s in lines if is_question(s) and not phrases.CLOSES.search(s)]
    return Reply(
        offers=bool(phrases.OFFERS.search(text)),
        puts_right=any(map(phrases.PUTS_RIGHT.search, lines)),
        declines=bool(phrases.DECLINES.search(text)),
        closes=bool(phrases.CLOSES.search(text)),
        asks=bool(questions or _requests(text)),
        attends=bool(phrases.ATTENDS.search(text)),
        again=any(_same_again(text, said) for said in before) or _tried_already(text, tried),
    )


def _tried_already(text: str, tried: tuple[str, ...]) -> bool:
    """It urges what the customer told us they had done."""
    pairs = product(_requests(text), map(stems, tried))
    return any(len(asked & done) >= max(ASK_LEAST, TRIED_SHARE * len(asked)) for asked, done in pairs)


def _same_again(text: str, said: str) -> bool:
    """The same text, one of its sentences, or the same request in other words."""
    if alike(text, said) or _told(text) & _told(said):
        return True
    return any(_same_request(one, other) for one in _requests(text) for other in _requests(said))


def _told(text: str) -> frozenset[str]:
    """Its sentences, word by word, without those of mere courtesy."""
    told = (" ".join(re.findall(r"\w+", s.lower())) for s in sentences(text) if not phrases.COURTESY.search(s))
    return frozenset(s for s in told if len(s.split()) >= SENTENCE_LEAST)


def _requests(text: str) -> tuple[frozenset[str], ...]:
    """What each sentence asks for or urges: its words, and the details by name."""
    told = [s for s in sentences(text) if is_question(s) or phrases.URGES.search(s)]
    worded = [stems(s) for s in told if not phrases.CLOSES.search(s)]
    return (*(w for w in worded if len(w) >= ASK_LEAST), *(frozenset({d}) for d in asks_for(text)))


def _same_request(one: frozenset[str], other: frozenset[str]) -> bool:
    shared = len(one & other)
    return one == other or (shared >= ASK_LEAST and shared / min(len(one), len(other)) >= SAME_ASK)
