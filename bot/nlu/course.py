"""How a conversation goes, as numbers: what is said now, what it answers, and what was said before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from bot.nlu.sentence_encoder import Encoding

LOOKED_BACK = 12  # turns: nothing may grow with a conversation's length
CUSTOMER = "customer"
# How much each block counts; chosen by leaving out one set of conversations after the other.
NOW, ANSWERED, OPINION, TELLING = 1.25, 1.5, 0.12, 0.5
Encode = Callable[[str], Encoding]


class Said(NamedTuple):
    """One turn of a conversation."""

    who: str
    text: str


def features(text: str, now: Encoding, before: Sequence[Said], encode: Encode) -> np.ndarray:
    """A customer's message, encoded as `now`, in its conversation.

    [its embedding | that of what it answers | opinions of both, and the strongest so far | what tells of going round]
    """
    before = before[-LOOKED_BACK:]
    own = [encode(said.text) for said in before if said.who == CUSTOMER]
    theirs = [encode(said.text) for said in before if said.who != CUSTOMER]
    answered = theirs[-1].embedding if theirs else np.zeros_like(now.embedding)
    taken = theirs[-1].opinion if theirs else np.zeros_like(now.opinion)
    strongest = np.max([one.opinion for one in (*own, now)], axis=0)
    telling = [np.log1p(len(text.split())), _like(theirs[-1:], theirs[:-1]), _like([now], own), not theirs, len(own) / 6]
    blocks = (NOW * now.embedding, ANSWERED * answered, OPINION * now.opinion, OPINION * taken, OPINION * strongest)
    return np.concatenate([*blocks, TELLING * np.asarray(telling, float)]).astype(np.float32)


def _like(ones: Sequence[Encoding], others: Sequence[Encoding]) -> float:
    """How like the most similar of others it is: 1 is the same again."""
    return max((float(one.embedding @ other.embedding) for one in ones for other in others), default=0.0)
