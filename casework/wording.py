"""Choose the words: by tone, by what is known, and never a wording twice in a conversation."""

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from recovery.decision import Button, Part
from recovery.state import Mood
from recovery.words import RecoveryStep

ANY = "any"
TITLES = "utter_title_"  # how the responses begin that are buttons' titles
_MILDER = {"furious": ("upset", "calm"), "upset": ("calm",)}  # better words for a calmer customer than the same again
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?…])\s+|\n+")
_LISTED = re.compile(r"\d\. ")
_NOTICED = 4  # words: "Thank you." may come again
SAID = 200  # wordings remembered; a conversation that is longer may hear the oldest again


@dataclass(frozen=True, slots=True)
class Variant:
    """One wording of a response. `needs` are the facts without which it makes no sense."""

    id: str
    text: str
    tone: str = ANY
    needs: tuple[str, ...] = ()


class UnknownResponse(LookupError):
    """No text is written under this name in data/responses."""


@lru_cache(maxsize=4096)
def sentences_of(text: str) -> frozenset[str]:
    """A text's sentences, those that are long enough to be noticed when they come again."""
    return frozenset(s for s in _BETWEEN_SENTENCES.split(text) if len(s.split()) >= _NOTICED)


def tone_of(mood: Mood) -> str:
    """Tone follows frustration: calm, upset (annoyed or frustrated), furious."""
    return "furious" if mood.level >= 3 else "upset" if mood.level >= 1 else "calm"


def in_one(texts: Sequence[str]) -> str:
    """The parts of a reply as one text; what follows a list begins a line of its own."""
    message = ""
    for text in texts:
        after_list = _LISTED.match(message.rsplit("\n", 1)[-1])
        message += ("\n" if after_list else " ") * bool(message) + text.strip()
    return message


@dataclass(frozen=True, slots=True)
class Worded:
    """A rendered wording and which variant it was."""

    text: str
    variant: str


class Wording:
    """Every word the bot says, read from data/responses at start."""

    def __init__(self, responses: Mapping[str, Sequence[Variant]]) -> None:
        self._responses = {name: tuple(variants) for name, variants in responses.items()}
        self._sentences = {v.id: sentences_of(v.text) for variants in responses.values() for v in variants}

    def say(self, part: Part, tone: str, said: Sequence[str], seed: str) -> Worded | None:
        """Render one part, or None for an apology whose every wording was used: better none than twice.

        Two wordings that share a sentence count as one: it would be said twice.

        `seed` (the message answered) picks among equals, so that a repeated turn says the same.
        """
        apology = part.step is RecoveryStep.APOLOGISE
        heard = frozenset[str]().union(*(self._sentences.get(variant, ()) for variant in said))
        for each in (tone, *(() if apology else _MILDER.get(tone, ()))):
            unsaid = [v for v in self._fitting(part, each) if v.id not in said]
            if fresh := [v for v in unsaid if not sentences_of(v.text) & heard]:
                return self._chosen(self._most_fitting(fresh, each), part, seed)
        if apology:
            return None
        # All were said, if only in part: the one said longest ago is the least tiresome.
        last = {variant: index for index, variant in enumerate(said)}
        return self._chosen(sorted(self._fitting(part, tone), key=lambda v: last.get(v.id, -1))[:1], part, seed)

    @staticmethod
    def _chosen(equals: Sequence[Variant], part: Part, seed: str) -> Worded:
        chosen = equals[zlib.crc32(f"{seed}/{part.response}".encode()) % len(equals)]
        return Worded(chosen.text.format_map(part.facts), chosen.id)

    def plain(self, response: str, **facts: str) -> str:
        """A text outside any conversation's mood: the first variant whose facts are known."""
        return self._fitting(Part(response, facts), "calm")[0].text.format_map(facts)

    def buttons(self, buttons: Sequence[Button]) -> tuple[dict[str, str], ...]:
        """Buttons as they are shown: a title that names a response is that response's text."""
        return tuple({"title": self._title(b), "payload": b.payload} for b in buttons)

    def _title(self, button: Button) -> str:
        return self.plain(button.title) if button.title.startswith(TITLES) else button.title

    def _fitting(self, part: Part, tone: str) -> list[Variant]:
        variants = self._responses.get(part.response, ())
        known = [v for v in variants if all(part.facts.get(n) for n in v.needs)]
        toned = [v for v in known if v.tone in (tone, ANY)]
        if not (toned or known):
            raise UnknownResponse(f"data/responses has no wording of {part.response} for what is known.")
        return toned or known

    @staticmethod
    def _most_fitting(variants: list[Variant], tone: str) -> list[Variant]:
        """Those for this very tone before those for any, and those that say most of what is known."""
        toned = [v for v in variants if v.tone == tone] or variants
        most = max(len(v.needs) for v in toned)
        return [v for v in toned if len(v.needs) == most]
