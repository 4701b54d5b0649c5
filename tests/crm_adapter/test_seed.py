"""The demo company is big enough, plausible, the same every time, and its named customers show what they say."""

import asyncio
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from casework.crm import NewCase
from crm_adapter.catalogue import CATALOGUE
from crm_adapter.company import Company
from crm_adapter.memory import MemoryCrm
from crm_adapter.seed import DEMO_CUSTOMERS, SeedCounts, demo_company, seed
from crm_adapter.sql import SqlCrm
from recovery.orders import days_late, is_overdue
from recovery.records import History, Order
from recovery.words import CaseStatus, ChallengeType, OrderEventKind, Remedy, Severity, Tier

TODAY = date(2025, 11, 20)
NOW = datetime(2025, 11, 20, 9, 30, tzinfo=UTC)
E, C = OrderEventKind, ChallengeType
COURIERS = {"SwiftShip", "Northway", "ParcelBee"}
CAUSES = {
    "strike",
    "weather",
    "depot_backlog",
    "misrouted",
    "lost_in_transit",
    "packing_error",
    "picking_error",
    "stock_error",
    "transit_damage",
    "batch_fault",
    "listing_error",
    "refund_queue",
    "duplicate_charge",
    "renewal_error",
    "cancellation_missed",
    "collection_missed",
    "lockout",
    "network_fault",
    "technician_ill",
    "technician_overrun",
}


@pytest.fixture(scope="module")
def company() -> Company:
    return demo_company(TODAY)


async def history(company: Company, customer_id: str) -> History:
    return await MemoryCrm(company).history(customer_id)


def with_event(history: History, *kinds: OrderEventKind) -> list[Order]:
    return [order for order in history.orders if order.last(*kinds)]


