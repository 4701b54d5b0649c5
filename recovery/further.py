"""A further trouble that a clause of a message tells in so many words: "…, and your driver was rude".

The model reads a message as a whole, so of three troubles the third is often only likely. Where a clause says it
plainly, it is told too. Where nothing else was understood it must at least be likely. Pure: words in.
"""

import re

from recovery.choosing import plain
from recovery.heard import Heard
from recovery.kin import kin
from recovery.words import ChallengeType, DialogueAct

SEVERAL = 2  # troubles that were understood: whoever tells of so many is counting up
_CLAUSE = re.compile(r"[.;:!?,\n]+|\b(?:and|but|plus|then|also|while)\b")
_STAFF = (
    r"(?:driver|courier|delivery (?:guy|man|woman|lad|person)|agent|advis[eo]r|operator|engineer|technician|fitter"
    r"|staff|manager|(?:man|woman|guy|lady|girl|person|bloke|lad) (?:on|at|in) the (?:phone|desk|door|shop)"
    r"|your (?:man|guy))"
)
_TELLS = {
    ChallengeType.STAFF_CONDUCT: (
        rf"\b{_STAFF}\b.{{0,25}}\b(?:rude|swore|swear\w*|shout\w*|yell\w*|hung up|laugh\w*|insult\w*|horrible|nasty"
        r"|abusive|disgusting|threaten\w*)\b"
    ),
    ChallengeType.DAMAGED_ITEM: (
        r"\b(?:is|are|it's|was|were|came|arrived|turned up)(?: all| completely| totally| badly| also)?"
        r" (?:damaged|cracked|smashed|dented|scratched|shattered|chipped|in (?:bits|pieces)|torn)\b"
    ),
    ChallengeType.BILLING_ERROR: (
        r"\b(?:charged|billed)(?: me| us)?(?: \w+){0,2} (?:twice|double|two times)\b|\bdouble[- ]charged\b"
        r"|\b(?:twice|double) (?:charged|billed)\b"
    ),
    ChallengeType.REFUND_DELAY: (
        r"\b(?:no refund|refund (?:is(?:n'?t| not)|has(?:n'?t| not)|hasnt|never|still)"
        r"(?: \w+){0,2} (?:come|came|here|arrived|there|missing|not))\b|\brefund not (?:here|come|there)\b"
    ),
    ChallengeType.MISSING_ITEM: (r"\b(?:is|are|was|were) missing\b(?! from my account)"),
    ChallengeType.MISSED_APPOINTMENT: (
        r"\b(?:engineer|technician|fitter|plumber) (?:never|didn'?t) (?:came|come|turn(?:ed)? up|show(?:ed)?)\b"
    ),
    ChallengeType.LATE_DELIVERY: (
        r"\b(?:days?|weeks?) late\b|\b(?:is|was|came|comes) (?:so |very |too |really )?late\b"
        r"|\b(?:still |even )?(?:is|are|has|have)(?:n'?t| not) (?:here|come|arrived|turned up)\b(?! to)"
        r"|\bnever (?:came|arrived)\b"
    ),
}
TELLS = {challenge: re.compile(words) for challenge, words in _TELLS.items()}
NOT = re.compile(r"\b(?:not|never|no|isn'?t|wasn'?t|aren'?t|weren'?t|if|in case|might|could|worried|afraid)\b")
DENIES_NOT = frozenset(
    {ChallengeType.REFUND_DELAY, ChallengeType.MISSED_APPOINTMENT, ChallengeType.LATE_DELIVERY}
)  # their words hold a no


def told_further(heard: Heard) -> tuple[ChallengeType, ...]:
    """The challenge types beside those understood, in the order of the table."""
    if heard.act is not DialogueAct.REPORT_PROBLEM or heard.choice:
        return ()
    clauses = [c.strip() for c in _CLAUSE.split(plain(heard.text)) if c.strip()]
    counting = len(heard.challenges) >= SEVERAL
    found = []
    for challenge in TELLS:
        likely = counting or challenge in heard.possible
        if likely and not any(kin(challenge, c) for c in heard.challenges) and _says(challenge, clauses):
            found.append(challenge)
    return tuple(found)


def _says(challenge: ChallengeType, clauses: list[str]) -> bool:
    for clause in clauses:
        if TELLS[challenge].search(clause) and (challenge in DENIES_NOT or not NOT.search(clause)):
            return True
    return False
