"""A problem that turns out to be none: it came after all, it works, it was a mistake."""

import re

from recovery.choosing import plain
from recovery.dangers import dangers_of
from recovery.heard import Heard
from recovery.kin import kin
from recovery.state import Recovery
from recovery.words import ChallengeType, DialogueAct, FrustrationLevel

ASKS = frozenset({DialogueAct.ASK_STATUS, DialogueAct.ASK_INFO, DialogueAct.REQUEST_HUMAN})
NEWS = re.compile(r"\W*(?:oh|ah|wait|hold on|actually|ignore (?:that|me|this)|update)\b")
THERE = r"(?:arrived|here|came|come|turned up|shown up|been delivered)"
FINE = re.compile(
    r"\b(?:my mistake|my bad|false alarm|(?:it'?s|all|is) (?:all )?(?:sorted|working|fixed)(?: now)?"
    r"|(?:it )?works now|(?:my|an)other order(?: of mine)?\W+(?:sorry|my mistake)|got it wrong"
    r"|i(?:'?ve)? mis(?:read|counted|taken)"
    r"|(?:oh|ah|wait|sorry|actually)\W+(?:it'?s|that'?s) (?:all )?(?:fine|ok(?:ay)?|all ?right|correct)"
    r"|(?:i|we)(?:'?ve)? (?:just |now )?found (?:it|them)"
    r"|(?:wait|oh|ah|sorry|actually)\W+(?:\w+\W+)?found (?:it|them)"
    r"|(?:was|were|it'?s|they'?re) (?:only |just )?(?:unplugged|switched off (?:at|by)|turned off at))\b"
)
FOUND = re.compile(
    r"\b(?:(?:neighbou?r|flatmate|concierge|husband|wife|partner|mum|dad|son|daughter)s? "
    r"(?:next door )?(?:had|has|took|taken|got) (?:it|them)(?: in)?"
    r"|(?:was|were|it'?s) (?:hidden |sitting |left )?(?:in|behind|under) (?:the|my|our) "
    r"(?:porch|shed|bins?|garage|hall|safe place|recycling))\b"
)
HERE = re.compile(
    rf"\b(?:it|they|parcel|package|order)(?:'s|'ve| has| have| is)? (?:just |now |finally |already )*{THERE}\b"
)
OH_NO = re.compile(r"^\W*(?:oh|ah|wait|actually|sorry)\W+no\b")  # takes back what was said, and denies nothing
NOT_FINE = re.compile(
    r"\bnot?\b|n't\b|\bnever\b(?! ?mind)|\bbut\b|\bsa(?:ys|id)\b|\bshows\b"
    r"|\bstill\b|\bwhen\b|\bif\b|\blate\b|\bdays?\b|\?"
)
ARRIVES = frozenset({ChallengeType.LATE_DELIVERY, ChallengeType.LOST_PARCEL, ChallengeType.MISSING_ITEM})


def turned_out_fine(state: Recovery, heard: Heard) -> bool:
    """Whether the problem in hand turns out to be none: the parcel is there, it works, it was a mistake."""
    problem = state.current
    if problem is None or problem.heard_in == heard.message_id:
        return False
    return sounds_fine(problem.challenge, heard)


def sounds_fine(challenge: ChallengeType, heard: Heard) -> bool:
    """Whether a message says that a problem of this kind is none any more."""
    text = OH_NO.sub("oh", plain(heard.text))
    if (
        heard.choice
        or (heard.act in ASKS and not NEWS.match(text))
        or any(not kin(challenge, c) for c in heard.challenges)
        or heard.triggers
        or dangers_of(heard)
        or heard.frustration >= FrustrationLevel.FRUSTRATED
        or NOT_FINE.search(text)
    ):
        return False
    return bool(FINE.search(text) or (challenge in ARRIVES and (HERE.search(text) or FOUND.search(text))))
