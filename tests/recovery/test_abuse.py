"""Signals of abuse: what the year shows, without the case in hand."""

from datetime import timedelta
from typing import Any

from recovery.abuse import habits, signals
from recovery.conditions import Condition
from recovery.playbook import Named
from recovery.records import Compensation
from recovery.words import ChallengeType
from tests.recovery.builders import LOST, NOW, case, compensation, delivered, history, order, playbook

POLICY = playbook().policy


def given(number: int, **changes: Any) -> tuple[Compensation, ...]:
    return tuple(compensation(str(n), str(n), **changes) for n in range(number))


def test_a_stranger_and_an_honest_customer_show_nothing() -> None:
    assert set(habits(None, NOW, POLICY).values()) == {0}
    assert habits(history(), NOW, POLICY)["given_this_year"] == 0


def test_the_years_goodwill_is_measured_against_what_was_paid() -> None:
    known = history(order(pence=10_000), compensations=given(5, pence=1_000))
    shown = habits(known, NOW, POLICY)
    assert (shown["given_this_year"], shown["goodwill_percent"], shown["orders_compensated_percent"]) == (5, 50, 100)


def test_what_is_over_a_year_old_or_belongs_to_the_case_in_hand_is_no_habit() -> None:
    old = compensation("1", "1", granted_at=NOW - timedelta(days=366))
    assert habits(history(compensations=(old, compensation("2", "now"))), NOW, POLICY, "now")["given_this_year"] == 0


def test_goods_reported_lost_that_were_delivered_are_counted() -> None:
    here = delivered("1")
    cases = (case("a", LOST, "1"), case("b", ChallengeType.MISSING_ITEM, "1"), case("c", LOST, "10482"))
    assert habits(history(here, order(), cases=cases), NOW, POLICY)["came_after_all"] == 2


def test_the_playbook_says_which_habits_are_signals() -> None:
    book = playbook(abuse_signals=(Named("often", (Condition("given_this_year", at_least=5),)),))
    assert signals(history(compensations=given(5)), book, NOW) == ("often",)
    assert signals(history(compensations=given(4)), book, NOW) == ()
