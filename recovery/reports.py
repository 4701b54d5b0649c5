"""What a message tells of: its challenges, weighed with what the customer's own records show."""

import re
from dataclasses import replace

from recovery.choosing import YES, changes_mind, only_wished, plain
from recovery.fine import sounds_fine
from recovery.further import told_further
from recovery.kin import kin
from recovery.orders import DELIVERED_LATELY, days_late, is_overdue, told_of
from recovery.records import History, Order
from recovery.situation import Situation, Topic
from recovery.words import ChallengeType, DialogueAct, FrustrationLevel, OrderEventKind, Stage

TELLS = frozenset(
    {
        DialogueAct.REPORT_PROBLEM,
        DialogueAct.INFORM,
        DialogueAct.DENY,
        DialogueAct.REQUEST_HUMAN,
        DialogueAct.COMPLAIN_ABOUT_BOT,
        DialogueAct.REJECT_OFFER,
        DialogueAct.ASK_STATUS,
        DialogueAct.AFFIRM,  # "yes, and the lamp is broken too"
        DialogueAct.ACCEPT_OFFER,
    }
)
ORDINARY = frozenset({DELIVERED_LATELY, OrderEventKind.DELIVERED, OrderEventKind.PLACED})
PLAN, GOODS = "plan", "goods"
AWAITED = frozenset({ChallengeType.LATE_DELIVERY, ChallengeType.LOST_PARCEL})
REPORTS = frozenset({DialogueAct.REPORT_PROBLEM, DialogueAct.DENY})
# "I don't want a voucher" goes on about it, "no thanks" does not.
AT_LENGTH = frozenset({DialogueAct.REJECT_OFFER, DialogueAct.DENY, DialogueAct.COMPLAIN_ABOUT_BOT})
A_BARE_NO = 3  # words
COMPLAINS = re.compile(r"\bcomplain(?:t|ts|ing)?\b")
NOT_HERE = re.compile(
    r"\b(?:is|are|has|have)(?:n'?t| not| never) (?:here|come|arrived|turned up|shown up)\b"
    r"|\b(?:never|didn'?t) (?:came|come|arrived?)\b"
)
ELSE = re.compile(r"\b(?:else|different|another|other|not (?:that|this|it|about))\b")
ASKS_FOR_A_REMEDY = re.compile(
    r"\b(?:(?:want|need|like|get|have|send|give|take|prefer)(?: me| us| for| just)* (?:a|an|the|my|another|it)"
    r" ?(?:new|other|replacement|refund|money|one|again|voucher|credit)"
    r"|a new one|another one|replace(?:ment| it)|refund|money back|send (?:it|one|another|me)|put it right|sort it)\b"
)
GOES_ON_ABOUT = frozenset({DialogueAct.REPORT_PROBLEM, DialogueAct.INFORM})


def put_right(s: Situation) -> Situation:
    """Asked whether to put something right, a yes in any words, or more about it, is as good as the button."""
    asked = s.state.to_put_right
    clicked = replace(s.heard, choice=asked)
    order = s.history.order(clicked.picked_order) if s.history and asked else None
    if order is None or s.heard.choice or s.heard.challenges or s.problem is not None:
        return s
    named = told_of(s.history, s.heard) if s.history else ()
    at_length = s.heard.act in AT_LENGTH and len(s.heard.text.split()) > A_BARE_NO
    wishes = ASKS_FOR_A_REMEDY.search(plain(s.heard.text)) is not None  # "I want a new one, will it come in time?"
    more = (s.heard.act in GOES_ON_ABOUT or at_length or wishes) and all(o.id == order.id for o in named)
    other = at_length or s.topic is Topic.UNCLEAR or ELSE.search(plain(s.heard.text))
    if s.state.asked_what and other:
        return s  # "no, it's about something else"
    if not (s.heard.act in YES or more) or any(sounds_fine(c, s.heard) for c in _challenge_in(asked)):
        return s
    return replace(s, topic=Topic.RECOVER, heard=clicked)


