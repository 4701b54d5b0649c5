"""The facts that conditions in the playbook may ask for, and how a manager writes a condition.

severity: {at_least: major}      a level or a number, from, up to, or between
fault: [carrier, partner]        one of several words
vulnerable: true                 yes or no
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from recovery.conditions import Condition, Value
from recovery.words import ChallengeType, Fault, FrustrationLevel, Remedy, Severity, Tier


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: a yes or no, a number, a level with names, or one word of a list. No words: any word."""

    kind: str
    words: tuple[str, ...] = ()
    levels: Mapping[str, int] | None = None

    def value(self, raw: object) -> Value:
        """What a condition compares with, or ValueError with what was expected."""
        if self.kind == "flag" and isinstance(raw, bool):
            return raw
        if self.kind == "number" and isinstance(raw, int) and not isinstance(raw, bool):
            return raw
        if self.levels is not None and isinstance(raw, str) and raw in self.levels:
            return self.levels[raw]
        if self.kind == "word" and isinstance(raw, str) and (raw in self.words or not self.words):
            return raw
        raise ValueError(f"{raw!r} does not fit here, write {self.expected}")

    @property
    def expected(self) -> str:
        if self.kind == "flag":
            return "true or false"
        if self.kind == "number":
            return "a whole number"
        words = tuple(self.levels) if self.levels is not None else self.words
        return "one of " + ", ".join(words) if words else "a word"

    @property
    def schema(self) -> dict[str, object]:
        """The JSON schema of one value."""
        if self.kind == "flag":
            return {"type": "boolean"}
        if self.kind == "number":
            return {"type": "integer"}
        words = tuple(self.levels) if self.levels is not None else self.words
        return {"type": "string", "enum": list(words)} if words else {"type": "string"}


FLAG, NUMBER, ANY_WORD = Fact("flag"), Fact("number"), Fact("word")


def _levels(levels: type[IntEnum]) -> Fact:
    return Fact("level", levels={level.name.lower(): int(level) for level in levels})


CHALLENGE = Fact("word", tuple(ChallengeType))
SEVERITY = _levels(Severity)

RAISE_FACTS: Mapping[str, Fact] = {
    "challenge": CHALLENGE,
    "fault": Fact("word", tuple(Fault)),
    "cause": ANY_WORD,  # checked against causes.yml
    "contingency": ANY_WORD,  # checked against contingencies.yml
    "tier": Fact("word", (*Tier, "unknown")),
    "days_late": NUMBER,
    "past_promise": FLAG,  # by the records, whatever is said
    "order_pence": NUMBER,
    "item_pence": NUMBER,
    "thing_missing": FLAG,  # a whole thing of the order, not a part of one
    "has_order": FLAG,
    "arrived": FLAG,  # the order was delivered: whatever is wrong with it, it is not still to come
    "days_since_delivery": NUMBER,
    "photo": FLAG,  # the customer sent one in this conversation
    "failed_recoveries": NUMBER,
    "failures_this_year": NUMBER,
    "compensations_lately": NUMBER,
    "abuse_signals": NUMBER,
    "vulnerable": FLAG,
    "urgent": FLAG,
    "financial_loss": FLAG,
    "repeated": FLAG,
    "long_wait": FLAG,
    "safety_risk": FLAG,
}
HABIT_FACTS: Mapping[str, Fact] = dict.fromkeys(
    ("given_this_year", "orders_compensated_percent", "goodwill_percent", "came_after_all"), NUMBER
)
RULE_FACTS: Mapping[str, Fact] = {**RAISE_FACTS, "severity": SEVERITY}
SURVEY_FACTS: Mapping[str, Fact] = {
    "challenge": CHALLENGE,
    "severity": SEVERITY,
    "remedy": Fact("word", tuple(Remedy)),
    "worst_frustration": _levels(FrustrationLevel),
    "confirmed": FLAG,
}
LOYALTY_FACTS: Mapping[str, Fact] = {
    "tier": Fact("word", tuple(Tier)),
    "severity": SEVERITY,
    "challenge": CHALLENGE,
    "rating": Fact("word", ("pleased", "none")),
    "worst_frustration": _levels(FrustrationLevel),
}
ESCALATION_FACTS: Mapping[str, Fact] = {
    "person_asked": FLAG,
    "safety": FLAG,
    "fraud": FLAG,
    "self_harm": FLAG,
    "staff_threat": FLAG,
    "legal": FLAG,
    "media": FLAG,
    "failed_recoveries": NUMBER,
    "offers_refused": NUMBER,
    "over_limit": FLAG,
    "nothing_to_offer": FLAG,
    "offers_exhausted": FLAG,
    "frustration": _levels(FrustrationLevel),
    "turns_frustrated": NUMBER,
    "person_due": NUMBER,  # percent
    "in_hand": FLAG,
    "vulnerable": FLAG,
    "vulnerable_unfixed": FLAG,
    "severity": SEVERITY,
    "cooled": NUMBER,
    "misunderstandings": NUMBER,
    "unverified": NUMBER,
    "challenge": Fact("word", (*ChallengeType, "none")),
    "days_since_delivery": NUMBER,
    "disputed_pence": NUMBER,
}


def conditions(known: Mapping[str, Fact], raw: object) -> tuple[Condition, ...]:
    """Conditions as a manager writes them, as values. ValueError says what is wrong."""
    if raw is None:
        return ()
    if isinstance(raw, tuple) and all(isinstance(c, Condition) for c in raw):
        return raw
    if not isinstance(raw, dict):
        raise ValueError("conditions are written as `fact: value`, one on each line")
    return tuple(_condition(known, name, asked) for name, asked in raw.items())


def _condition(known: Mapping[str, Fact], name: object, asked: object) -> Condition:
    if not isinstance(name, str) or name not in known:
        raise ValueError(f"`{name}` is no fact that a condition here can ask for, write {_list(known)}")
    fact = known[name]
    try:
        if isinstance(asked, dict):
            return _between(name, fact, asked)
        values = asked if isinstance(asked, list) else [asked]
        if not values:
            raise ValueError("the list is empty, so this would never hold")
        return Condition(name, is_in=tuple(fact.value(v) for v in values))
    except ValueError as error:
        raise ValueError(f"in the condition `{name}`, {error}") from error


def _between(name: str, fact: Fact, bounds: dict[object, object]) -> Condition:
    if fact.kind not in ("number", "level"):
        raise ValueError(f"at_least and at_most need a number, write {fact.expected}")
    if not bounds or set(bounds) - {"at_least", "at_most"}:
        raise ValueError("write {at_least: …}, {at_most: …} or both")
    low, high = (int(fact.value(bounds[b])) if b in bounds else None for b in ("at_least", "at_most"))
    if low is not None and high is not None and low > high:
        raise ValueError("at_least is more than at_most, so this would never hold")
    return Condition(name, at_least=low, at_most=high)


def conditions_schema(known: Mapping[str, Fact]) -> dict[str, object]:
    """The JSON schema of a `when`."""
    return {"type": "object", "properties": {n: _schema(f) for n, f in known.items()}, "additionalProperties": False}


def _schema(fact: Fact) -> dict[str, object]:
    ways: list[dict[str, object]] = [fact.schema, {"type": "array", "items": fact.schema, "minItems": 1}]
    if fact.kind in ("number", "level"):
        bounds = {"at_least": fact.schema, "at_most": fact.schema}
        ways.append({"type": "object", "properties": bounds, "additionalProperties": False, "minProperties": 1})
    return {"anyOf": ways}


def _list(names: Iterable[str]) -> str:
    return "one of " + ", ".join(names)
