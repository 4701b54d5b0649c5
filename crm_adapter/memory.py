"""The CRM in memory, for tests: what it is told stays until it is gone. No method waits, so each is one step."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from casework.crm import CaseChange, NewCase, NewFollowUp, NewGrant, NewInteraction
from casework.errors import Conflict, NotFound, Refused
from crm_adapter.company import Company
from crm_adapter.keys import email_key, number, phone_key, reference
from recovery.price import PRICE_BACK, money_fits
from recovery.records import (
    Case,
    CaseNote,
    Compensation,
    Customer,
    FollowUp,
    History,
    Incident,
    Interaction,
    Order,
)
from recovery.words import CaseStatus, Remedy

AT_MOST = 50  # of each kind, in a history
FIRST_CASE = 101


class MemoryCrm:
    """Implements casework.crm.Crm."""

    def __init__(self, company: Company | None = None) -> None:
        company = company or Company()
        self._customers = {c.id: c for c in company.customers}
        self._links = {(link.channel, link.channel_user): link.customer_id for link in company.links}
        self._orders = {o.id: o for o in company.orders}
        self._interactions = {i.id: i for i in company.interactions}
        self._cases = {c.id: c for c in company.cases}
        self._compensations = {c.id: c for c in company.compensations}
        self._incidents = company.incidents
        self._follow_ups: dict[str, FollowUp] = {}
        self._made: dict[tuple[str, str], str] = {}  # (kind, key) to the id that it made
        self._revoked: set[str] = set()
        self._noted: set[tuple[str, str]] = set()

    async def customer(self, customer_id: str) -> Customer:
        return self._rated(_present(self._customers, customer_id, "customer"))

    async def find_by_email(self, email: str) -> Customer | None:
        return self._only(lambda c: email_key(c.email) == email_key(email))

    def email_key(self, email: str) -> str:
        return email_key(email)

    async def find_by_phone(self, phone: str) -> Customer | None:
        return self._only(lambda c: phone_key(c.phone) == phone_key(phone))

    async def find_by_channel(self, channel: str, channel_user: str) -> Customer | None:
        return self._only(lambda c: c.id == self._links.get((channel, channel_user)))

    async def link_channel(self, customer_id: str, channel: str, channel_user: str) -> None:
        _present(self._customers, customer_id, "customer")
        if self._links.setdefault((channel, channel_user), customer_id) != customer_id:
            raise Conflict("This user of the channel is linked to another customer.")

    async def find_by_order(self, order_id: str) -> Customer | None:
        order = self._orders.get(order_id)
        return None if order is None else self._only(lambda c: c.id == order.customer_id)

    async def order(self, order_id: str) -> Order:
        return _present(self._orders, order_id, "order")

    async def orders(self, customer_id: str, limit: int = 10) -> Sequence[Order]:
        return _newest(self._orders.values(), customer_id, lambda o: o.placed_at, limit)

    async def timeline(self, customer_id: str, limit: int = 50) -> Sequence[Interaction]:
        return _newest(self._interactions.values(), customer_id, lambda i: i.at, limit)

    async def cases(self, customer_id: str, limit: int = 50) -> Sequence[Case]:
        newest = _newest(self._cases.values(), customer_id, lambda c: c.opened_at, limit)
        return [replace(case, notes=()) for case in newest]

    async def compensations(self, customer_id: str, limit: int = 50) -> Sequence[Compensation]:
        still = [c for c in self._compensations.values() if c.id not in self._revoked]
        return _newest(still, customer_id, lambda c: c.granted_at, limit)

    async def history(self, customer_id: str) -> History:
        return History(
            customer=await self.customer(customer_id),
            orders=tuple(await self.orders(customer_id, AT_MOST)),
            interactions=tuple(await self.timeline(customer_id, AT_MOST)),
            cases=tuple(await self.cases(customer_id, AT_MOST)),
            compensations=tuple(await self.compensations(customer_id, AT_MOST)),
            incidents=tuple(await self.incidents()),
        )

    async def incidents(self) -> Sequence[Incident]:
        return sorted(self._incidents, key=lambda i: (i.started_at, number(i.id)), reverse=True)

    async def case(self, case_id: str) -> Case:
        return _present(self._cases, case_id, "case")

    async def open_case(self, new: NewCase) -> Case:
        if made := self._made.get(("case", new.key)):
            return self._cases[made]
        self._require(new.customer_id, new.order_id)
        if new.customer_id is not None and new.order_id is not None:
            about = (new.customer_id, new.order_id, new.challenge)
            known = (c for c in self._cases.values() if (c.customer_id, c.order_id, c.challenge) == about)
            if alike := next((c for c in known if c.is_open), None):
                return alike
        case = Case(
            id=self._next(self._cases, FIRST_CASE, "case", new.key),
            status=CaseStatus.OPEN,
            **_all_but_key(new),
        )
        return self._cases.setdefault(case.id, case)

    async def note_case(self, case_id: str, by: str, text: str, at: datetime, key: str) -> None:
        case = _present(self._cases, case_id, "case")
        if (case_id, key) not in self._noted:
            self._noted.add((case_id, key))
            notes = sorted([*case.notes, CaseNote(at, by, text)], key=lambda note: note.at)
            self._cases[case_id] = replace(case, notes=tuple(notes))

    async def update_case(self, case_id: str, change: CaseChange, at: datetime) -> Case:
        case = self._unclosed(case_id)
        self._require(change.customer_id, change.order_id)
        given = {f.name: getattr(change, f.name) for f in fields(change)}
        changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        if change.status == CaseStatus.CLOSED:
            changes["closed_at"] = at
        self._cases[case_id] = replace(case, **changes)
        return self._cases[case_id]

    async def close_case(self, case_id: str, outcome: str, root_cause: str, at: datetime) -> Case:
        case = _present(self._cases, case_id, "case")
        if case.status != CaseStatus.CLOSED:
            change = CaseChange(status=CaseStatus.CLOSED, outcome=outcome, root_cause=root_cause)
            case = await self.update_case(case_id, change, at)
        return case

    async def grant(self, new: NewGrant) -> Compensation:
        _present(self._cases, new.case_id, "case")
        made = self._made.get(("grant", new.key))
        given = self._compensations[made] if made else self._give(new)
        content = _all_but_key(new) | {"granted_at": given.granted_at}
        if any(getattr(given, name) != value for name, value in content.items()):
            raise Conflict("This key has granted something else.")
        if given.id in self._revoked:
            raise Conflict("What this key has granted was taken back.")
        return given

    async def revoke(self, compensation_id: str, customer_id: str, at: datetime) -> Compensation:
        theirs = {c.id: c for c in self._compensations.values() if c.customer_id == customer_id}
        given = _present(theirs, compensation_id, "compensation")
        if given.id not in self._revoked:
            self._unclosed(given.case_id)
            self._revoked.add(given.id)
            for follow_up in list(self._follow_ups.values()):
                if follow_up.case_id == given.case_id:
                    await self.complete_follow_up(follow_up.id, at)
        return given

    def _give(self, new: NewGrant) -> Compensation:
        reward = new.remedy is Remedy.LOYALTY_REWARD  # which follows a recovery that held
        case = self._cases[new.case_id] if reward else self._unclosed(new.case_id)
        if case.customer_id not in (None, new.customer_id):
            raise Refused(f"Case {new.case_id} is another customer's.")
        if new.pence < 0:
            raise Refused("Compensation takes nothing.")
        self._require(new.customer_id, new.order_id)
        self._within_price(new)
        given_id = self._next(self._compensations, 1, "grant", new.key)
        given = Compensation(id=given_id, reference=reference(int(given_id)), **_all_but_key(new))
        return self._compensations.setdefault(given_id, given)

    def _within_price(self, new: NewGrant) -> None:
        if (order := self._orders.get(new.order_id or "")) is None:
            return
        given = (c for c in self._compensations.values() if c.order_id == order.id and c.id not in self._revoked)
        back = sum(c.pence for c in given if c.remedy in PRICE_BACK)
        if not money_fits((new.remedy, new.pence), order.kind, order.pence, back):
            raise Conflict(f"No more than its price goes back for order {order.id}.")

    async def follow_up(self, new: NewFollowUp) -> FollowUp:
        _present(self._cases, new.case_id, "case")
        if made := self._made.get(("follow-up", new.key)):
            return self._follow_ups[made]
        follow_up = FollowUp(id=self._next(self._follow_ups, 1, "follow-up", new.key), **_all_but_key(new))
        return self._follow_ups.setdefault(follow_up.id, follow_up)

    async def due_follow_ups(self, now: datetime, limit: int = 20) -> Sequence[FollowUp]:
        due = [f for f in self._follow_ups.values() if f.done_at is None and f.due_at <= now]
        return sorted(due, key=lambda f: (f.due_at, number(f.id)))[:limit]

    async def complete_follow_up(self, follow_up_id: str, at: datetime) -> bool:
        follow_up = self._follow_ups.get(follow_up_id)
        if follow_up is None or follow_up.done_at is not None:
            return False
        self._follow_ups[follow_up_id] = replace(follow_up, done_at=at)
        return True

    async def add_interaction(self, new: NewInteraction) -> Interaction:
        if made := self._made.get(("interaction", new.key)):
            return self._interactions[made]
        self._require(new.customer_id, new.order_id)
        if new.satisfaction not in (None, 1, 2, 3, 4, 5):
            raise Refused("Satisfaction is 1 to 5.")
        made = self._next(self._interactions, 1, "interaction", new.key)
        return self._interactions.setdefault(made, Interaction(id=made, **_all_but_key(new)))

    async def ping(self) -> None:
        return None

    def _only(self, wanted: Callable[[Customer], bool]) -> Customer | None:
        """The one customer: two who share a number are nobody in particular."""
        found = [c for c in self._customers.values() if wanted(c)]
        return self._rated(found[0]) if len(found) == 1 else None

    def _rated(self, customer: Customer) -> Customer:
        theirs = (i for i in self._interactions.values() if i.customer_id == customer.id)
        ratings = [i.satisfaction for i in theirs if i.satisfaction is not None]
        mean = round(sum(ratings) / len(ratings), 2) if ratings else None
        return replace(customer, satisfaction=mean)

    def _unclosed(self, case_id: str) -> Case:
        case = _present(self._cases, case_id, "case")
        if case.status == CaseStatus.CLOSED:
            raise Refused(f"Case {case_id} is closed.")
        return case

    def _require(self, customer_id: str | None, order_id: str | None) -> None:
        if customer_id is not None:
            _present(self._customers, customer_id, "customer")
        if order_id is not None:
            _present(self._orders, order_id, "order")

    def _next(self, records: Iterable[str], first: int, kind: str, key: str) -> str:
        made = str(max([first - 1, *(int(record_id) for record_id in records)]) + 1)
        self._made[(kind, key)] = made
        return made


def _all_but_key(new: Any) -> dict[str, Any]:
    return {f.name: getattr(new, f.name) for f in fields(new) if f.name != "key"}


def _present[T](records: dict[str, T], record_id: str, what: str) -> T:
    if record_id not in records:
        raise NotFound(f"There is no {what} {record_id}.")
    return records[record_id]


def _newest[T: (Order, Interaction, Case, Compensation)](
    records: Iterable[T], customer_id: str, when: Callable[[T], datetime], limit: int
) -> list[T]:
    theirs = (record for record in records if record.customer_id == customer_id)
    return sorted(theirs, key=lambda r: (when(r), r.id.zfill(18)), reverse=True)[:limit]