def _challenge_in(choice: str) -> tuple[ChallengeType, ...]:
    """The challenge that a button tells of: `challenge:late_delivery@10482`."""
    name = choice.removeprefix("challenge:").partition("@")[0]
    return tuple(c for c in ChallengeType if c == name) if choice.startswith("challenge:") else ()


def challenges_told(s: Situation) -> tuple[ChallengeType, ...]:
    """The challenge types that a message tells of, as the records bear them out."""
    return _one_of_kin(_told(s), s)


def _told(s: Situation) -> tuple[ChallengeType, ...]:
    if s.heard.choice.startswith("challenge:"):
        return _challenge_in(s.heard.choice)
    # While an offer is on the table, words about money or parcels are mostly about that offer.
    telling = REPORTS if s.problem is not None and s.problem.on_the_table else TELLS
    # After a booking, "the refund instead" rejects what is booked; it reports no late refund.
    if s.problem is None and s.state.last_booked and changes_mind(s.heard):
        return ()
    tells = s.heard.act in telling and not s.heard.choice and s.topic is not Topic.ANSWER_SURVEY
    if not tells:
        return ()
    wished = only_wished(s.problem.on_the_table, s.heard) if s.problem is not None else frozenset()
    understood = (*(c for c in _without_signing_in(s) if c not in wished), *told_further(s.heard))
    return tuple(dict.fromkeys(_as_awaited(c, s) for c in understood)) or _shown_by_orders(s)


def _as_awaited(challenge: ChallengeType, s: Situation) -> ChallengeType:
    """ "Nobody came" about goods: overdue, it tells of a late parcel, and to be fetched, of a return; of no visit."""
    if challenge is ChallengeType.MISSING_ITEM and s.history is not None:
        return ChallengeType.LATE_DELIVERY if _not_here_yet(s, s.history) else challenge
    if challenge is not ChallengeType.MISSED_APPOINTMENT or s.history is None:
        return challenge
    named = told_of(s.history, s.heard)
    if not named and ChallengeType.RETURN_PROBLEM in s.heard.challenges:
        kept_waiting = any(challenge in troubles(s, o) for o in s.history.orders)
        return challenge if kept_waiting else ChallengeType.RETURN_PROBLEM
    if len(named) != 1 or named[0].kind != GOODS or challenge in troubles(s, named[0]):
        return challenge
    if ChallengeType.RETURN_PROBLEM in (*s.heard.challenges, *troubles(s, named[0])):
        return ChallengeType.RETURN_PROBLEM
    return ChallengeType.LATE_DELIVERY if is_overdue(named[0], s.now) else challenge


def _not_here_yet(s: Situation, history: History) -> bool:
    """ "My lamp isn't here": of what one order still owes, it tells that it is late, not that a part is missing."""
    if not NOT_HERE.search(plain(s.heard.text)):
        return False
    orders = told_of(history, s.heard) or history.orders
    shown = [c for o in orders for c in troubles(s, o)]
    return shown.count(ChallengeType.LATE_DELIVERY) == 1 and ChallengeType.MISSING_ITEM not in shown


def _shown_by_orders(s: Situation) -> tuple[ChallengeType, ...]:
    """What the words leave open, the order that they name may settle: its own events show what went wrong."""
    reports = s.heard.act in (DialogueAct.REPORT_PROBLEM, DialogueAct.REQUEST_HUMAN) or asks_in_anger(s)
    answers = s.state.asked_what and s.heard.act is DialogueAct.INFORM
    if s.history is None or s.problem is not None or not (reports or answers):
        return ()
    named = told_of(s.history, s.heard)
    if len(named) == 1:
        return troubles(s, named[0])[:1]
    return () if named else _hinted_at(s, s.history)


def _hinted_at(s: Situation, history: History) -> tuple[ChallengeType, ...]:
    """What the words only hint at, where one order, and no other, bears it out: "no one came"."""
    found = [c for o in history.orders for c in troubles(s, o) if c in s.heard.possible]
    return tuple(found) if len(found) == 1 else ()


