"""Which survey is asked after a recovery, on which scale, and how often at most."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from recovery.conditions import Condition, Facts, NearMiss, judge
from recovery.heard import Heard

NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
WORDS = {word: number for number, word in enumerate(NAMES)}
HARDLY_MORE = 120  # characters
_FILLERS = "i'?d|i|would|will|'?ll|it'?s|it|is|was|a|an|the|say|give|you|that|maybe|about|probably|rating|score|solid"
_LEAD = rf"^\W*(?:(?:{_FILLERS})\W+)*"


class SurveyKind(StrEnum):
    """CSAT asks how well we did, CES how easy it was, NPS whether they would recommend us."""

    CSAT = "csat"
    CES = "ces"
    NPS = "nps"

    @property
    def scale(self) -> range:
        """Every rating that it takes, the worst first."""
        return {SurveyKind.CSAT: range(1, 6), SurveyKind.CES: range(1, 8), SurveyKind.NPS: range(11)}[self]

    def is_low(self, rating: int) -> bool:
        """Whether a supervisor is alerted."""
        return rating <= 2 and (rating > 0 or self is SurveyKind.NPS)

    def is_poor(self, rating: int) -> bool:
        """Whether it is no praise: an NPS of 0 to 6 is a detractor's."""
        return rating <= {SurveyKind.CSAT: 3, SurveyKind.CES: 4, SurveyKind.NPS: 6}[self]


@dataclass(frozen=True, slots=True)
class SurveyRule:
    """One question and when it is the right one."""

    id: str
    kind: SurveyKind
    when: tuple[Condition, ...]
    ask: str


PLAIN = SurveyRule("after_a_recovery", SurveyKind.CSAT, (), "utter_survey")


@dataclass(frozen=True, slots=True)
class Surveys:
    """The playbook's questions, and how often one person is asked."""

    rules: tuple[SurveyRule, ...] = (PLAIN,)
    at_most_every_days: int = 0
    open_days: int = 14

    def rule(self, rule_id: str) -> SurveyRule:
        """One that a conversation waits on; the plain one where the playbook has let go of it."""
        return next((r for r in self.rules if r.id == rule_id), PLAIN)

    def may_ask(self, last: datetime | None, now: datetime) -> bool:
        """Whether this person was left in peace for long enough."""
        return last is None or now - last >= timedelta(days=self.at_most_every_days)

    def takes(self, asked_at: datetime, now: datetime) -> bool:
        """Whether a rating still counts that comes this late."""
        return now - asked_at <= timedelta(days=self.open_days)

    def chosen(self, facts: Facts) -> tuple[SurveyRule | None, tuple[NearMiss, ...]]:
        """The first whose conditions hold, and those before it that one fact kept out."""
        nearly: list[NearMiss] = []
        for rule in self.rules:
            verdict = judge(rule.when, facts)
            if verdict.holds:
                return rule, tuple(nearly)
            if (miss := verdict.near_miss(rule.id, facts)) and len(rule.when) > 1:
                nearly.append(miss)
        return None, tuple(nearly)


def rating_in(heard: Heard, kind: SurveyKind = SurveyKind.CSAT) -> int | None:
    """A rating on the scale of a survey, in a reply that is hardly more than one."""
    scale = kind.scale
    if heard.choice:
        return rating_on(heard.choice, kind)
    text = heard.text.lower().replace("’", "'").replace("‘", "'")
    if len(text) > HARDLY_MORE:
        return None
    rated, first = _patterns(scale.start, scale.stop - 1)
    found = rated.findall(text) or first.findall(text)
    numbers = {WORDS[n] if n in WORDS else int(n) for n in found}
    return numbers.pop() if len(numbers) == 1 else None


def rating_on(choice: str, kind: SurveyKind) -> int | None:
    """The rating that a button of this survey carries."""
    return {f"rating:{n}": n for n in kind.scale}.get(choice)


@cache
def _patterns(low: int, high: int) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A number with its scale behind it; and one that stands first, or alone."""
    words = [w for w, n in WORDS.items() if low <= n <= high]
    numbers = "|".join([*(str(n) for n in range(high, low - 1, -1)), *words])
    top = next(w for w, n in WORDS.items() if n == high)
    number = rf"(?<![\d.£$€])({numbers})\b(?![.,]?\d)(?!\s*(?:/|out of)\s*(?!{high}\b|{top}\b)\w+)"
    rated = rf"{number}(?:\s*(?:/|out of)\s*(?:{high}|{top})\b|[\s-]*(?:stars?|points?)\b)"
    after = r"(?=\W*$|\s*[-–—.,;:!(]|\s+(?:for|from|because|as|since|but|and|thanks?|thank|please)\b)"
    return re.compile(rated, re.I), re.compile(rf"{_LEAD}{number}{after}", re.I)