class TestTheCompany:
    def test_it_has_the_size_that_was_asked_for(self, company: Company) -> None:
        assert (len(company.customers), len(company.orders), len(company.interactions)) == (300, 1_500, 2_000)
        assert 225 <= len(company.cases) <= 275
        assert 108 <= len(company.compensations) <= 132
        assert len(company.incidents) == 1

    def test_its_customers_are_in_three_tiers(self, company: Company) -> None:
        tiers = Counter(customer.tier for customer in company.customers)
        assert tiers == {Tier.STANDARD: 210, Tier.SILVER: 60, Tier.GOLD: 30}

    def test_it_is_the_same_every_time(self, company: Company) -> None:
        assert demo_company(TODAY) == company

    def test_it_moves_with_the_day_and_keeps_its_numbers(self, company: Company) -> None:
        later = demo_company(TODAY + timedelta(days=40))
        moved = [order.placed_at + timedelta(days=40) for order in company.orders]
        assert [order.placed_at for order in later.orders] == moved
        assert [(c.id, c.order_id, c.challenge) for c in later.cases] == [
            (c.id, c.order_id, c.challenge) for c in company.cases
        ]

    def test_nothing_lies_in_the_future(self, company: Company) -> None:
        today = datetime(2025, 11, 20, tzinfo=UTC)
        moments = [
            *(event.at for order in company.orders for event in order.events),
            *(said.at for said in company.interactions),
            *(moment for case in company.cases for moment in (case.opened_at, case.closed_at) if moment),
            *(note.at for case in company.cases for note in case.notes),
            *(given.granted_at for given in company.compensations),
        ]
        assert max(moments) <= today

    def test_nobody_real_can_be_reached(self, company: Company) -> None:
        for customer in company.customers:
            assert customer.email.endswith(("@example.com", "@example.org"))
            assert re.fullmatch(r"07700 900\d{3}", customer.phone)

    def test_emails_and_phones_are_one_persons_each(self, company: Company) -> None:
        assert len({customer.email for customer in company.customers}) == 300
        assert len({customer.phone for customer in company.customers}) == 300

    def test_every_number_is_given_once_and_without_gaps(self, company: Company) -> None:
        assert [order.id for order in company.orders] == [str(n) for n in range(10_001, 11_501)]
        assert [case.id for case in company.cases] == [str(101 + n) for n in range(len(company.cases))]
        for records in (company.interactions, company.compensations):
            assert [record.id for record in records] == [str(n) for n in range(1, len(records) + 1)]
        events = sorted(int(event.id) for order in company.orders for event in order.events)
        assert events == list(range(1, len(events) + 1))

    def test_events_of_an_order_are_oldest_first(self, company: Company) -> None:
        for order in company.orders:
            assert list(order.events) == sorted(order.events, key=lambda event: (event.at, int(event.id)))
            assert order.events[0].kind is E.PLACED

    def test_orders_cost_what_their_items_cost(self, company: Company) -> None:
        prices = {product.name: product.pence for product in CATALOGUE}
        for order in company.orders:
            assert order.pence == sum(prices[item.name] for item in order.items)

    def test_goods_come_with_a_courier_and_nothing_else_does(self, company: Company) -> None:
        for order in company.orders:
            assert order.courier in (COURIERS if order.kind == "goods" else {""})

    def test_every_cause_occurs_and_no_other(self, company: Company) -> None:
        causes = {event.cause for order in company.orders for event in order.events}
        assert causes - {""} == CAUSES

    def test_every_challenge_type_has_had_a_case(self, company: Company) -> None:
        assert {case.challenge for case in company.cases} == set(ChallengeType)

    def test_cases_are_open_and_closed_failed_and_without_compensation(self, company: Company) -> None:
        statuses = Counter(case.status for case in company.cases)
        assert statuses[CaseStatus.OPEN] >= 8
        assert statuses[CaseStatus.ESCALATED] >= 3
        compensated = {given.case_id for given in company.compensations}
        assert sum(not case.is_open and case.id not in compensated for case in company.cases) >= 50
        assert sum(case.failed for case in company.cases) >= 10

    def test_some_problems_come_back_after_they_were_resolved(self, company: Company) -> None:
        problems = Counter((case.order_id, case.challenge) for case in company.cases)
        assert sum(n > 1 for n in problems.values()) >= 10

    def test_compensation_goes_to_the_customer_of_its_case_after_the_case_was_opened(self, company: Company) -> None:
        cases = {case.id: case for case in company.cases}
        for given in company.compensations:
            case = cases[given.case_id]
            assert (given.customer_id, given.order_id) == (case.customer_id, case.order_id)
            assert given.granted_at >= case.opened_at

    def test_whoever_is_vulnerable_once_told_us_of_a_support_need(self, company: Company) -> None:
        told = {said.customer_id for said in company.interactions if "support need" in said.summary}
        assert told == {customer.id for customer in company.customers if customer.vulnerable}
        assert len(told) == 18

    def test_the_strike_holds_up_parcels_in_its_region(self, company: Company) -> None:
        (strike,) = company.incidents
        assert strike.started_at.date() == TODAY - timedelta(days=6)
        assert strike.expected_until is not None
        assert strike.expected_until > TODAY
        held_up = [o for o in company.orders if strike.touches(o) and is_overdue(o, NOW)]
        assert len(held_up) >= 5
        assert all(o.last(E.COURIER_DELAY) for o in held_up)

    def test_summaries_are_varied(self, company: Company) -> None:
        assert len({said.summary for said in company.interactions}) > 400
        assert {said.channel for said in company.interactions} == {"phone", "email", "web", "telegram", "store"}

    def test_the_lookup_table_of_the_nlu_names_what_is_sold(self) -> None:
        lookup = Path(__file__).parents[2] / "data" / "lookup" / "products.txt"
        assert lookup.read_text(encoding="utf-8").splitlines() == [product.name for product in CATALOGUE]