def asks_in_anger(s: Situation) -> bool:
    """ "Where the hell is my sofa", where it is overdue: not to be answered by what the customer knows already."""
    angry = s.heard.frustration >= FrustrationLevel.FRUSTRATED or COMPLAINS.search(plain(s.heard.text)) is not None
    upset = s.heard.act is DialogueAct.ASK_STATUS and angry
    of_more = any(c not in AWAITED for c in s.heard.challenges)
    if not upset or s.history is None or s.problem is not None or of_more:
        return False
    named = told_of(s.history, s.heard)
    return len(named) == 1 and is_overdue(named[0], s.now)


def troubles(s: Situation, order: Order) -> tuple[ChallengeType, ...]:
    """The challenges that an order's own events bear out; a mere delivery bears out none."""
    marked = {e.kind for e in order.events}
    rules = [r for r in s.playbook.challenges.values() if order.kind in r.order_kinds]
    shown = [r.challenge for r in rules if any(sign in marked for sign in r.signs if sign not in ORDINARY)]
    awaited = order.kind in s.playbook.challenges[ChallengeType.LATE_DELIVERY].order_kinds
    late = awaited and is_overdue(order, s.now) and ChallengeType.LOST_PARCEL not in shown
    return (ChallengeType.LATE_DELIVERY, *shown) if late else tuple(shown)


def _without_signing_in(s: Situation) -> tuple[ChallengeType, ...]:
    """Asked to sign in, "I've signed in now" is the answer and no trouble with signing in."""
    if s.state.stage is not Stage.VERIFYING or s.heard.act in REPORTS:
        return s.heard.challenges
    return tuple(c for c in s.heard.challenges if c is not ChallengeType.ACCOUNT_ACCESS)


def _one_of_kin(told: tuple[ChallengeType, ...], s: Situation) -> tuple[ChallengeType, ...]:
    """Of what customers take for the same, told in one breath about one thing, what the records bear out."""
    if s.history is None or len(told) < 2:
        return told
    told = _without_what_came(told, s, s.history)
    if len(told_of(s.history, s.heard)) >= max(2, len(told)):
        return told  # a thing for each
    if ChallengeType.SAFETY_INCIDENT in told:
        # What smokes is faulty too, but it is one incident.
        told = tuple(c for c in told if not kin(c, ChallengeType.FAULTY_PRODUCT))
    kept: list[ChallengeType] = []
    for challenge in told:
        rival = next((k for k in kept if kin(k, challenge)), None)
        if rival is None:
            kept.append(challenge)
        elif _borne_out(challenge, s) > _borne_out(rival, s):
            kept[kept.index(rival)] = challenge
    return tuple(kept)


def _without_what_came(told: tuple[ChallengeType, ...], s: Situation, history: History) -> tuple[ChallengeType, ...]:
    """Without a late or lost parcel, where none is late or lost and the message tells of something that came."""
    awaited = any(is_overdue(o, s.now) or o.last(OrderEventKind.LOST) or days_late(o, s.now) for o in history.orders)
    others = tuple(c for c in told if c not in AWAITED)
    return others if others and not awaited and any(_borne_out(c, s) for c in others) else told


def _borne_out(challenge: ChallengeType, s: Situation) -> int:
    """How strongly the records speak for a challenge: an earlier case of it, an event, the kind of order."""
    assert s.history is not None  # noqa: S101 - the caller has looked
    orders = told_of(s.history, s.heard) or s.history.orders
    ids = {o.id for o in orders}
    earlier = any(c.challenge is challenge and c.order_id in ids for c in s.history.cases)
    shown = [o for o in orders if challenge in troubles(s, o)]
    plan = challenge is ChallengeType.SUBSCRIPTION_PROBLEM and any(o.kind == PLAN for o in shown)
    return 4 * earlier + 2 * bool(shown) + plan
