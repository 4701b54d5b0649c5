"""A company's past, written entry by entry in days ago; `Book.company` numbers the entries and makes the records.

Ages count back from the midnight that begins today, so nothing in a book lies in the future.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from datetime import date as Date  # noqa: N812 - `date` would hide behind the fields of the same name
from typing import Any

from crm_adapter.catalogue import BOOKING, BY_NAME, GOODS, PLAN, SERVICE
from crm_adapter.company import Company
from crm_adapter.keys import reference
from recovery.records import (
    Case,
    CaseNote,
    Compensation,
    Customer,
    Incident,
    Interaction,
    Order,
    OrderEvent,
    OrderItem,
)
from recovery.words import CaseStatus, ChallengeType, OrderEventKind, Remedy, Role, Severity

FIRST_ORDER, FIRST_CASE = 10_001, 101
AGENTS = ("Priya Shah", "Tom Ellis", "Grace Okafor", "Callum Reid")

Happening = tuple[OrderEventKind, float, str, str]  # what, days ago, cause, detail


@dataclass(frozen=True, slots=True)
class Given:
    """A compensation to write beside a case."""

    remedy: Remedy
    pence: int
    days_ago: float
    by: str = AGENTS[0]


@dataclass
class Book:
    """What has been written so far. Entries refer to customers by record and to orders by their number."""

    today: Date
    customers: list[Customer] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    interactions: list[Interaction] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    given: list[tuple[int, Compensation]] = field(default_factory=list)  # with the case's place in `cases`
    incidents: list[Incident] = field(default_factory=list)

    def moment(self, days_ago: float) -> datetime:
        """This many days before today began, to the minute."""
        midnight = datetime.combine(self.today, time(), UTC)
        return midnight - timedelta(minutes=round(max(days_ago, 0) * 24 * 60))

    def in_hours(self, days_ago: float) -> datetime:
        """The same day and the same sequence, but within the hours in which people answer (9 to 19.30)."""
        day, rest = divmod(max(days_ago, 0), 1)
        return self.moment(day + 0.19 + rest * 0.435)

    def day(self, days_ago: float) -> Date:
        return self.today - timedelta(days=round(days_ago))

    def order(
        self,
        customer: Customer,
        lines: Sequence[str],
        *,
        number: int,
        placed: float,
        due: float | None = None,
        delivered: float | None = None,
        courier: str = "",
        then: Iterable[Happening] = (),
    ) -> Order:
        """An order with the events that every order of its kind has, and what happened `then`.

        `due` and `delivered` may lie ahead (negative): what lies ahead has no event yet.
        """
        products = [BY_NAME[line] for line in lines]
        kind, order_id = products[0].kind, str(number)
        happened = [*_usual(kind, placed, due, delivered), *then]
        events = (
            OrderEvent("", order_id, what, self.moment(ago), cause, detail)
            for what, ago, cause, detail in sorted(happened, key=lambda h: -h[1])
            if ago >= 0
        )
        order = Order(
            id=order_id,
            customer_id=customer.id,
            kind=kind,
            placed_at=self.moment(placed),
            pence=sum(product.pence for product in products),
            courier=courier,
            region=customer.region,
            promised_for=None if due is None else self.day(due),
            items=tuple(OrderItem("", p.sku, p.name, 1, p.pence) for p in products),
            events=tuple(events),
        )
        self.orders.append(order)
        return order

    def say(
        self,
        customer: Customer,
        days_ago: float,
        channel: str,
        summary: str,
        *,
        order: Order | None = None,
        challenge: ChallengeType | None = None,
        satisfaction: int | None = None,
    ) -> None:
        """An interaction."""
        at, order_id = self.in_hours(days_ago), order.id if order else None
        said = Interaction("", customer.id, at, channel, summary, order_id, challenge, satisfaction)
        self.interactions.append(said)

    def case(
        self,
        customer: Customer,
        order: Order | None,
        challenge: ChallengeType,
        severity: Severity,
        *,
        opened: float,
        closed: float | None = None,
        status: CaseStatus | None = None,
        outcome: str = "",
        root_cause: str = "",
        failed: bool = False,
        notes: Iterable[tuple[float, str, str]] = (),
        given: Iterable[Given] = (),
    ) -> None:
        """A case: closed when `closed` says when, else open unless `status` says otherwise."""
        case = Case(
            id="",
            customer_id=customer.id,
            conversation_id=None,
            order_id=order.id if order else None,
            challenge=challenge,
            severity=severity,
            status=status or (CaseStatus.OPEN if closed is None else CaseStatus.CLOSED),
            opened_at=self.in_hours(opened),
            closed_at=None if closed is None else self.in_hours(closed),
            outcome=outcome,
            root_cause=root_cause,
            courier=order.courier if order else "",
            failed=failed,
            notes=tuple(CaseNote(self.in_hours(ago), by, text) for ago, by, text in notes),
        )
        self.cases.append(case)
        self.given += [(len(self.cases) - 1, self._compensation(case, one)) for one in given]

    def _compensation(self, case: Case, given: Given) -> Compensation:
        return Compensation(
            id="",
            customer_id=case.customer_id or "",
            case_id="",
            order_id=case.order_id,
            remedy=given.remedy,
            pence=given.pence,
            granted_at=self.in_hours(given.days_ago),
            granted_by=given.by,
            role=Role.BOT if given.by == "bot" else Role.AGENT,
            rule=f"{case.challenge}.{given.remedy}",
            reference="",
        )

    def company(self) -> Company:
        """The records, each kind numbered by time."""
        places = sorted(range(len(self.cases)), key=lambda place: self.cases[place].opened_at)
        case_ids = {place: str(FIRST_CASE + n) for n, place in enumerate(places)}
        given = [replace(one, case_id=case_ids[place]) for place, one in self.given]
        return Company(
            customers=tuple(self.customers),
            orders=_numbered_orders(self.orders),
            interactions=tuple(_numbered(self.interactions, lambda i: i.at)),
            cases=tuple(replace(self.cases[place], id=case_ids[place]) for place in places),
            compensations=tuple(
                replace(one, reference=reference(int(one.id))) for one in _numbered(given, lambda one: one.granted_at)
            ),
            incidents=tuple(_numbered(self.incidents, lambda i: i.started_at)),
        )


def _usual(kind: str, placed: float, due: float | None, delivered: float | None) -> Iterable[Happening]:
    """What happens to every order of a kind."""
    minute = 1 / (24 * 60)
    yield OrderEventKind.PLACED, placed, "", ""
    yield OrderEventKind.PAYMENT_TAKEN, placed - minute, "", ""
    if due is not None:
        yield OrderEventKind.PROMISED, placed - 2 * minute, "", ""
    if kind == GOODS and due is not None:
        # Packed in the evening and dispatched in the night, when the order leaves time for it.
        yield OrderEventKind.PACKED, placed - min(0.5, (placed - due) / 4), "", ""
        yield OrderEventKind.DISPATCHED, placed - min(1.2, (placed - due) / 2), "", ""
    if kind in (SERVICE, BOOKING):
        yield OrderEventKind.APPOINTMENT_BOOKED, placed - 5 * minute, "", ""
    if delivered is not None:
        detail = "" if kind == GOODS else "Started" if kind == PLAN else "Done as booked"
        yield OrderEventKind.DELIVERED, delivered, "", detail


def _numbered[T](records: Iterable[T], when: Callable[[T], datetime]) -> Iterable[T]:
    for number, record in enumerate(sorted(records, key=when), start=1):
        numbered: Any = replace(record, id=str(number))  # type: ignore[type-var]  # all are dataclasses
        yield numbered


def _numbered_orders(orders: Iterable[Order]) -> tuple[Order, ...]:
    """Orders by number; items and events get theirs, the events by time over all orders."""
    ordered = sorted(orders, key=lambda order: int(order.id))
    events = _numbered((event for order in ordered for event in order.events), lambda event: event.at)
    of_order: dict[str, list[OrderEvent]] = {order.id: [] for order in ordered}
    for event in events:
        of_order[event.order_id].append(event)
    items = iter(range(1, sum(len(order.items) for order in ordered) + 1))
    return tuple(
        replace(
            order,
            items=tuple(replace(item, id=str(next(items))) for item in order.items),
            events=tuple(of_order[order.id]),
        )
        for order in ordered
    )
