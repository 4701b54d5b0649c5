"""A small company, and what is written about it, for the contract that every CRM adapter keeps."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from casework.crm import NewCase, NewGrant, NewInteraction
from crm_adapter.company import ChannelLink, Company
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
from recovery.words import (
    CaseStatus,
    ChallengeType,
    OrderEventKind,
    Remedy,
    Role,
    Severity,
    Tier,
)

NOW = datetime(2025, 11, 20, 9, 30, tzinfo=UTC)
NOBODY = ["", "C999", "nobody", "0", "-1", "9" * 40, "a\0b", "\ud800", "'; drop table crm.cases; --"]


def days_ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


ASTA = Customer("C001", "Ásta Þórsdóttir-O’Neill", "Asta@Example.com", "+44 7700 900123", Tier.GOLD, "Wales")
BEN = Customer("C002", "Ben Ito", "ben@example.org", "07700 900456", Tier.STANDARD, "London", True, "large print")
HUNTERS = [
    Customer("C003", "Ann Hunter", "ann@example.org", "020 7946 0111", Tier.SILVER, "London"),
    Customer("C004", "Tom Hunter", "tom@example.org", "020 7946 0111", Tier.SILVER, "London"),
]
PARCEL = Order(
    "10001",
    "C001",
    "goods",
    days_ago(9),
    4_500,
    "SwiftShip",
    "Wales",
    date(2025, 11, 16),
    (OrderItem("1", "KET-1", "Kettle – 1.7 l", 1, 3_000), OrderItem("2", "MUG-4", "Mugs, set of 4", 1, 1_500)),
    (
        OrderEvent("1", "10001", OrderEventKind.PLACED, days_ago(9)),
        OrderEvent("2", "10001", OrderEventKind.PROMISED, days_ago(9), detail="16 November"),
        OrderEvent("3", "10001", OrderEventKind.COURIER_DELAY, days_ago(4), "strike", "Depot closed"),
    ),
)
PLAN = Order("10002", "C001", "plan", days_ago(40), 999, "", "Wales", None, (), ())
BENS_ORDER = Order("10003", "C002", "goods", days_ago(2), 100, "Northway", "London", None, (), ())
CALLED = Interaction("1", "C001", days_ago(3), "phone", "Asked where the parcel is 📦", "10001", None, 2)
WROTE = Interaction("2", "C001", days_ago(1), "email", "Asked again", "10001", ChallengeType.LATE_DELIVERY, 3)
OPEN = Case(
    "101",
    "C001",
    "conversation-1",
    "10001",
    ChallengeType.LATE_DELIVERY,
    Severity.MODERATE,
    CaseStatus.OPEN,
    days_ago(2),
    courier="SwiftShip",
    notes=(CaseNote(days_ago(2), "bot", "Opened"), CaseNote(days_ago(1), "Mo", "Rang the depot")),
)
CLOSED = Case(
    "102",
    "C001",
    None,
    None,
    ChallengeType.REFUND_DELAY,
    Severity.MINOR,
    CaseStatus.CLOSED,
    days_ago(30),
    days_ago(20),
    "Refund sent",
    "refund queue",
    failed=True,
)
VOUCHER = Compensation(
    "1", "C001", "102", None, Remedy.VOUCHER, 500, days_ago(20), "bot", Role.BOT, "goodwill.small", "HP-10001"
)
STRIKE = Incident("1", "strike", "strike", "SwiftShip", "", days_ago(6), date(2025, 11, 25), "Drivers are on strike.")
COMPANY = Company(
    customers=(ASTA, BEN, *HUNTERS),
    links=(ChannelLink("telegram", "77", "C002"),),
    orders=(PARCEL, PLAN, BENS_ORDER),
    interactions=(CALLED, WROTE),
    cases=(OPEN, CLOSED),
    compensations=(VOUCHER,),
    incidents=(STRIKE,),
)
RATED_ASTA = replace(ASTA, satisfaction=2.5)


def new_case(key: str = "k1", order_id: str | None = "10001", customer_id: str | None = "C001") -> NewCase:
    return NewCase(
        key, customer_id, "conversation-9", order_id, ChallengeType.LOST_PARCEL, Severity.MAJOR, "SwiftShip", NOW
    )


def new_grant(key: str = "g1", case_id: str = "101", pence: int = 1_000) -> NewGrant:
    return NewGrant(key, "C001", case_id, "10001", Remedy.VOUCHER, pence, NOW, "bot", Role.BOT, "late.goodwill")


def new_interaction(key: str = "i1", satisfaction: int | None = None) -> NewInteraction:
    return NewInteraction(
        key, "C002", NOW, "web", "Asked for a copy", "10003", ChallengeType.BILLING_ERROR, satisfaction
    )
