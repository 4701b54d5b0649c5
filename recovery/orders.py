"""Which order a problem is about: by its number, by what the message says, or by what the orders' events show."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from recovery.heard import Heard
from recovery.playbook import ChallengeRule
from recovery.records import History, Order
from recovery.words import OrderEventKind

ARRIVED = (OrderEventKind.DELIVERED, OrderEventKind.RETURN_RECEIVED)
OVERDUE = "overdue"
DELIVERED_LATELY = "delivered_lately"
LATELY = timedelta(days=60)
SHOWN = 4


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


def _named(order: Order, heard: Heard) -> bool:
    """Whether the message names something in the order, by a word that tells (four letters or more)."""
    told = {w for w in heard.words if len(w) >= 4}
    names = {w for i in order.items for w in re.findall(r"[a-z]{4,}", i.name.lower())}
    return bool(told & names)


def find_order(rule: ChallengeRule, heard: Heard, history: History, now: datetime) -> OrderFinding:
    """Find the order of a problem among the customer's own."""
    choice = heard.choice.removeprefix("order:") if heard.choice.startswith("order:") else None
    numbers = (choice,) if choice else heard.values("order_number")
    for number in numbers:
        if order := history.order(number):
            return OrderFinding(order)
    fitting = [o for o in history.orders if not rule.order_kinds or o.kind in rule.order_kinds]
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