SHOWN = {  # for each challenge type that events can bear out: who shows it, and by which event
    C.LATE_DELIVERY: ("C001", E.COURIER_DELAY),
    C.LOST_PARCEL: ("C002", E.LOST),
    C.DAMAGED_ITEM: ("C003", E.DAMAGE_RECORDED),
    C.WRONG_ITEM: ("C004", E.PICK_ERROR),
    C.MISSING_ITEM: ("C005", E.STOCK_SHORT),
    C.FAULTY_PRODUCT: ("C006", E.BATCH_FAULT),
    C.NOT_AS_DESCRIBED: ("C007", E.LISTING_CORRECTED),
    C.REFUND_DELAY: ("C008", E.REFUND_APPROVED),
    C.BILLING_ERROR: ("C009", E.DUPLICATE_PAYMENT),
    C.SUBSCRIPTION_PROBLEM: ("C010", E.PLAN_RENEWED),
    C.CANCELLATION_PROBLEM: ("C011", E.CANCELLATION_MISSED),
    C.RETURN_PROBLEM: ("C012", E.COLLECTION_MISSED),
    C.ACCOUNT_ACCESS: ("C013", E.ACCOUNT_LOCKED),
    C.SERVICE_OUTAGE: ("C014", E.SERVICE_DOWN),
    C.MISSED_APPOINTMENT: ("C015", E.APPOINTMENT_MISSED),
    C.SAFETY_INCIDENT: ("C018", E.BATCH_FAULT),
}
SAID = {C.STAFF_CONDUCT: ("C016", "talked down to"), C.PRIVACY_SECURITY: ("C017", "somebody else's address")}


class TestTheNamedCustomers:
    def test_they_are_the_first_and_each_says_what_they_show(self, company: Company) -> None:
        assert [demo.customer for demo in DEMO_CUSTOMERS] == list(company.customers[: len(DEMO_CUSTOMERS)])
        assert all(demo.shows for demo in DEMO_CUSTOMERS)

    def test_every_challenge_type_has_somebody_who_shows_it(self) -> None:
        assert set(SHOWN) | set(SAID) == set(ChallengeType)

    @pytest.mark.parametrize("challenge", SHOWN)
    async def test_an_order_bears_out_the_challenge(self, company: Company, challenge: ChallengeType) -> None:
        customer_id, kind = SHOWN[challenge]
        theirs = await history(company, customer_id)
        overdue = [order for order in theirs.orders if is_overdue(order, NOW)]
        shown = overdue if challenge is C.LATE_DELIVERY else with_event(theirs, kind)
        assert len(shown) == 1, "the order must be certain"
        assert shown[0].last(kind)

    @pytest.mark.parametrize("challenge", SAID)
    async def test_an_interaction_bears_out_the_challenge(self, company: Company, challenge: ChallengeType) -> None:
        customer_id, words = SAID[challenge]
        assert any(words in said.summary for said in (await history(company, customer_id)).interactions)

    async def test_maya_waits_in_the_strike_and_was_let_down_by_the_same_courier_before(
        self, company: Company
    ) -> None:
        maya = await history(company, "C001")
        (parcel,) = [order for order in maya.orders if is_overdue(order, NOW)]
        assert maya.incidents[0].touches(parcel)
        assert days_late(parcel, NOW) == 3
        (case,) = maya.cases
        assert (case.challenge, case.courier, case.status) == (C.LATE_DELIVERY, parcel.courier, CaseStatus.CLOSED)
        assert maya.compensations == ()

    async def test_one_refund_was_approved_twenty_days_ago_and_not_sent(self, company: Company) -> None:
        (order,) = (await history(company, "C008")).orders
        approved = order.last(E.REFUND_APPROVED)
        assert approved is not None
        assert (NOW - approved.at).days == 20
        assert order.last(E.REFUND_SENT) is None

    async def test_one_gold_customer_waits(self, company: Company) -> None:
        theirs = await history(company, "C019")
        assert theirs.customer.tier is Tier.GOLD
        assert [days_late(order, NOW) for order in theirs.orders if is_overdue(order, NOW)] == [5]

    async def test_one_vulnerable_customer_lost_a_washing_machine(self, company: Company) -> None:
        theirs = await history(company, "C020")
        assert theirs.customer.vulnerable
        assert [order.pence for order in with_event(theirs, E.LOST)] == [64_900]

    @pytest.mark.parametrize(("customer_id", "times"), [("C021", 1), ("C022", 2)])
    async def test_recoveries_failed_on_one_order_and_challenge(
        self, company: Company, customer_id: str, times: int
    ) -> None:
        theirs = await history(company, customer_id)
        assert len(theirs.cases) == times
        assert {(c.order_id, c.challenge, c.failed) for c in theirs.cases} == {
            (theirs.orders[0].id, C.FAULTY_PRODUCT, True)
        }
        assert len(theirs.compensations) == times

    async def test_one_customer_has_had_over_sixty_pounds_of_vouchers_this_year(self, company: Company) -> None:
        theirs = await history(company, "C023")
        vouchers = [g for g in theirs.compensations if g.remedy is Remedy.VOUCHER]
        assert all(NOW - voucher.granted_at < timedelta(days=365) for voucher in vouchers)
        assert sum(voucher.pence for voucher in vouchers) > 6_000
        assert len([order for order in theirs.orders if is_overdue(order, NOW)]) == 1

    async def test_one_customer_has_five_orders_all_alike(self, company: Company) -> None:
        orders = (await history(company, "C024")).orders
        assert len(orders) == 5
        assert len({order.title for order in orders}) == 1
        assert all(days_late(order, NOW) == 0 and NOW - order.placed_at < timedelta(days=60) for order in orders)

    async def test_one_customer_never_ordered(self, company: Company) -> None:
        assert (await history(company, "C025")).orders == ()

    async def test_one_customer_has_an_open_case(self, company: Company) -> None:
        assert [case.is_open for case in (await history(company, "C026")).cases] == [True]

    async def test_one_customer_has_two_problems(self, company: Company) -> None:
        theirs = await history(company, "C027")
        assert len(with_event(theirs, E.DUPLICATE_PAYMENT)) == 1
        assert len([order for order in theirs.orders if is_overdue(order, NOW)]) == 1

    async def test_one_customer_has_nothing_to_complain_about(self, company: Company) -> None:
        theirs = await history(company, "C028")
        assert not any(is_overdue(order, NOW) for order in theirs.orders)
        assert not any(event.cause for order in theirs.orders for event in order.events)


