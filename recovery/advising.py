"""Asked what we would do, how long it takes, or how far it is: what the alternatives and the booking say."""

import re
from dataclasses import replace

from recovery import offering
from recovery.assessment import assess
from recovery.choosing import plain
from recovery.decision import Decision, Part, Say
from recovery.heard import Heard
from recovery.in_hand import back_to_matter, in_hand, matching
from recovery.listening import under_way
from recovery.orders import told_of
from recovery.records import Order
from recovery.situation import Situation, Topic
from recovery.state import Progress
from recovery.telling import PERSON, known_troubles
from recovery.words import RecoveryStep, Remedy

HOW_LONG = re.compile(
    r"\bhow (?:long|soon|quick\w*|fast|many days)\b|\bwhat (?:day|time|date)\b"
    r"|^\W*(?:(?:and|but|so|ok|okay|yes|yeah|right)\W+)*(?:by )?when(?: exactly| roughly| about)?\W*$"
    r"|\bwhen (?:will|would|can|do|does|should|is|are) (?:i|it|that|they|this|we|you)\b"
)
DIFFERENCE = re.compile(
    r"\bwhat(?:'s| is| are)? the difference\b"
    r"|\bwhat (?:does|do|would|will) (?:\w+ ){1,5}(?:mean|get|give|involve|include)\b|\bwhat do you mean by\b"
    r"|\b(?:do|will|must|should|would) (?:i|we) (?:have to |need to )?(?:send|return|give|post|take)\b.*\bback\b"
    r"|\bhow (?:does|would) (?:that|it|each) work\b|\bhow much\b(?! (?:longer|time|more time))"
)
A_DAY = re.compile(
    r"\b(?:can|could|will|would) (?:you|it|they|he|she|someone|somebody|we) (?:please |also |not )?"
    r"(?:do|come|make|be|deliver|call|ring|bring)\b[^.?!]*?\b((?:on |in |by |before |after |this |next |the )*"
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|tomorrow|tonight|weekend"
    r"|morning|afternoon|evening|\d+ ?(?:am|pm)?)"
    r"(?: (?:morning|afternoon|evening))?)\b",
    re.IGNORECASE,
)
ADVICE = re.compile(
    r"\bwhat (?:would|do|should) you (?:recommend|advise|suggest|do|take|pick|choose)\b|\badvi[cs]e me\b"
    r"|\b(?:any|your) advice\b|\bwhat (?:should|would|shall) i (?:do|take|choose|pick|go for)\b"
    r"|\bwhich (?:one |of (?:them|these|those|the two) )?"
    r"(?:is (?:the )?(?:best|better)|would be (?:the )?(?:best|better)|(?:should|shall) i|(?:would|do) you)\b"
)


WHY = re.compile(
    r"^\W*(?:(?:but|and|so|ok(?:ay)?|well|no)\W+)*(?:why|how come)\b"
    r"(?! (?:should|would|do|don'?t|can'?t|won'?t) (?:i|you)\b)"
    r"|\bwhat(?:'s| is| was) (?:the )?(?:hold ?-?up|delay|reason|cause|causing)\b|\bwhat (?:happened|went wrong)\b"
    r"|\bhow (?:could|did|can) (?:this|that|it) happen\b"
)
# What no record holds: who did something, and whether somebody knew.
WHO_KNEW = re.compile(
    r"^\W*(?:(?:but|and|so|ok(?:ay)?|well)\W+)*(?:who(?:se fault| \w+ed| did| sent| took| told| let| was)\b"
    r"|did(?:n'?t)? (?:you|they|nobody|no ?one|any(?:one|body)) (?:not )?(?:know|notice|check|look|see|test)\b)"
)
DOUBTS = re.compile(
    r"\bhow (?:do|can|could|am|will|would) i (?:supposed to )?(?:know|trust|believe|be sure)\b|\bis that a promise\b"
    r"|\bwhy (?:should|would) i (?:trust|believe)\b"
    r"|\b(?:heard|told) (?:me )?(?:that|this|it) (?:all )?(?:before|last time)\b"
    r"|\b(?:said|promised) (?:me )?(?:that|this|it|so|the same)(?: thing)? "
    r"(?:last time|before|already|yesterday|last week)\b"
    r"|\b(?:don'?t|can'?t|do not|cannot) (?:believe|trust) (?:you|a word|any of)\b"
    r"|^\W*(?:(?:and|but|ok|okay|so|what)\W+)+if (?:he|she|it|they|you|that|this|nobody|no ?one) (?:\w+ ){0,2}?"
    r"(?:doesn'?t|don'?t|does ?nt|dont|fails?|breaks?|goes wrong|happens?|comes?|turns? up|shows?)\b"
)
AT_A_LOSS = re.compile(
    r"\bi (?:really |just )?(?:don'?t|do not|can'?t|cannot|never) (?:really )?"
    r"(?:understand|know|get on with|use|work)\b"
    r".*\b(?:computers?|technology|internet|online|links?|apps?|buttons?|websites?|smartphones?)\b"
    r"|\bi'?m (?:no good|not (?:very |so )?good|hopeless|useless|rubbish) (?:with|at)\b"
)


