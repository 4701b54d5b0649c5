"""Which order a problem is about: by its number, by what the message says, or by what the orders' events show."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from recovery.choosing import place_in
from recovery.heard import Heard
from recovery.playbook import ChallengeRule
from recovery.records import History, Order
from recovery.words import OrderEventKind

ARRIVED = (OrderEventKind.DELIVERED, OrderEventKind.RETURN_RECEIVED)
OVERDUE = "overdue"
DELIVERED_LATELY = "delivered_lately"
LATELY = timedelta(days=60)
SHOWN = 4
# Words that tell one thing from another as little as "the" does.
_COMMON = (
    "with from that thi your pack piece order item have been large small the and for not you was has new all any can"
    " our out box are but had got its one two yet day set kit air visit plan service appointment time class club care"
    " repair installation"
)
_CLAUSE = re.compile(r"[.;:!?,\n]+|\band\b|\bbut\b|\bplus\b|\bwhile\b")
_WRONG = re.compile(
    r"\b(?:holes?|torn|tears?|rip(?:s|ped)?|brok\w+|smash\w*|crack\w*|chip(?:s|ped)?|dent\w*|scratch\w*|stain\w*"
    r"|damag\w+|leak\w*|snap\w*|shatter\w*|bent|fault\w*|dead|stopped|missing|late|lost|wrong|never (?:came|arrived)"
    r"|not (?:here|come|arrived)|hasn'?t (?:come|arrived)|didn'?t (?:come|arrive)|doesn'?t work|won'?t)\b"
)
COMMON = frozenset(_COMMON.split())


@dataclass(frozen=True, slots=True)
class OrderFinding:
    """The order when it is certain enough to act on, else the ones to choose from, best first."""

    order: Order | None
    choices: tuple[Order, ...] = ()
    not_theirs: str = ""  # a number that the customer named and that is not among their orders


def days_late(order: Order, now: datetime) -> int:
    """Whole days past the promise, to the delivery or to now; 0 when in time or without a promise."""
    if order.promised_for is None:
        return 0
    delivered = order.last(OrderEventKind.DELIVERED)
    until = delivered.at if delivered else now
    return max(0, (until.date() - order.promised_for).days)


def is_overdue(order: Order, now: datetime) -> bool:
    return order.last(*ARRIVED) is None and days_late(order, now) > 0


def _shows(order: Order, rule: ChallengeRule, now: datetime) -> bool:
    """Whether the order's own events bear out this challenge."""
    if any(e.kind in rule.signs for e in order.events):
        return True
    if OVERDUE in rule.signs and is_overdue(order, now):
        return True
    delivered = order.last(OrderEventKind.DELIVERED)
    return DELIVERED_LATELY in rule.signs and delivered is not None and now - delivered.at < LATELY


def telling_words(text: str) -> frozenset[str]:
    """The words that tell one thing from another: three letters or more, singular."""
    return frozenset(w.removesuffix("s") for w in re.findall(r"[a-z]{3,}", text.lower())) - COMMON


def _named(order: Order, heard: Heard) -> bool:
    """Whether the message names something in the order."""
    return any(telling_words(heard.text) & telling_words(i.name) for i in order.items)


def in_trouble(order: Order, heard: Heard) -> bool:
    """Whether the message says something wrong of this very order, in the clause that names it."""
    names = frozenset().union(*(telling_words(i.name) for i in order.items))
    clauses = _CLAUSE.split(heard.text.lower())
    return any(telling_words(clause) & names and _WRONG.search(clause) for clause in clauses)


def items_named(order: Order, heard: Heard) -> tuple[str, ...]:
    """Which things of an order a message names, by id; none where it names none of several, or all."""
    words = telling_words(heard.text)
    named = tuple(item.id for item in order.items if telling_words(item.name) & words)
    return named if len(named) < len(order.items) else ()


def showing(history: History, rule: ChallengeRule, now: datetime) -> tuple[Order, ...]:
    """The customer's orders whose own events bear out a challenge."""
    kinds = rule.order_kinds
    return tuple(o for o in history.orders if (not kinds or o.kind in kinds) and _shows(o, rule, now))


def told_of(history: History, heard: Heard) -> tuple[Order, ...]:
    """The customer's orders that a message names, by number or by what is in them."""
    numbers = (heard.picked_order, *heard.values("order_number"))
    return tuple(o for o in history.orders if o.id in numbers or _named(o, heard))


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier messages said about which order it is."""

    numbers: tuple[str, ...] = ()
    not_orders: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()  # as last shown, so that "the second one" can be understood


def _numbers(heard: Heard, known: Known) -> tuple[str, ...]:
    if heard.picked_order:
        return (heard.picked_order,)
    place = place_in(heard, len(known.listed))
    return heard.values("order_number") or ((known.listed[place],) if place is not None else known.numbers)


def find_order(
    rule: ChallengeRule, heard: Heard, history: History, now: datetime, known: Known = Known()
) -> OrderFinding:
    """Find the order of a problem among the customer's own."""
    numbers = _numbers(heard, known)
    if own := [o for n in numbers if (o := history.order(n)) is not None]:
        return OrderFinding(next((o for o in own if _shows(o, rule, now)), own[0]))
    kinds = rule.order_kinds
    fitting = [o for o in history.orders if (not kinds or o.kind in kinds) and o.id not in known.not_orders]
    if numbers:
        return OrderFinding(None, tuple(fitting[:SHOWN]), not_theirs=numbers[0])
    shown = [o for o in fitting if _shows(o, rule, now)]
    named = [o for o in fitting if _named(o, heard)]
    both = [o for o in named if o in shown]
    for certain in (both, named, shown, fitting):
        if len(certain) == 1:
            return OrderFinding(certain[0])
    ranked = dict.fromkeys(o.id for o in (*both, *named, *shown, *fitting))
    choices = tuple(o for i in ranked if (o := history.order(i)) is not None)
    return OrderFinding(None, choices[:SHOWN])
