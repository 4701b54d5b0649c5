"""Contingencies: what hits many customers at once, switched on by a supervisor until its horizon."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from recovery.heard import Heard
from recovery.records import History, Order
from recovery.state import Problem
from recovery.words import ChallengeType, OrderEventKind

IN_USE = timedelta(days=730)  # a product bought longer ago is hardly told of
ARRIVED = (OrderEventKind.DELIVERED, OrderEventKind.RETURN_RECEIVED)


@dataclass(frozen=True, slots=True)
class Contingency:
    """A strike, an outage, a recall. What is not named (courier, region, product, challenge) is not asked for."""

    id: str
    kind: str  # of the playbook's contingencies.yml
    text: str
    doing: str
    starts_at: datetime
    ends_at: datetime
    challenges: tuple[ChallengeType, ...] = ()
    couriers: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    products: tuple[str, ...] = ()

    def runs(self, now: datetime) -> bool:
        """It ends by itself at its horizon."""
        return self.starts_at <= now < self.ends_at

    @property
    def hits_everybody(self) -> bool:
        return not (self.couriers or self.regions or self.products)

    def explains(self, challenge: ChallengeType) -> bool:
        return not self.challenges or challenge in self.challenges

    def touches(self, order: Order) -> bool:
        """All that is named fits the order."""
        return (
            _one_of(self.couriers, order.courier)
            and _one_of(self.regions, order.region)
            and (not self.products or any(_names(self.products, i.name) for i in order.items))
        )

    def named_in(self, heard: Heard) -> bool:
        """The message itself names the product or the courier."""
        return _names((*self.products, *self.couriers), heard.text)


def _one_of(named: tuple[str, ...], value: str) -> bool:
    return not named or value.casefold() in {n.casefold() for n in named}


def _names(names: Iterable[str], text: str) -> bool:
    return any(n.casefold() in text.casefold() for n in names)


def of_problem(
    running: Iterable[Contingency],
    problem: Problem,
    order: Order | None,
    heard: Heard,
    history: History | None,
    now: datetime,
) -> Contingency | None:
    """The contingency that explains a problem: by its challenge type and its order, as far as these are known."""
    fitting = (c for c in running if c.runs(now) and c.explains(problem.challenge))
    if order is not None:
        return next((c for c in fitting if c.touches(order)), None)
    return next((c for c in fitting if c.hits_everybody or c.named_in(heard) or _hits(c, history, now)), None)


def of_customer(
    running: Iterable[Contingency], heard: Heard, history: History | None, now: datetime
) -> Contingency | None:
    """The one that a customer should hear of before they have told anything: it hits everybody, or their orders."""
    fitting = (c for c in running if c.runs(now))
    return next((c for c in fitting if c.hits_everybody or c.named_in(heard) or _hits(c, history, now)), None)


def _hits(contingency: Contingency, history: History | None, now: datetime) -> bool:
    """Whether it touches an order of the customer's: a product that they have, else goods on their way."""
    orders = history.orders if history else ()
    if contingency.products:
        return any(contingency.touches(o) and now - o.placed_at < IN_USE for o in orders)
    return any(contingency.touches(o) and o.last(*ARRIVED) is None for o in orders)


def holds_up(running: Iterable[Contingency], order: Order, now: datetime) -> Contingency | None:
    """The one that makes an order's promised day doubtful."""
    if order.promised_for is None or order.last(*ARRIVED) is not None:
        return None
    due = order.promised_for
    slow = (c for c in running if c.runs(now) and not c.products and not c.hits_everybody)
    return next((c for c in slow if c.touches(order) and due <= c.ends_at.date()), None)