def answer(s: Situation) -> Decision | None:
    """What is asked about the offer itself, rather than told or picked; None where it is something else."""
    return _with_help(s) or _doubt(s) or _why(s) or _a_day(s) or _difference(s) or advice(s)


def asks_difference(heard: Heard) -> bool:
    """Whether somebody wants to know what the alternatives mean, whatever word it begins with."""
    return not heard.choice and not heard.challenges and bool(DIFFERENCE.search(plain(heard.text)))


def _difference(s: Situation) -> Decision | None:
    if not asks_difference(s.heard) or s.problem is None:
        return None
    # Whoever asks has not settled on one yet.
    open_again = s.state.changed(s.problem, agreed=None, progress=Progress.OFFERED) if s.problem.agreed else s.state
    return _promises(replace(s, state=open_again))


def _a_day(s: Situation) -> Decision | None:
    """Asked for a day or an hour: it is on the case, and nobody promises it here."""
    found = A_DAY.search(s.heard.text)
    offered = s.problem is not None and s.verified and s.problem.on_the_table
    if not found or not offered or s.heard.choice or s.heard.challenges or s.topic is Topic.ANSWER_OFFER:
        return None
    return back_to_matter(s, Part("utter_noted_condition", {"condition": found[1]}), "day_asked")


def doubts(heard: Heard) -> bool:
    """Whether somebody asks why they should believe us."""
    return not heard.choice and not heard.challenges and bool(DOUBTS.search(plain(heard.text)))


def at_a_loss(s: Situation) -> bool:
    """Whether somebody cannot do by themselves what is on offer: no complaint, and nothing that we misunderstood."""
    fresh = s.problem is not None and s.problem.heard_in == s.heard.message_id
    offered = s.state.last_booked is not None if s.problem is None else bool(s.problem.on_the_table) and not fresh
    plainly = not s.heard.choice and not s.heard.challenges and s.topic is not Topic.PERSON
    return bool(offered and s.verified and plainly and AT_A_LOSS.search(plain(s.heard.text)))


def _with_help(s: Situation) -> Decision | None:
    """A person does it with them: by the call that is on offer, else at a word."""
    if not at_a_loss(s):
        return None
    table = s.problem.on_the_table if s.problem else ()
    call = next((o for o in table if o.remedy is Remedy.CALLBACK), None)
    if call is None or s.problem is None:
        return back_to_matter(s, Part("utter_with_help"), "with_help")
    return offering.ask_to_confirm(s, s.problem, call, Part("utter_with_help_call"))


def _doubt(s: Situation) -> Decision | None:
    """How somebody can be sure: what is booked is on record, and we come back to ask."""
    if not doubts(s.heard) or not s.verified or not (in_hand(s) or s.state.last_booked):
        return None
    booked = s.problem is None
    return back_to_matter(s, Part("utter_sure_booked" if booked else "utter_sure"), "reassure")


def _why(s: Situation) -> Decision | None:
    """We know no more than the cause that came with the offer, or honestly nobody knows it yet."""
    problem = s.problem
    if problem is None or not s.verified or not problem.on_the_table or problem.heard_in == s.heard.message_id:
        return None
    if s.heard.challenges and problem.challenge not in s.heard.challenges:
        return None
    text = plain(s.heard.text)
    if s.heard.choice or not (WHY.search(text) or WHO_KNEW.search(text)):
        return None
    found = assess(problem, s.heard, s.history, s.playbook, s.now, s.around.contingencies)
    known = found.cause_event is not None or found.contingency is not None or bool(WHO_KNEW.search(text))
    return back_to_matter(s, Part("utter_why" if known else "utter_why_unknown"), "why")


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
    return _promises(s) if asks_how_long(s.heard) else None


def _promises(s: Situation) -> Decision | None:
    problem = s.problem
    if problem is None or not s.verified or not problem.on_the_table:
        return None
    if problem.progress is Progress.AGREED:
        return back_to_matter(s, Part("utter_this_much"), "how_long")
    again = offering.offer_again(s, problem, "utter_offer_still")
    promises = [f"{o.promise[:1].upper()}{o.promise[1:]}" for o in offering.shown(problem)]
    facts = {"options": promises[0] if len(promises) == 1 else _numbered(promises)}
    one = len(promises) == 1
    if asks_how_long(s.heard):
        part = Part("utter_how_long_one" if one else "utter_how_long", facts, RecoveryStep.RESOLVE)
    else:
        part = Part("utter_promises_one" if one else "utter_promises", facts, RecoveryStep.RESOLVE)
    return replace(again, step="how_long", says=(replace(again.says[0], parts=(part,)),))


def _numbered(promises: list[str]) -> str:
    return "\n".join(f"{n}. {p}" for n, p in enumerate(promises, 1))


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
