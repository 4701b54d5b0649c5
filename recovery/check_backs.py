"""What an answer to "did it arrive?" tells. People rarely say just yes or no."""

import re
from enum import StrEnum

from recovery.choosing import hedges, plain, says_no, says_yes
from recovery.heard import Heard
from recovery.kin import kin
from recovery.price import PRICE_BACK
from recovery.state import Problem
from recovery.words import ChallengeType, DialogueAct, FrustrationLevel, Remedy

STILL = re.compile(r"\b(?:still|nothing|never|not yet|no sign)\b|n't (?:arrived|come|here|worked|working|fixed)\b")
NEGATED = re.compile(r"\b(?:still|nothing|never|not|no|none|without|missing)\b|n't\b")
GOOD = re.compile(
    r"\b(?:arrived|came|come|turned up|is here|are here|got (?:it|them|mine)|received|been delivered|showed up"
    r"|(?:all|is|it'?s|are|now) (?:working|sorted|fixed|good|fine|ok(?:ay)?|well)|works"
    r"|money'?s? (?:is )?(?:in|back|there))\b"
)
# They do not know yet, or it is said to be on its way: nothing has failed.
WAITS = re.compile(
    r"\b(?:will|'ll|need to|have to|gonna|going to) (?:\w+ )?(?:check|look|see|know|test|try)\b"
    r"|\b(?:have|had|did)n'?t (?:checked|looked|tried|tested|check|look|try|test|been (?:home|in|back|there))\b"
    r"|\b(?:tracking|app|site|website|text|e-?mail|driver|courier|bank)s? (?:now )?(?:says?|said|shows?)\b"
    r".*\b(?:tomorrow|today|tonight|later|morning|afternoon|evening|\w+day|hours?|minutes?|on (?:its|the) way)\b"
    r"|\b(?:due|coming|expected|arriving|out for delivery|on (?:its|the) way)\b"
)
ARRIVES = frozenset({ChallengeType.LATE_DELIVERY, ChallengeType.LOST_PARCEL, ChallengeType.MISSED_APPOINTMENT})
MONEY = PRICE_BACK | {Remedy.CHARGE_REVERSAL, Remedy.REFUND_CHASE}


class Told(StrEnum):
    """What came of a remedy, as the customer tells it."""

    HELD = "held"
    PART = "part"  # some of it came
    WAITS = "waits"  # nobody knows yet
    FAILED = "failed"


def told_in(heard: Heard, problem: Problem) -> Told | None:
    """What an answer to the check-back tells of the booking of `problem`; None where it tells of something else."""
    if heard.choice:
        return Told.HELD if says_yes(heard) else Told.FAILED if says_no(heard) else None
    text = plain(heard.text)
    if heard.frustration < FrustrationLevel.FRUSTRATED and WAITS.search(text) and not beside(heard, problem):
        return Told.WAITS
    good = says_yes(heard) or hedges(heard) or bool(GOOD.search(text) and not NEGATED.search(text))
    if good and not says_no(heard):
        return _of_what_is_good(heard, problem, text)
    if says_no(heard) or _still_wrong(heard, problem, text):
        return Told.FAILED
    thanks = heard.act is DialogueAct.THANK and heard.frustration < FrustrationLevel.FRUSTRATED
    return Told.HELD if thanks else None


def beside(heard: Heard, problem: Problem) -> tuple[ChallengeType, ...]:
    """What the message tells of that is another problem than the one that was settled."""
    return tuple(c for c in heard.challenges if not _same(c, problem) and c not in ARRIVES)


def _same(challenge: ChallengeType, problem: Problem) -> bool:
    """The problem itself, or the remedy's own: a refund that never came is a late refund."""
    option = problem.option(problem.agreed)
    own = challenge is ChallengeType.REFUND_DELAY and option is not None and option.remedy in MONEY
    return own or kin(problem.challenge, challenge)


def _of_what_is_good(heard: Heard, problem: Problem, text: str) -> Told:
    """A yes may go on: the new one is broken too, or the voucher that came with it did not come."""
    if beside(heard, problem):
        return Told.HELD
    if any(_same(c, problem) and c not in ARRIVES for c in heard.challenges):
        return Told.FAILED
    return Told.PART if hedges(heard) and NEGATED.search(text) else Told.HELD


def _still_wrong(heard: Heard, problem: Problem, text: str) -> bool:
    """The problem told again, or words like "still nothing"."""
    if heard.act is DialogueAct.REPORT_PROBLEM:
        return not heard.challenges or any(_same(c, problem) for c in heard.challenges)
    return heard.act is DialogueAct.INFORM and bool(STILL.search(text))
