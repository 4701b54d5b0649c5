"""What a conversation's customer was told twice in the same words.

A supervisor's warning (a recall, a strike) is not among it: who asks again whether it is safe hears it as it stands.
"""

import re
from collections import Counter
from collections.abc import Sequence

from casework.reading import MessageRead
from redress.playbook import load
from redress.settings import CHECKOUT

_SENTENCE = re.compile(r"(?<=[.!?…”])\s+|\n+")
_TELLING = 4  # words: "Thank you." and "Is that it?" may come again


def sentences(text: str) -> list[str]:
    """Those that are long enough to be noticed when they come again. What can be chosen keeps its name."""
    return [s for each in _SENTENCE.split(text) if len((s := each.strip()).split()) >= _TELLING and s[-1] in ".!?…"]


def said_twice(messages: Sequence[MessageRead]) -> list[str]:
    """Sentences that came in more than one of our messages, and not from a person of ours."""
    ours = [m for m in messages if m.author in ("bot", "system")]
    times = Counter(sentence for m in ours for sentence in set(sentences(m.text)))
    warnings = {
        s
        for kind in load(CHECKOUT / "playbook").contingencies.values()
        for s in sentences(f"{kind.text} {kind.doing}")
    }
    return [sentence for sentence, count in times.items() if count > 1 and sentence not in warnings]
