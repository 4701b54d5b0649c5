"""What every CRM adapter must keep of cases, follow-ups and interactions, each once for its key."""

import asyncio
from dataclasses import replace

import pytest

from casework.crm import CaseChange, Crm, NewFollowUp
from casework.errors import NotFound, Refused
from recovery.records import (
    Case,
    CaseNote,
    Interaction,
)
from recovery.words import (
    CaseStatus,
    ChallengeType,
    FollowUpKind,
    Severity,
)
from tests.contract.company import (
    CLOSED,
    NOBODY,
    NOW,
    OPEN,
    days_ago,
    new_case,
    new_interaction,
)


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