class TestSeeding:
    async def test_an_empty_database_gets_the_whole_company(
        self, engine: AsyncEngine, clean: None, company: Company
    ) -> None:
        counts = await seed(engine, TODAY)
        assert (counts.customers, counts.orders, counts.interactions) == (300, 1_500, 2_000)
        assert counts.order_events == sum(len(order.events) for order in company.orders)

    async def test_both_adapters_tell_the_same_history_of_everybody(
        self, engine: AsyncEngine, clean: None, company: Company
    ) -> None:
        await seed(engine, TODAY)
        memory, postgres = MemoryCrm(company), SqlCrm(engine)
        for customer in company.customers:
            assert await postgres.history(customer.id) == await memory.history(customer.id)

    async def test_a_company_that_is_there_stays_as_it_is(self, engine: AsyncEngine, clean: None) -> None:
        await seed(engine, TODAY)
        assert await seed(engine, TODAY) == SeedCounts()

    async def test_two_processes_that_seed_at_once_make_one_company(self, engine: AsyncEngine, clean: None) -> None:
        counts = await asyncio.gather(seed(engine, TODAY), seed(engine, TODAY))
        assert sorted(count.customers for count in counts) == [0, 300]

    async def test_a_new_case_gets_the_number_after_the_last(
        self, engine: AsyncEngine, clean: None, company: Company
    ) -> None:
        await seed(engine, TODAY)
        new = NewCase("k", "C001", "v", "10012", C.LATE_DELIVERY, Severity.MINOR, "SwiftShip", NOW)
        opened = await SqlCrm(engine).open_case(new)
        assert int(opened.id) == int(company.cases[-1].id) + 1
