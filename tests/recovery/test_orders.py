"""Which order a problem is about."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from recovery.orders import Known, OrderFinding, days_late, find_order, is_overdue
from recovery.records import Order
from recovery.words import OrderEventKind
from tests.recovery.builders import (
    DAMAGED,
    LATE,
    NOW,
    PLAYBOOK,
    delivered,
    event,
    history,
    in_time,
    order,
    said,
)

RULE = PLAYBOOK.challenges[LATE]
NOTHING = Known()


def found(text: str, *orders: Order, known: Known = NOTHING, **heard: object) -> OrderFinding:
    return find_order(RULE, said(text, **heard), history(*orders), NOW, known)


def test_an_order_is_found_by_its_number() -> None:
    assert found("10500 is late", order(), in_time(), orders=("10500",)).order == in_time()


def test_the_only_overdue_order_is_the_late_one() -> None:
    assert found("it is late", order(), in_time()).order == order()


def test_of_two_overdue_orders_the_customer_is_asked() -> None:
    finding = found("it is late", order("1"), order("2"))
    assert finding.order is None
    assert {o.id for o in finding.choices} == {"1", "2"}


def test_the_named_thing_decides_between_two() -> None:
    assert found("the kettles are late", order("1", "Copper kettle"), order("2", "Oak shelf")).order == order("1")


def test_a_common_word_names_nothing() -> None:
    shelf, lamp = order("2", "Shelf with hooks"), order("1", "Lamp")
    assert found("I am done with this", shelf, lamp).order is None


def test_somebody_elses_number_is_told_from_their_own_orders() -> None:
    finding = found("99999 is late", order(), in_time(), orders=("99999",))
    assert finding.order is None
    assert finding.not_theirs == "99999"
    assert {o.id for o in finding.choices} <= {"10482", "10500"}


def test_of_two_numbers_the_one_that_fits_the_problem_is_meant() -> None:
    finding = found("10500 is fine but 10482 is late", order(), in_time(), orders=("10500", "10482"))
    assert finding.order == order()


def test_the_second_one_is_the_second_that_was_listed() -> None:
    orders = (order("1"), order("2"))
    assert found("the second one", *orders, known=Known(listed=("1", "2"))).order == order("2")
    assert found("2", *orders, known=Known(listed=("1", "2"))).order == order("2")


def test_an_order_that_was_ruled_out_is_not_found_again() -> None:
    assert found("it is late", order(), in_time(), known=Known(not_orders=("10482",))).order == in_time()


def test_an_order_that_was_ruled_out_may_still_be_named() -> None:
    known = Known(not_orders=("10482",))
    assert found("10482 after all", order(), in_time(), known=known, orders=("10482",)).order == order()


def test_a_number_told_before_signing_in_is_remembered() -> None:
    known = Known(numbers=("10500",))
    assert found("I have signed in", order(), in_time(), known=known).order == in_time()


def test_another_kind_of_order_does_not_fit() -> None:
    plan = order("9", "Gas plan", kind="plan")
    assert found("it is late", plan, order("1"), order("2")).order is None
    assert plan not in found("it is late", plan, order("1"), order("2")).choices


def test_what_was_delivered_in_time_is_not_late() -> None:
    assert days_late(delivered(), NOW) == 0
    assert not is_overdue(delivered(), NOW)


def test_a_delivery_after_the_promise_counts_its_own_days() -> None:
    late = order(delivered_at=NOW - timedelta(days=2))
    assert days_late(late, NOW) == 2
    assert not is_overdue(late, NOW)


def test_an_order_without_a_promise_is_never_late() -> None:
    assert days_late(order(promised_for=None), NOW) == 0


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_days_late_are_the_days_since_the_promise_and_never_negative(promised: date) -> None:
    assert days_late(order(promised_for=promised), NOW) == max(0, (NOW.date() - promised).days)


def test_the_order_with_a_record_of_damage_is_the_damaged_one() -> None:
    broken = order("2", events=(event(OrderEventKind.DAMAGE_RECORDED, "2", NOW),))
    finding = find_order(PLAYBOOK.challenges[DAMAGED], said("it is broken"), history(order("1"), broken), NOW)
    assert finding.order == broken
