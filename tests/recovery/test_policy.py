"""What is owed, and what a role may grant."""

import itertools
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from recovery.assessment import assess
from recovery.conditions import NearMiss
from recovery.playbook import Amount, Empowerment
from recovery.policy import Ruling, amount_in_pence, promised, rule_on
from recovery.purse import OWN_MONEY, Purse, granted_in_the_year
from recovery.records import History
from recovery.state import Problem, Progress
from recovery.words import Remedy, Role
from tests.recovery.builders import (
    LATE,
    NOW,
    PLAYBOOK,
    REFUND,
    VOUCHER,
    case,
    compensation,
    history,
    order,
    said,
)

PENCE = st.integers(0, 100_000)
AMOUNTS = st.builds(
    Amount,
    PENCE,
    st.integers(0, 100),
    st.integers(0, 5000),
    st.integers(0, 5000),
    st.none() | st.integers(5000, 9000),
)
FACTS = st.fixed_dictionaries({"order_pence": PENCE, "days_late": st.integers(0, 90)})


def ruled(known: History, role: Role = Role.BOT, book: Any = PLAYBOOK, already: int = 0) -> Ruling:
    judgement = assess(Problem(LATE, "m1", order_id="10482"), said("late"), known, book, NOW)
    return rule_on(judgement, known.compensations, role, book, NOW, already)


@given(AMOUNTS, FACTS, st.integers(0, 200))
def test_an_amount_is_never_above_its_cap_and_never_negative(
    amount: Amount, facts: dict[str, int], more: int
) -> None:
    pence = amount_in_pence(amount, facts, more)
    assert pence >= 0
    assert amount.at_most is None or pence <= amount.at_most
    assert pence >= min(amount.at_least, pence if amount.at_most is None else amount.at_most)


@given(AMOUNTS, FACTS, st.integers(0, 30))
def test_a_longer_delay_never_gets_less(amount: Amount, facts: dict[str, int], days: int) -> None:
    later = {**facts, "days_late": facts["days_late"] + days}
    assert amount_in_pence(amount, later) >= amount_in_pence(amount, facts)


@given(st.integers(0, 30_000), st.integers(0, 20_000), st.sampled_from(Role))
def test_no_option_is_above_the_roles_limits(order_pence: int, given_before: int, role: Role) -> None:
    known = history(order(pence=order_pence), compensations=(compensation(pence=given_before),))
    limit = PLAYBOOK.empowerment[role]
    for option in ruled(known, role).options:
        assert option.pence <= limit.per_grant
        if option.pence and option.remedy not in OWN_MONEY:
            assert given_before + option.pence <= limit.per_customer_a_year


@given(st.integers(0, 300_000))
def test_what_one_role_may_offer_a_higher_role_may_offer_too(order_pence: int) -> None:
    known = history(order(pence=order_pence))
    offered = [{o.id for o in ruled(known, role).options} for role in Role]
    assert all(lower <= higher for lower, higher in itertools.pairwise(offered))


def test_the_alternatives_come_in_the_order_of_the_playbook() -> None:
    assert [o.remedy for o in ruled(history()).options] == [Remedy.REFUND, Remedy.REPLACEMENT, Remedy.VOUCHER]


def test_money_is_counted_and_told_in_the_label() -> None:
    refund = ruled(history()).options[0]
    assert (refund.pence, refund.label) == (4500, "A full refund, £45")


def test_a_remedy_that_failed_before_is_not_offered_again() -> None:
    known = history(cases=(case(),), compensations=(compensation(),))
    assert Remedy.VOUCHER not in [o.remedy for o in ruled(known).options]


def test_a_customer_let_down_before_gets_more_goodwill_but_no_more_refund() -> None:
    often = history(cases=(case("1", order_id="1"), case("2", order_id="2")))
    before, after = ({o.remedy: o.pence for o in ruled(h).options} for h in (history(), often))
    assert after[Remedy.VOUCHER] == before[Remedy.VOUCHER] * 3 // 2
    assert after[Remedy.REFUND] == before[Remedy.REFUND]


def test_what_is_too_much_for_the_bot_is_told_apart() -> None:
    ruling = ruled(history(order(pence=20_000)))
    assert [o.remedy for o in ruling.above_limit] == [Remedy.REFUND]


def test_money_promised_in_this_conversation_counts_against_the_year() -> None:
    assert Remedy.VOUCHER in [o.remedy for o in ruled(history()).options]
    assert [o.pence for o in ruled(history(), already=5_500).options if o.remedy is Remedy.VOUCHER] == [500]
    assert Remedy.VOUCHER not in [o.remedy for o in ruled(history(), already=6_000).options]


def test_a_rule_that_one_condition_kept_from_firing_is_named_with_it() -> None:
    known = history(replace(order(cause="customer")))
    miss = NearMiss("late.wait", "fault", "company or carrier or partner or unknown", "customer")
    assert ruled(known).nearly == (miss,)


def test_refunds_and_old_vouchers_do_not_count_as_goodwill_of_the_year() -> None:
    given = [
        compensation("1", remedy=Remedy.REFUND, pence=9000),
        compensation("2", granted_at=NOW - timedelta(days=366)),
        compensation("3", pence=700),
    ]
    assert granted_in_the_year(given, NOW, PLAYBOOK.policy) == 700


def test_a_role_grants_only_its_own_remedies() -> None:
    purse = Purse(Empowerment(Role.BOT, 10_000, 10_000, frozenset({Remedy.VOUCHER})), 0)
    assert purse.allows(Remedy.VOUCHER, 10_000)
    assert not purse.allows(Remedy.REFUND, 1)


def test_a_booking_counts_as_promised_until_the_history_shows_it() -> None:
    booked = Problem(LATE, "m1", "311", options=(VOUCHER, REFUND), agreed=VOUCHER.id, progress=Progress.BOOKED)
    assert promised((booked,), (), PLAYBOOK.policy) == VOUCHER.pence
    assert promised((booked,), (compensation(),), PLAYBOOK.policy) == 0
    assert promised((replace(booked, agreed=REFUND.id),), (), PLAYBOOK.policy) == 0
