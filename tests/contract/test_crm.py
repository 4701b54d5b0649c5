"""What every CRM adapter must do, whatever CRM it speaks to. Add an adapter by adding its name to `crm`."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from casework.crm import CaseChange, Crm, NewCase, NewFollowUp, NewGrant, NewInteraction
from casework.errors import Conflict, NotFound, Refused
from crm_adapter.company import ChannelLink, Company
from crm_adapter.loading import load
from crm_adapter.memory import MemoryCrm
from crm_adapter.sql import SqlCrm
from recovery.records import (
    Case,
    CaseNote,
    Compensation,
    Customer,
    History,
    Incident,
    Interaction,
    Order,
    OrderEvent,
    OrderItem,
)
from recovery.words import (
    CaseStatus,
    ChallengeType,
    FollowUpKind,
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


@pytest.fixture(params=["memory", "sql"])
async def crm(request: pytest.FixtureRequest, engine: AsyncEngine, clean: None) -> Crm:
    """A CRM that knows COMPANY."""
    if request.param == "memory":
        return MemoryCrm(COMPANY)
    async with engine.begin() as connection:
        await load(connection, COMPANY)
    return SqlCrm(engine)


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


class TestFindingACustomer:
    async def test_a_customer_is_found_by_id_with_the_mean_of_past_ratings(self, crm: Crm) -> None:
        assert await crm.customer("C001") == RATED_ASTA
        assert await crm.customer("C002") == BEN

    async def test_an_unknown_id_is_not_found(self, crm: Crm) -> None:
        for customer_id in NOBODY:
            with pytest.raises(NotFound):
                await crm.customer(customer_id)

    @pytest.mark.parametrize("email", ["asta@example.com", "ASTA@EXAMPLE.COM", "  Asta@Example.com\n"])
    async def test_an_email_is_found_whatever_its_case(self, crm: Crm, email: str) -> None:
        assert await crm.find_by_email(email) == RATED_ASTA
        assert crm.email_key(email) == crm.email_key(RATED_ASTA.email)

    async def test_an_unknown_email_finds_nobody(self, crm: Crm) -> None:
        for email in [*NOBODY, "%", "asta_example.com"]:
            assert await crm.find_by_email(email) is None

    @pytest.mark.parametrize(
        "phone", ["07700900123", "07700 900 123", "+447700900123", "0044 7700 900123", "+44 (0)7700-900123"]
    )
    async def test_a_phone_is_found_whatever_its_spacing(self, crm: Crm, phone: str) -> None:
        assert await crm.find_by_phone(phone) == RATED_ASTA

    async def test_an_unknown_phone_finds_nobody(self, crm: Crm) -> None:
        for phone in [*NOBODY, "+1 7700 900123", "900123", "07700 9001234"]:
            assert await crm.find_by_phone(phone) is None

    async def test_a_phone_that_two_customers_share_is_nobody_in_particular(self, crm: Crm) -> None:
        assert await crm.find_by_phone("020 7946 0111") is None

    async def test_an_order_finds_its_owner(self, crm: Crm) -> None:
        assert await crm.find_by_order("10003") == BEN

    async def test_an_unknown_order_finds_nobody(self, crm: Crm) -> None:
        for order_id in NOBODY:
            assert await crm.find_by_order(order_id) is None


class TestChannels:
    async def test_a_linked_user_of_a_channel_is_the_customer(self, crm: Crm) -> None:
        assert await crm.find_by_channel("telegram", "77") == BEN

    async def test_the_same_user_name_on_another_channel_is_nobody(self, crm: Crm) -> None:
        assert await crm.find_by_channel("web", "77") is None

    async def test_a_link_is_remembered_and_may_be_made_twice(self, crm: Crm) -> None:
        await crm.link_channel("C001", "telegram", "78")
        await crm.link_channel("C001", "telegram", "78")
        assert await crm.find_by_channel("telegram", "78") == RATED_ASTA

    async def test_a_user_who_is_linked_to_another_customer_is_a_conflict(self, crm: Crm) -> None:
        with pytest.raises(Conflict):
            await crm.link_channel("C001", "telegram", "77")
        assert await crm.find_by_channel("telegram", "77") == BEN

    async def test_of_two_customers_who_link_one_user_at_once_one_wins(self, crm: Crm) -> None:
        answers = await asyncio.gather(
            *(crm.link_channel(customer_id, "telegram", "79") for customer_id in ("C001", "C002")),
            return_exceptions=True,
        )
        assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "NoneType"]

    async def test_linking_an_unknown_customer_is_not_found(self, crm: Crm) -> None:
        with pytest.raises(NotFound):
            await crm.link_channel("C999", "telegram", "80")


class TestReading:
    async def test_an_order_comes_with_its_items_and_its_events_oldest_first(self, crm: Crm) -> None:
        assert await crm.order("10001") == PARCEL

    async def test_an_unknown_order_is_not_found(self, crm: Crm) -> None:
        for order_id in NOBODY:
            with pytest.raises(NotFound):
                await crm.order(order_id)

    async def test_orders_are_newest_first_and_as_many_as_asked_for(self, crm: Crm) -> None:
        assert list(await crm.orders("C001")) == [PARCEL, PLAN]
        assert list(await crm.orders("C001", limit=1)) == [PARCEL]

    async def test_the_timeline_is_newest_first_and_as_long_as_asked_for(self, crm: Crm) -> None:
        assert list(await crm.timeline("C001")) == [WROTE, CALLED]
        assert list(await crm.timeline("C001", limit=1)) == [WROTE]

    async def test_cases_are_newest_first_and_come_without_notes(self, crm: Crm) -> None:
        assert list(await crm.cases("C001")) == [replace(OPEN, notes=()), CLOSED]
        assert list(await crm.cases("C001", limit=1)) == [replace(OPEN, notes=())]

    async def test_a_case_comes_with_its_notes_oldest_first(self, crm: Crm) -> None:
        assert await crm.case("101") == OPEN

    async def test_an_unknown_case_is_not_found(self, crm: Crm) -> None:
        for case_id in NOBODY:
            with pytest.raises(NotFound):
                await crm.case(case_id)

    async def test_compensations_are_newest_first(self, crm: Crm) -> None:
        given = await crm.grant(new_grant())
        assert list(await crm.compensations("C001")) == [given, VOUCHER]
        assert list(await crm.compensations("C001", limit=1)) == [given]

    async def test_incidents_are_those_that_run(self, crm: Crm) -> None:
        assert list(await crm.incidents()) == [STRIKE]

    async def test_a_history_is_everything_at_once(self, crm: Crm) -> None:
        assert await crm.history("C001") == History(
            customer=RATED_ASTA,
            orders=(PARCEL, PLAN),
            interactions=(WROTE, CALLED),
            cases=(replace(OPEN, notes=()), CLOSED),
            compensations=(VOUCHER,),
            incidents=(STRIKE,),
        )

    async def test_a_history_holds_nothing_of_another_customer(self, crm: Crm) -> None:
        assert await crm.history("C002") == History(BEN, (BENS_ORDER,), incidents=(STRIKE,))

    async def test_a_customer_without_any_past_has_an_empty_history(self, crm: Crm) -> None:
        assert await crm.history("C003") == History(HUNTERS[0], incidents=(STRIKE,))

    async def test_the_history_of_an_unknown_customer_is_not_found(self, crm: Crm) -> None:
        for customer_id in NOBODY:
            with pytest.raises(NotFound):
                await crm.history(customer_id)

    async def test_the_lists_of_an_unknown_customer_are_empty(self, crm: Crm) -> None:
        for customer_id in NOBODY:
            for read in (crm.orders, crm.timeline, crm.cases, crm.compensations):
                assert list(await read(customer_id)) == []

    async def test_it_answers_a_ping(self, crm: Crm) -> None:
        await crm.ping()


class TestCases:
    async def test_a_new_case_is_open_and_gets_the_next_number(self, crm: Crm) -> None:
        case = await crm.open_case(new_case())
        assert case == Case(
            "103",
            "C001",
            "conversation-9",
            "10001",
            ChallengeType.LOST_PARCEL,
            Severity.MAJOR,
            CaseStatus.OPEN,
            NOW,
            courier="SwiftShip",
        )
        assert await crm.case("103") == case

    async def test_a_stranger_has_a_case_without_customer_and_order(self, crm: Crm) -> None:
        case = await crm.open_case(new_case(order_id=None, customer_id=None))
        assert (case.customer_id, case.order_id) == (None, None)

    async def test_the_same_key_is_the_same_case(self, crm: Crm) -> None:
        first = await crm.open_case(new_case())
        assert await crm.open_case(replace(new_case(), severity=Severity.MINOR)) == first
        assert len(await crm.cases("C001")) == 3

    async def test_ten_calls_at_once_with_one_key_open_one_case(self, crm: Crm) -> None:
        cases = await asyncio.gather(*(crm.open_case(new_case()) for _ in range(10)))
        assert len({case.id for case in cases}) == 1
        assert len(await crm.cases("C001")) == 3

    async def test_the_same_trouble_told_on_two_channels_at_once_is_one_case(self, crm: Crm) -> None:
        told = [replace(new_case(), key=f"channel-{n}", conversation_id=f"conversation-{n}") for n in range(10)]
        cases = await asyncio.gather(*map(crm.open_case, told))
        assert len({case.id for case in cases}) == 1
        assert len(await crm.cases("C001")) == 3

    async def test_once_it_is_settled_the_same_trouble_is_another_case(self, crm: Crm) -> None:
        first = await crm.open_case(new_case())
        await crm.close_case(first.id, "recovered", "", NOW)
        assert (await crm.open_case(replace(new_case(), key="again"))).id != first.id

    async def test_a_case_of_an_unknown_customer_or_order_is_not_found(self, crm: Crm) -> None:
        with pytest.raises(NotFound):
            await crm.open_case(new_case(customer_id="C999"))
        with pytest.raises(NotFound):
            await crm.open_case(new_case(order_id="99999"))

    async def test_a_note_is_added_once_for_each_key(self, crm: Crm) -> None:
        for key in ("n1", "n1", "n2"):
            await crm.note_case("101", "bot", f"Said sorry 🙏 {key}", NOW, key)
        texts = [note.text for note in (await crm.case("101")).notes]
        assert texts == ["Opened", "Rang the depot", "Said sorry 🙏 n1", "Said sorry 🙏 n2"]

    async def test_two_cases_may_have_notes_of_one_key(self, crm: Crm) -> None:
        for case_id in ("101", "102"):
            await crm.note_case(case_id, "bot", "Called back", NOW, "n1")
        assert (await crm.case("102")).notes == (CaseNote(NOW, "bot", "Called back"),)

    async def test_a_note_for_an_unknown_case_is_not_found(self, crm: Crm) -> None:
        for case_id in NOBODY:
            with pytest.raises(NotFound):
                await crm.note_case(case_id, "bot", "Hello?", NOW, "n1")

    async def test_a_change_changes_what_it_names_and_nothing_else(self, crm: Crm) -> None:
        changed = await crm.update_case("101", CaseChange(severity=Severity.CRITICAL, failed=True), NOW)
        assert changed == replace(OPEN, severity=Severity.CRITICAL, failed=True)
        assert await crm.case("101") == changed

    async def test_every_field_of_a_change_arrives(self, crm: Crm) -> None:
        change = CaseChange(
            CaseStatus.ESCALATED, "C002", "10003", Severity.MINOR, "With a person", "depot_backlog", True
        )
        assert await crm.update_case("101", change, NOW) == replace(
            OPEN,
            status=CaseStatus.ESCALATED,
            customer_id="C002",
            order_id="10003",
            severity=Severity.MINOR,
            outcome="With a person",
            root_cause="depot_backlog",
            failed=True,
        )

    async def test_an_empty_change_leaves_the_case_as_it_is(self, crm: Crm) -> None:
        assert await crm.update_case("101", CaseChange(), NOW) == OPEN

    async def test_a_change_to_closed_says_when(self, crm: Crm) -> None:
        assert (await crm.update_case("101", CaseChange(CaseStatus.CLOSED), NOW)).closed_at == NOW

    async def test_a_change_to_an_unknown_customer_is_not_found(self, crm: Crm) -> None:
        with pytest.raises(NotFound):
            await crm.update_case("101", CaseChange(customer_id="C999"), NOW)

    async def test_a_change_of_an_unknown_case_is_not_found(self, crm: Crm) -> None:
        for case_id in NOBODY:
            with pytest.raises(NotFound):
                await crm.update_case(case_id, CaseChange(failed=True), NOW)

    async def test_a_closed_case_does_not_change(self, crm: Crm) -> None:
        with pytest.raises(Refused):
            await crm.update_case("102", CaseChange(status=CaseStatus.OPEN), NOW)
        assert await crm.case("102") == CLOSED

    async def test_closing_says_when_how_and_why(self, crm: Crm) -> None:
        closed = await crm.close_case("101", "Delivered", "strike", NOW)
        assert closed == replace(
            OPEN, status=CaseStatus.CLOSED, closed_at=NOW, outcome="Delivered", root_cause="strike"
        )
        assert await crm.case("101") == closed

    async def test_closing_a_closed_case_returns_it_unchanged(self, crm: Crm) -> None:
        assert await crm.close_case("102", "Something else", "strike", NOW) == CLOSED
        assert await crm.case("102") == CLOSED

    async def test_closing_an_unknown_case_is_not_found(self, crm: Crm) -> None:
        for case_id in NOBODY:
            with pytest.raises(NotFound):
                await crm.close_case(case_id, "", "", NOW)


class TestCompensation:
    async def test_a_grant_is_what_was_asked_for_with_a_reference_to_quote(self, crm: Crm) -> None:
        assert await crm.grant(new_grant()) == Compensation(
            "2",
            "C001",
            "101",
            "10001",
            Remedy.VOUCHER,
            1_000,
            NOW,
            "bot",
            Role.BOT,
            "late.goodwill",
            "HP-10002",
        )

    async def test_the_same_key_returns_the_first_grant(self, crm: Crm) -> None:
        first = await crm.grant(new_grant())
        assert await crm.grant(replace(new_grant(), granted_at=NOW + timedelta(minutes=1))) == first
        assert list(await crm.compensations("C001")) == [first, VOUCHER]

    async def test_ten_grants_at_once_with_one_key_give_one_compensation(self, crm: Crm) -> None:
        given = await asyncio.gather(*(crm.grant(new_grant()) for _ in range(10)))
        assert len(set(given)) == 1
        assert list(await crm.compensations("C001")) == [given[0], VOUCHER]

    async def test_two_keys_are_two_grants(self, crm: Crm) -> None:
        await asyncio.gather(crm.grant(new_grant("g1")), crm.grant(new_grant("g2")))
        assert len(await crm.compensations("C001")) == 3

    @pytest.mark.parametrize(
        "other",
        [
            {"pence": 2_000},
            {"remedy": Remedy.PARTIAL_REFUND},
            {"order_id": None},
            {"rule": "late.other"},
            {"granted_by": "Mo", "role": Role.AGENT},
            {"case_id": "103"},
        ],
    )
    async def test_the_same_key_with_other_content_is_a_conflict(self, crm: Crm, other: dict[str, object]) -> None:
        await crm.open_case(new_case())
        first = await crm.grant(new_grant())
        with pytest.raises(Conflict):
            await crm.grant(replace(new_grant(), **other))  # type: ignore[arg-type]  # fields by name
        assert list(await crm.compensations("C001")) == [first, VOUCHER]

    async def test_of_two_contents_at_once_with_one_key_one_is_a_conflict(self, crm: Crm) -> None:
        await crm.open_case(new_case())
        answers = await asyncio.gather(
            crm.grant(new_grant(case_id="101")), crm.grant(new_grant(case_id="103")), return_exceptions=True
        )
        assert sorted(type(answer).__name__ for answer in answers) == ["Compensation", "Conflict"]

    async def test_nothing_is_granted_in_a_closed_case(self, crm: Crm) -> None:
        with pytest.raises(Refused):
            await crm.grant(new_grant(case_id="102"))
        assert list(await crm.compensations("C001")) == [VOUCHER]

    async def test_a_reward_for_a_recovery_that_held_follows_its_closed_case(self, crm: Crm) -> None:
        await crm.close_case("101", "recovered", "", NOW)
        given = await crm.grant(replace(new_grant(pence=0), remedy=Remedy.LOYALTY_REWARD))
        assert (given.remedy, given.case_id) == (Remedy.LOYALTY_REWARD, "101")

    async def test_a_grant_repeated_after_the_case_closed_returns_the_first(self, crm: Crm) -> None:
        first = await crm.grant(new_grant())
        await crm.close_case("101", "Made right", "strike", NOW)
        assert await crm.grant(new_grant()) == first

    async def test_a_grant_while_the_case_closes_is_given_or_refused(self, crm: Crm) -> None:
        granted, _ = await asyncio.gather(
            crm.grant(new_grant()), crm.close_case("101", "Delivered", "", NOW), return_exceptions=True
        )
        given = len(await crm.compensations("C001")) - 1
        assert given == (0 if isinstance(granted, Refused) else 1)

    async def test_a_grant_in_an_unknown_case_is_not_found(self, crm: Crm) -> None:
        for case_id in NOBODY:
            with pytest.raises(NotFound):
                await crm.grant(new_grant(case_id=case_id))

    async def test_a_grant_to_somebody_else_than_the_cases_customer_is_refused(self, crm: Crm) -> None:
        with pytest.raises(Refused):
            await crm.grant(replace(new_grant(), customer_id="C002"))

    async def test_a_grant_that_takes_money_is_refused(self, crm: Crm) -> None:
        with pytest.raises(Refused):
            await crm.grant(new_grant(pence=-1))

    async def test_a_remedy_without_money_is_granted(self, crm: Crm) -> None:
        assert (await crm.grant(replace(new_grant(), remedy=Remedy.TRACE_PARCEL, pence=0))).pence == 0


class TestRevoking:
    async def test_what_is_taken_back_is_in_no_history(self, crm: Crm) -> None:
        given = await crm.grant(new_grant())
        assert await crm.revoke(given.id, "C001", NOW) == given
        assert list(await crm.compensations("C001")) == [VOUCHER]
        assert (await crm.history("C001")).compensations == (VOUCHER,)

    async def test_taking_back_again_changes_nothing(self, crm: Crm) -> None:
        given = await crm.grant(new_grant())
        taken = await asyncio.gather(*(crm.revoke(given.id, "C001", NOW) for _ in range(5)))
        assert set(taken) == {given}
        assert list(await crm.compensations("C001")) == [VOUCHER]

    async def test_the_key_of_what_was_taken_back_grants_nothing_again(self, crm: Crm) -> None:
        await crm.revoke((await crm.grant(new_grant())).id, "C001", NOW)
        with pytest.raises(Conflict):
            await crm.grant(new_grant())
        other = await crm.grant(new_grant("again"))
        assert list(await crm.compensations("C001")) == [other, VOUCHER]

    async def test_the_follow_ups_of_its_case_are_called_off(self, crm: Crm) -> None:
        given = await crm.grant(new_grant())
        await crm.follow_up(NewFollowUp("f1", "101", "conversation-1", FollowUpKind.CHECK_BACK, NOW))
        await crm.revoke(given.id, "C001", NOW)
        later = await crm.follow_up(NewFollowUp("f2", "101", "conversation-1", FollowUpKind.CHECK_BACK, NOW))
        await crm.revoke(given.id, "C001", NOW)
        assert list(await crm.due_follow_ups(NOW)) == [later]

    async def test_nothing_is_taken_back_in_a_closed_case(self, crm: Crm) -> None:
        given = await crm.grant(new_grant())
        await crm.close_case("101", "recovered", "", NOW)
        with pytest.raises(Refused):
            await crm.revoke(given.id, "C001", NOW)
        assert given in await crm.compensations("C001")

    async def test_nothing_is_taken_back_from_another_customer(self, crm: Crm) -> None:
        given = await crm.grant(new_grant())
        with pytest.raises(NotFound):
            await crm.revoke(given.id, "C002", NOW)
        assert given in await crm.compensations("C001")

    async def test_an_unknown_grant_is_not_found(self, crm: Crm) -> None:
        for compensation_id in NOBODY:
            with pytest.raises(NotFound):
                await crm.revoke(compensation_id, "C001", NOW)


class TestFollowUps:
    def new(self, key: str = "f1", due_in_days: float = -1, case_id: str = "101") -> NewFollowUp:
        return NewFollowUp(key, case_id, "conversation-1", FollowUpKind.CHECK_BACK, days_ago(-due_in_days))

    async def test_a_follow_up_is_scheduled_once_for_each_key(self, crm: Crm) -> None:
        first = await crm.follow_up(self.new())
        assert await crm.follow_up(self.new(due_in_days=3)) == first
        assert list(await crm.due_follow_ups(days_ago(-9))) == [first]

    async def test_ten_calls_at_once_with_one_key_schedule_one(self, crm: Crm) -> None:
        await asyncio.gather(*(crm.follow_up(self.new()) for _ in range(10)))
        assert len(await crm.due_follow_ups(NOW)) == 1

    async def test_those_that_are_due_come_oldest_first_and_as_many_as_asked_for(self, crm: Crm) -> None:
        for key, due_in_days in (("late", -1.0), ("now", 0.0), ("oldest", -5.0), ("tomorrow", 1.0)):
            await crm.follow_up(self.new(key, due_in_days))
        due = await crm.due_follow_ups(NOW)
        assert [f.due_at for f in due] == [days_ago(5), days_ago(1), NOW]
        assert list(await crm.due_follow_ups(NOW, limit=2)) == list(due[:2])

    async def test_a_follow_up_is_completed_by_exactly_one_of_two_callers(self, crm: Crm) -> None:
        due = await crm.follow_up(self.new())
        done = await asyncio.gather(*(crm.complete_follow_up(due.id, NOW) for _ in range(2)))
        assert sorted(done) == [False, True]
        assert list(await crm.due_follow_ups(NOW)) == []

    async def test_an_unknown_follow_up_is_completed_by_nobody(self, crm: Crm) -> None:
        for follow_up_id in NOBODY:
            assert await crm.complete_follow_up(follow_up_id, NOW) is False

    async def test_a_follow_up_of_an_unknown_case_is_not_found(self, crm: Crm) -> None:
        for case_id in NOBODY:
            with pytest.raises(NotFound):
                await crm.follow_up(self.new(case_id=case_id))


class TestInteractions:
    async def test_an_interaction_is_added_once_for_each_key(self, crm: Crm) -> None:
        first = await crm.add_interaction(new_interaction())
        assert first == Interaction("3", "C002", NOW, "web", "Asked for a copy", "10003", ChallengeType.BILLING_ERROR)
        assert await crm.add_interaction(replace(new_interaction(), summary="Again")) == first
        assert list(await crm.timeline("C002")) == [first]

    async def test_a_rating_counts_in_the_customers_satisfaction(self, crm: Crm) -> None:
        for key, rating in (("i1", 5), ("i2", 2), ("i3", None), ("i4", 3)):
            await crm.add_interaction(new_interaction(key, rating))
        assert (await crm.customer("C002")).satisfaction == 3.33

    async def test_a_rating_beyond_the_scale_is_refused(self, crm: Crm) -> None:
        with pytest.raises(Refused):
            await crm.add_interaction(new_interaction(satisfaction=6))

    async def test_an_interaction_of_an_unknown_customer_is_not_found(self, crm: Crm) -> None:
        with pytest.raises(NotFound):
            await crm.add_interaction(replace(new_interaction(), customer_id="C999"))
