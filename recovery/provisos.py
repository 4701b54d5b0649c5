"""A yes with a condition: what it is, what can honestly be said to it, and the case that keeps it for a person."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from recovery.choosing import HEDGED, NO, plain
from recovery.decision import Decision, NoteCase, Part
from recovery.heard import Heard
from recovery.situation import Situation
from recovery.state import Option, Told
from recovery.words import Trigger

LONGEST = 80  # characters
CONDITION = "condition"  # a detail beside those of the playbook
NOTED = frozenset({"utter_noted_offer", "utter_noted_offer_one", "utter_noted_deadline"})
ANSWERED = frozenset({"confirm", "offer_again", "offer_next_best", "book", "hand_over"})
_DAY = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow|tonight|today|noon|midnight|christmas|xmas|easter|new year"
    r"|(?:(?:the|this|next) )?(?:end of|week|month|time|\d)|next \w+day"
)
DEADLINE = re.compile(
    rf"\b((?:(?:by|no later than|not later than) (?:{_DAY})"
    rf"|(?:before|in time for) (?:{_DAY}|my|our|her|his|the|i|we|it'?s))\b[^,;.!?]*?)"
    r"(?=\s+(?:so|because|cos|as|since|otherwise|and|or)\b|[,;.!?]|$)",
    re.IGNORECASE,
)
NEEDS = re.compile(
    r"\b(?:i|we|he|she|they) (?:\w+ )?(?:needs?|must have|ha(?:ve|s) to have) (?:it|that|this|them|(?:my|the) \w+)\b",
    re.IGNORECASE,
)
PROVISO = re.compile(
    r"\b((?:only if|as long as|provided(?: that)?|on condition(?: that)?|except(?: that)?|unless)\b.*"
    r"|(?<=\bbut\b).+)",
    re.IGNORECASE,
)
# What asks for something: "yes but I'm still annoyed" does not.
ASKS_FOR = re.compile(
    r"\b(?:needs?|want|must|ha(?:s|ve) to|only|if|as long as|provided|condition|unless|except|make sure|not|no"
    r"|without|please|after)\b|n't\b"
)
POLITE = re.compile(r"\s+(?:please|pls|thanks|thank you|then)\W*$", re.IGNORECASE)
UNHAPPY = re.compile(r"\b(?:enough|too \w+|(?:happy|good|fair|great|pleased|impressed|ideal|acceptable)\b)")
ASKED = re.compile(
    r"\?\s*$|^(?:what|when|where|which|who|why|how|can|could|will|would|is|are|do|does)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Condition:
    """What an acceptance hangs on, in the customer's words; `by` where it is a date to meet."""

    words: str
    by: date | None = None

    def kept_by(self, option: Option, now: datetime) -> bool:
        """Whether the promise meets it as it stands: what comes tomorrow is there before a later day."""
        promise = plain(f"{option.label} {option.promise}")
        tomorrow = (now + timedelta(days=1)).date()
        before = plain(self.words).startswith("before")
        return (
            "tomorrow" in promise and self.by is not None and (self.by > tomorrow if before else self.by >= tomorrow)
        )


def condition_of(heard: Heard) -> Condition | None:
    """The condition in a reply to an offer; none in a no, in a click, in a mere question."""
    if heard.choice or heard.act in NO:
        return None
    text = " ".join(heard.text.split())
    due = next((e for e in heard.entities if e.name == "date"), None)
    day = _date(due.value) if due else None
    if found := DEADLINE.search(text):
        return Condition(_cut(found[1]), day)
    if due is not None and (heard.trigger(Trigger.URGENT_DEADLINE) or NEEDS.search(text)):
        return Condition(_cut(due.text), day)
    found = PROVISO.search(text) if HEDGED.search(text) else None
    told = found[1].strip(" ,:.!") if found else ""
    asks = ASKS_FOR.search(plain(told)) and not (ASKED.search(told) or UNHAPPY.search(plain(told)))
    return Condition(_cut(told)) if asks else None


def condition_on(option: Option, heard: Heard) -> Condition | None:
    """The condition in a reply that takes this option; the words of its own button are none."""
    condition = condition_of(heard)
    return condition if condition and plain(condition.words) not in plain(option.label) else None


def _date(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _cut(words: str) -> str:
    words = POLITE.sub("", words.strip())
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1].rstrip()}…"


def written_down(decision: Decision, s: Situation) -> Decision:
    """The decision with the customer's condition kept on the case, for whoever reads it."""
    if decision.step == "day_asked" or any(p.response in NOTED for say in decision.says for p in say.parts):
        return _noted(decision, s)
    condition, problem = condition_of(s.heard), decision.about or decision.state.current
    if condition is None or problem is None or not problem.options or decision.step not in ANSWERED:
        return decision
    if problem.heard_in == s.heard.message_id or any(condition_on(o, s.heard) is None for o in problem.options):
        return decision
    told = Told(CONDITION, condition.words, s.heard.message_id)
    state = decision.state.with_problem(problem, lambda p: replace(p, told=(*p.told, told)))
    note = NoteCase(problem, f"The customer's condition for accepting: “{condition.words}”.")
    return replace(decision, state=state, effects=(*decision.effects, note))


def _noted(decision: Decision, s: Situation) -> Decision:
    """Where a reply says that something was noted, it was."""
    problem = decision.about or decision.state.current
    if problem is None or not s.heard.quote:
        return decision
    note = NoteCase(problem, f"The customer added: “{s.heard.quote}”.")
    return replace(decision, effects=(*decision.effects, note))


def honestly(condition: Condition, option: Option, now: datetime) -> Part:
    """Whether the promise meets the condition, or cannot be made to."""
    kept = condition.kept_by(option, now)
    facts = {"condition": condition.words, "promise": option.promise}
    return Part("utter_condition_kept" if kept else "utter_condition_not_promised", facts)
