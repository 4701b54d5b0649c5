"""Rows of the `crm` schema as records. A row comes from a statement of its own or, inside another row, as JSON."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from crm_adapter.keys import reference
from recovery.records import (
    Case,
    CaseNote,
    Compensation,
    Customer,
    FollowUp,
    Incident,
    Interaction,
    Order,
    OrderEvent,
    OrderItem,
)
from recovery.words import CaseStatus, ChallengeType, FollowUpKind, OrderEventKind, Remedy, Role, Severity, Tier

Row = Mapping[Any, Any]  # a row's mapping, or an object of JSON


def customer(row: Row) -> Customer:
    rating = row["satisfaction"]
    return Customer(
        id=row["id"],
        name=row["name"],
        email=row["email"],
        phone=row["phone"],
        tier=Tier(row["tier"]),
        region=row["region"],
        vulnerable=row["vulnerable"],
        vulnerability_note=row["vulnerability_note"],
        satisfaction=None if rating is None else round(float(rating), 2),
    )


def order(row: Row) -> Order:
    return Order(
        id=row["id"],
        customer_id=row["customer_id"],
        kind=row["kind"],
        placed_at=_moment(row["placed_at"]),
        pence=row["pence"],
        courier=row["courier"],
        region=row["region"],
        promised_for=_day(row["promised_for"]),
        items=tuple(_item(item) for item in row["items"]),
        events=tuple(_event(event) for event in row["events"]),
    )


def _item(row: Row) -> OrderItem:
    return OrderItem(str(row["id"]), row["sku"], row["name"], row["quantity"], row["pence"])


def _event(row: Row) -> OrderEvent:
    return OrderEvent(
        id=str(row["id"]),
        order_id=row["order_id"],
        kind=OrderEventKind(row["kind"]),
        at=_moment(row["at"]),
        cause=row["cause"],
        detail=row["detail"],
    )


def interaction(row: Row) -> Interaction:
    return Interaction(
        id=str(row["id"]),
        customer_id=row["customer_id"],
        at=_moment(row["at"]),
        channel=row["channel"],
        summary=row["summary"],
        order_id=row["order_id"],
        challenge=ChallengeType(row["challenge"]) if row["challenge"] else None,
        satisfaction=row["satisfaction"],
    )


def case(row: Row) -> Case:
    return Case(
        id=str(row["id"]),
        customer_id=row["customer_id"],
        conversation_id=row["conversation_id"],
        order_id=row["order_id"],
        challenge=ChallengeType(row["challenge"]),
        severity=Severity(row["severity"]),
        status=CaseStatus(row["status"]),
        opened_at=_moment(row["opened_at"]),
        closed_at=None if row["closed_at"] is None else _moment(row["closed_at"]),
        outcome=row["outcome"],
        root_cause=row["root_cause"],
        courier=row["courier"],
        failed=row["failed"],
        notes=_notes(row.get("notes", ())),
    )


def _notes(rows: Iterable[Row]) -> tuple[CaseNote, ...]:
    return tuple(CaseNote(_moment(row["at"]), row["by"], row["text"]) for row in rows)


def compensation(row: Row) -> Compensation:
    return Compensation(
        id=str(row["id"]),
        customer_id=row["customer_id"],
        case_id=str(row["case_id"]),
        order_id=row["order_id"],
        remedy=Remedy(row["remedy"]),
        pence=row["pence"],
        granted_at=_moment(row["granted_at"]),
        granted_by=row["granted_by"],
        role=Role(row["role"]),
        rule=row["rule"],
        reference=reference(row["id"]),
    )


def follow_up(row: Row) -> FollowUp:
    return FollowUp(
        id=str(row["id"]),
        case_id=str(row["case_id"]),
        conversation_id=row["conversation_id"],
        kind=FollowUpKind(row["kind"]),
        due_at=_moment(row["due_at"]),
        done_at=None if row["done_at"] is None else _moment(row["done_at"]),
    )


def incident(row: Row) -> Incident:
    return Incident(
        id=str(row["id"]),
        kind=row["kind"],
        cause=row["cause"],
        courier=row["courier"],
        region=row["region"],
        started_at=_moment(row["started_at"]),
        expected_until=_day(row["expected_until"]),
        text=row["text"],
    )


def _moment(value: datetime | str) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.astimezone(UTC)


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
