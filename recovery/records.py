"""What a CRM knows, in our words. Amounts are whole pence; times are aware datetimes in UTC."""

from dataclasses import dataclass
from datetime import date, datetime

from recovery.evidence import Evidence
from recovery.words import (
    CaseStatus,
    ChallengeType,
    EvidenceKind,
    FollowUpKind,
    OrderEventKind,
    Remedy,
    Role,
    Severity,
    Tier,
)


@dataclass(frozen=True, slots=True)
class Customer:
    """A person the company serves. `satisfaction` is the mean of past ratings (1 to 5), if any."""

    id: str
    name: str
    email: str
    phone: str
    tier: Tier
    region: str
    vulnerable: bool = False
    vulnerability_note: str = ""
    satisfaction: float | None = None

    @property
    def first_name(self) -> str:
        return self.name.split()[0] if self.name.strip() else ""


@dataclass(frozen=True, slots=True)
class OrderItem:
    """One line of an order."""

    id: str
    sku: str
    name: str
    quantity: int
    pence: int


@dataclass(frozen=True, slots=True)
class OrderEvent:
    """One thing that happened to an order. `cause` is a word the playbook can explain (strike, weather, …)."""

    id: str
    order_id: str
    kind: OrderEventKind
    at: datetime
    cause: str = ""
    detail: str = ""

    @property
    def evidence(self) -> Evidence:
        return Evidence(EvidenceKind.ORDER_EVENT, self.id)


@dataclass(frozen=True, slots=True)
class Order:
    """Goods, a plan, a booking or a service that a customer pays for. `events` are oldest first."""

    id: str
    customer_id: str
    kind: str
    placed_at: datetime
    pence: int
    courier: str
    region: str
    promised_for: date | None
    items: tuple[OrderItem, ...]
    events: tuple[OrderEvent, ...]

    def last(self, *kinds: OrderEventKind) -> OrderEvent | None:
        """The latest event of one of these kinds."""
        return next((e for e in reversed(self.events) if e.kind in kinds), None)

    @property
    def lost(self) -> OrderEvent | None:
        """When the courier said that it is lost, unless it came after all."""
        last = self.last(OrderEventKind.LOST, OrderEventKind.DELIVERED)
        return last if last is not None and last.kind is OrderEventKind.LOST else None

    @property
    def title(self) -> str:
        """What the customer would call it."""
        first = self.items[0].name if self.items else self.kind
        more = len(self.items) - 1
        return f"{first} and {more} more" if more > 0 else first


@dataclass(frozen=True, slots=True)
class Interaction:
    """One past exchange of the customer with the company, on any channel."""

    id: str
    customer_id: str
    at: datetime
    channel: str
    summary: str
    order_id: str | None = None
    challenge: ChallengeType | None = None
    satisfaction: int | None = None

    @property
    def evidence(self) -> Evidence:
        return Evidence(EvidenceKind.INTERACTION, self.id)


@dataclass(frozen=True, slots=True)
class CaseNote:
    """One line in a case's own log."""

    at: datetime
    by: str
    text: str


WITHDRAWN = "withdrawn"  # the outcome of a case that turned out not to be one


@dataclass(frozen=True, slots=True)
class Case:
    """One problem of one customer, from report to closure. A stranger's case has no customer yet."""

    id: str
    customer_id: str | None
    conversation_id: str | None
    order_id: str | None
    challenge: ChallengeType
    severity: Severity
    status: CaseStatus
    opened_at: datetime
    closed_at: datetime | None = None
    outcome: str = ""
    root_cause: str = ""
    courier: str = ""
    failed: bool = False
    notes: tuple[CaseNote, ...] = ()

    @property
    def evidence(self) -> Evidence:
        return Evidence(EvidenceKind.CASE, self.id)

    @property
    def is_open(self) -> bool:
        return self.status.is_open


@dataclass(frozen=True, slots=True)
class Compensation:
    """What was given, once, under one idempotency key. `pence` is 0 for remedies without money."""

    id: str
    customer_id: str
    case_id: str
    order_id: str | None
    remedy: Remedy
    pence: int
    granted_at: datetime
    granted_by: str
    role: Role
    rule: str
    reference: str

    @property
    def evidence(self) -> Evidence:
        return Evidence(EvidenceKind.COMPENSATION, self.id)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A promise to come back, due at a time, in one conversation."""

    id: str
    case_id: str
    conversation_id: str
    kind: FollowUpKind
    due_at: datetime
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that hits many customers at once, such as a courier strike in one region."""

    id: str
    kind: str
    cause: str
    courier: str
    region: str
    started_at: datetime
    expected_until: date | None
    text: str

    def touches(self, order: Order) -> bool:
        same_courier = not self.courier or self.courier == order.courier
        return same_courier and (not self.region or self.region == order.region)


@dataclass(frozen=True, slots=True)
class History:
    """All that the CRM tells about one verified customer, newest first, as one reading."""

    customer: Customer
    orders: tuple[Order, ...] = ()
    interactions: tuple[Interaction, ...] = ()
    cases: tuple[Case, ...] = ()
    compensations: tuple[Compensation, ...] = ()
    incidents: tuple[Incident, ...] = ()

    def order(self, order_id: str | None) -> Order | None:
        return next((o for o in self.orders if o.id == order_id), None)

    @property
    def evidence(self) -> frozenset[Evidence]:
        """Everything in it that a reason may cite."""
        return frozenset(
            [
                *(i.evidence for i in self.interactions),
                *(c.evidence for c in self.cases),
                *(c.evidence for c in self.compensations),
                *(e.evidence for o in self.orders for e in o.events),
            ]
        )
