"""The port to a company's CRM. One adapter speaks one CRM's dialect; all pass tests/contract."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from recovery.records import Case, Compensation, Customer, FollowUp, History, Incident, Interaction, Order
from recovery.words import CaseStatus, ChallengeType, FollowUpKind, Remedy, Role, Severity


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case to open. The same `key` twice is one case."""

    key: str
    customer_id: str | None
    conversation_id: str
    order_id: str | None
    challenge: ChallengeType
    severity: Severity
    courier: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class CaseChange:
    """What to change in a case; None leaves a field as it is."""

    status: CaseStatus | None = None
    customer_id: str | None = None
    order_id: str | None = None
    severity: Severity | None = None
    outcome: str | None = None
    root_cause: str | None = None
    failed: bool | None = None


@dataclass(frozen=True, slots=True)
class NewGrant:
    """Compensation to grant. The same `key` twice is one compensation: the second call returns the first."""

    key: str
    customer_id: str
    case_id: str
    order_id: str | None
    remedy: Remedy
    pence: int
    granted_at: datetime
    granted_by: str
    role: Role
    rule: str


@dataclass(frozen=True, slots=True)
class NewFollowUp:
    """A follow-up to schedule. The same `key` twice is one follow-up."""

    key: str
    case_id: str
    conversation_id: str
    kind: FollowUpKind
    due_at: datetime


@dataclass(frozen=True, slots=True)
class NewInteraction:
    """An exchange to add to the timeline. The same `key` twice is one interaction."""

    key: str
    customer_id: str
    at: datetime
    channel: str
    summary: str
    order_id: str | None = None
    challenge: ChallengeType | None = None
    satisfaction: int | None = None


class Crm(Protocol):
    """Find, read, and write once. Every method may raise Unavailable; others as said."""

    async def customer(self, customer_id: str) -> Customer:
        """One customer by id. Raises NotFound."""

    async def find_by_email(self, email: str) -> Customer | None:
        """The customer with this e-mail address, whatever its case."""

    def email_key(self, email: str) -> str:
        """The same for every way to write one address: two with one key find the same customer. Asks nobody."""

    async def find_by_phone(self, phone: str) -> Customer | None:
        """The customer with this phone number, whatever its spacing."""

    async def find_by_channel(self, channel: str, channel_user: str) -> Customer | None:
        """The customer linked to this user of this channel."""

    async def link_channel(self, customer_id: str, channel: str, channel_user: str) -> None:
        """Remember that a channel's user is this customer. Raises Conflict when linked to another."""

    async def find_by_order(self, order_id: str) -> Customer | None:
        """The owner of an order."""

    async def order(self, order_id: str) -> Order:
        """One order with its items and events. Raises NotFound."""

    async def orders(self, customer_id: str, limit: int = 10) -> Sequence[Order]:
        """The customer's latest orders with items and events, newest first."""

    async def timeline(self, customer_id: str, limit: int = 50) -> Sequence[Interaction]:
        """The customer's interactions, newest first."""

    async def cases(self, customer_id: str, limit: int = 50) -> Sequence[Case]:
        """The customer's cases without notes, newest first."""

    async def compensations(self, customer_id: str, limit: int = 50) -> Sequence[Compensation]:
        """What the customer was given and still has, newest first."""

    async def history(self, customer_id: str) -> History:
        """All of the above in one reading, with the running incidents. Raises NotFound."""

    async def incidents(self) -> Sequence[Incident]:
        """What is hitting many customers now."""

    async def case(self, case_id: str) -> Case:
        """One case with its notes. Raises NotFound."""

    async def open_case(self, new: NewCase) -> Case:
        """Open a case, or return the one of this key, or the customer's open one of this challenge and order."""

    async def note_case(self, case_id: str, by: str, text: str, at: datetime, key: str) -> None:
        """Add a note once per key. Raises NotFound."""

    async def update_case(self, case_id: str, change: CaseChange, at: datetime) -> Case:
        """Change a case. Raises NotFound; Refused when it is closed."""

    async def close_case(self, case_id: str, outcome: str, root_cause: str, at: datetime) -> Case:
        """Close a case; closing a closed one returns it unchanged. Raises NotFound."""

    async def grant(self, new: NewGrant) -> Compensation:
        """Grant once per key. Raises NotFound (case); Refused (closed case); Conflict (same key, other content).

        Conflict too where more money than its price would go back for an order: somebody has granted it meanwhile.

        A loyalty reward follows a recovery that held, so its case may be closed.
        """

    async def revoke(self, compensation_id: str, customer_id: str, at: datetime) -> Compensation:
        """Take back what was granted, once, and call off the follow-ups of its case that are still to come.

        A revoked grant is in no history any more. Revoking it again changes nothing. Raises NotFound, also
        for another customer's; Refused when its case is closed.
        """

    async def follow_up(self, new: NewFollowUp) -> FollowUp:
        """Schedule once per key. Raises NotFound (case)."""

    async def due_follow_ups(self, now: datetime, limit: int = 20) -> Sequence[FollowUp]:
        """Follow-ups that are due and not done, oldest first."""

    async def complete_follow_up(self, follow_up_id: str, at: datetime) -> bool:
        """Mark it done; True for the one caller that did it, False when it was done already."""

    async def add_interaction(self, new: NewInteraction) -> Interaction:
        """Add to the timeline once per key. Raises NotFound (customer)."""

    async def ping(self) -> None:
        """Return when the CRM answers."""
