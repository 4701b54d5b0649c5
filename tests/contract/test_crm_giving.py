"""What every CRM adapter must give, take back and refuse, each once for its key."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from casework.crm import Crm, NewFollowUp
from casework.errors import Conflict, NotFound, Refused
from recovery.records import (
    Compensation,
)
from recovery.words import (
    FollowUpKind,
    Remedy,
    Role,
)
from tests.contract.company import (
    NOBODY,
    NOW,
    VOUCHER,
    new_case,
    new_grant,
)


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

    async def test_no_more_than_its_price_goes_back_for_an_order_even_at_once(self, crm: Crm) -> None:
        whole = replace(new_grant(pence=4_500), remedy=Remedy.REFUND)
        part = replace(new_grant("g2", pence=1), remedy=Remedy.PARTIAL_REFUND)
        told = await asyncio.gather(crm.grant(whole), crm.grant(part), return_exceptions=True)
        assert sum(isinstance(each, Conflict) for each in told) == 1
        assert len(await crm.compensations("C001")) == 2

    async def test_what_was_taken_back_leaves_the_price_to_be_paid_back(self, crm: Crm) -> None:
        whole = replace(new_grant(pence=4_500), remedy=Remedy.REFUND)
        given = await crm.grant(whole)
        await crm.revoke(given.id, "C001", NOW)
        assert (await crm.grant(replace(whole, key="g2"))).pence == 4_500

    async def test_goodwill_comes_beside_the_price(self, crm: Crm) -> None:
        await crm.grant(replace(new_grant(pence=4_500), remedy=Remedy.REFUND))
        assert (await crm.grant(new_grant("g2", pence=500))).remedy is Remedy.VOUCHER

    async def test_a_plan_is_paid_anew_and_has_no_one_price(self, crm: Crm) -> None:
        refund = replace(new_grant(pence=999), remedy=Remedy.REFUND, order_id="10002")
        await crm.grant(refund)
        assert (await crm.grant(replace(refund, key="g2"))).pence == 999

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
