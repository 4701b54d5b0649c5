"""What every CRM adapter must find and tell, whatever CRM it speaks to. Add one by adding its name to `crm`."""

import asyncio
from dataclasses import replace

import pytest

from casework.crm import Crm
from casework.errors import Conflict, NotFound
from recovery.records import (
    History,
)
from tests.contract.company import (
    BEN,
    BENS_ORDER,
    CALLED,
    CLOSED,
    HUNTERS,
    NOBODY,
    OPEN,
    PARCEL,
    PLAN,
    RATED_ASTA,
    STRIKE,
    VOUCHER,
    WROTE,
    new_grant,
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
