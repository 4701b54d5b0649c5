"""Asked what we would do, how long it takes, or how far it is: what the alternatives and the booking say."""

import re
from dataclasses import replace

from recovery import offering
from recovery.choosing import plain
from recovery.decision import Decision, Part, Say
from recovery.heard import Heard
from recovery.in_hand import back_to_matter, in_hand, matching
from recovery.listening import under_way
from recovery.orders import told_of
from recovery.records import Order
from recovery.situation import Situation
from recovery.state import Progress
from recovery.telling import PERSON, known_troubles
from recovery.words import RecoveryStep

HOW_LONG = re.compile(
    r"\bhow (?:long|soon|quick\w*|fast|many days)\b|\bwhat (?:day|time|date)\b"
    r"|\bwhen (?:will|would|can|do|does|should|is|are) (?:i|it|that|they|this|we|you)\b"
)
ADVICE = re.compile(
    r"\bwhat (?:would|do|should) you (?:recommend|advise|suggest|do|take|pick|choose)\b|\badvi[cs]e me\b"
    r"|\b(?:any|your) advice\b|\bwhat (?:should|would|shall) i (?:do|take|choose|pick|go for)\b"
    r"|\bwhich (?:one |of (?:them|these|those|the two) )?"
    r"(?:is (?:the )?(?:best|better)|would be (?:the )?(?:best|better)|(?:should|shall) i|(?:would|do) you)\b"
)


def advice(s: Situation) -> Decision | None:
    """Asked what we would do: the first alternative suits most people best; else, what it is about."""
    text = plain(s.heard.text)
    if s.heard.choice or s.heard.challenges or s.heard.triggers or not ADVICE.search(text):
        return None
    problem = s.problem
    if problem is not None and s.verified and problem.progress is Progress.OFFERED and problem.on_the_table:
        best = offering.shown(problem)[0]
        return back_to_matter(s, Part("utter_advice", {"option": best.label}), "advice")
    if in_hand(s) is not None or problem is not None or matching(s):
        return None
    ask = Say((Part("utter_advice_open"),), (*known_troubles(s), PERSON))
    return Decision("advice", (ask,), s.state)


def asks_how_long(heard: Heard) -> bool:
    """Whether a message asks for a time."""
    return bool(HOW_LONG.search(plain(heard.text)))


def how_long(s: Situation) -> Decision | None:
    """Asked how long it takes: what each alternative promises, no more and no less."""
    problem = s.problem
    if problem is None or not s.verified or not problem.on_the_table or not asks_how_long(s.heard):
        return None
    if problem.progress is Progress.AGREED:
        return back_to_matter(s, Part("utter_this_much"), "how_long")
    again = offering.offer_again(s, problem, "utter_offer_still")
    promises = [f"{o.promise[:1].upper()}{o.promise[1:]}" for o in offering.shown(problem)]
    listed = promises[0] if len(promises) == 1 else "\n".join(f"{n}. {p}" for n, p in enumerate(promises, 1))
    response = "utter_how_long_one" if len(promises) == 1 else "utter_how_long"
    told = replace(again.says[0], parts=(Part(response, {"options": listed}, RecoveryStep.RESOLVE),))
    return replace(again, step="how_long", says=(told,))


def under_way_already(s: Situation, order: Order | None) -> Decision | None:
    """What was booked a moment ago is the answer, and no reason to offer it again."""
    booked = s.state.last_booked
    option = booked.option(booked.agreed) if booked else None
    named = told_of(s.history, s.heard) if s.history else ()
    if s.history is None or booked is None or option is None or not under_way(booked, s):
        return None
    if named and order is not None and order.id != booked.order_id:
        return None
    told = Say((Part("utter_status_booked", {"promise": option.promise}),), (PERSON,))
    return Decision("status", (told,), s.state, about=booked)
