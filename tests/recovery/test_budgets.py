"""Budgets and purses: tried on playbooks that Hypothesis makes up, not only on ours."""

from dataclasses import fields, replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.abuse import habits
from recovery.budgets import Budget, Period
from recovery.conditions import Condition
from recovery.playbook import Amount, Empowerment, Entitlement, GoodwillRule, Named, Playbook, PolicyRule
from recovery.policy import Ruling, amount_in_pence, rule_on
from recovery.purse import LADDER, Purse, approver, budget_keys, granted_in_the_year, is_goodwill, purse_of
from recovery.state import Option
from recovery.words import ChallengeType, Fault, Remedy, Role, Severity
from redress.playbook.checks import normal_case
from tests.recovery.builders import LATE, NOW, PLAYBOOK, compensation, history, order, playbook

MONEY = st.integers(1, 5_000)
REMEDIES = st.sampled_from([Remedy.VOUCHER, Remedy.SERVICE_CREDIT, Remedy.REFUND, Remedy.REPLACEMENT])


def entitlement(remedy: Remedy, amount: Amount, goodwill: bool) -> Entitlement:
    return Entitlement(remedy, amount, f"{remedy} {{amount}}", f"{remedy} {{amount}}", (remedy,), goodwill)


def goodwill_in(option: Option, book: Playbook) -> bool:
    return is_goodwill(option.remedy, option.rule, book.policy)


@st.composite
def growing(draw: st.DrawFn, remedy: Remedy) -> tuple[PolicyRule, ...]:
    """Rules for each severity, of which a higher one never gives less."""
    sums, goodwill = sorted(draw(st.lists(MONEY, min_size=4, max_size=4))), draw(st.booleans())
    rises = zip(Severity, sums, strict=True)
    return tuple(
        PolicyRule(
            f"{remedy}.{s.word}",
            (LATE,),
            (Condition("severity", is_in=(int(s),)),),
            (entitlement(remedy, a, goodwill),),
        )
        for s, pence in rises
        for a in (Amount(fixed=pence, at_least=draw(st.integers(0, pence))),)
    )


class Brief(Playbook):
    """A playbook that a failing example names by its version only."""

    def __repr__(self) -> str:
        return f"<playbook {self.version}>"


@st.composite
def playbooks(draw: st.DrawFn) -> Playbook:
    """Any playbook that the check would let pass: rules that rise with severity, limits that rise with the role."""
    rules = [
        r for remedy in draw(st.lists(REMEDIES, min_size=1, max_size=3, unique=True)) for r in draw(growing(remedy))
    ]
    grants = sorted(draw(st.lists(MONEY, min_size=5, max_size=5)))
    years = sorted(draw(st.lists(MONEY, min_size=5, max_size=5)))
    days = draw(st.one_of(st.none(), MONEY))
    limits = {
        role: Empowerment(role, grant, year, frozenset(Remedy), per_day=days)
        for role, grant, year in zip(LADDER, grants, years, strict=True)
    }
    budgets = tuple(
        Budget(f"b{n}", "a budget", draw(st.sampled_from(Period)), draw(MONEY))
        for n in range(draw(st.integers(0, 2)))
    )
    goodwill = (GoodwillRule("more", (Condition("tier", is_in=("gold",)),), draw(st.integers(1, 200))),)
    smallest = draw(st.integers(1, 500))
    book = playbook(
        policy=tuple(rules), goodwill=goodwill, empowerment=limits, budgets=budgets, smallest_goodwill=smallest
    )
    return Brief(**{f.name: getattr(book, f.name) for f in fields(book)})


def ruled(
    book: Playbook, severity: Severity, role: Role, spent: dict[str, int], given_before: int = 0, **facts: str
) -> Ruling:
    case = normal_case(book, LATE, severity, Fault.CARRIER, **facts)
    return rule_on(case, (), role, book, NOW, given_before, spent=spent, who="kim")


def spent_of(book: Playbook, role: Role, share: int) -> dict[str, int]:
    purse = purse_of(role, book, LATE, 0, {}, NOW, "kim")
    return {b.key: b.budget.pence * share // 100 for b in purse.balances}


SHARES, ROLES, SEVERITIES = st.integers(0, 130), st.sampled_from(LADDER), st.sampled_from(Severity)


@given(playbooks(), SEVERITIES, ROLES, SHARES, st.integers(0, 6_000))
def test_no_offer_is_over_a_limit_or_over_what_is_left_of_a_budget(
    book: Playbook, severity: Severity, role: Role, share: int, given_before: int
) -> None:
    spent = spent_of(book, role, share)
    purse = purse_of(role, book, LATE, given_before, spent, NOW, "kim")
    for option in ruled(book, severity, role, spent, given_before).options:
        assert option.pence <= book.empowerment[role].per_grant
        if goodwill_in(option, book) and option.pence:
            assert given_before + option.pence <= book.empowerment[role].per_customer_a_year
            assert all(option.pence <= b.left for b in purse.balances)


@given(playbooks(), SEVERITIES, ROLES, SHARES, st.sampled_from(["standard", "gold"]))
def test_no_offer_is_more_than_owed_plus_goodwill(
    book: Playbook, severity: Severity, role: Role, share: int, tier: str
) -> None:
    ruling = ruled(book, severity, role, spent_of(book, role, share), tier=tier)
    most = {(r.id, e.remedy): e.amount for r in book.policy for e in r.entitlements}
    more = book.goodwill[0].percent_more if tier == "gold" else 0
    for option in ruling.options:
        top = more if goodwill_in(option, book) else 0
        assert option.pence <= amount_in_pence(most[option.rule, option.remedy], ruling.facts, top)


@given(playbooks(), ROLES, SHARES, st.integers(0, 6_000))
def test_a_higher_severity_never_gets_less_however_little_is_left(
    book: Playbook, role: Role, share: int, given_before: int
) -> None:
    spent = spent_of(book, role, share)
    offered = [
        {o.remedy: o.pence for o in ruled(book, s, role, spent, given_before).options if goodwill_in(o, book)}
        for s in Severity
    ]
    for less, more in pairwise(offered):
        assert all(pence <= more.get(remedy, 0) for remedy, pence in less.items())


@given(playbooks(), SEVERITIES, ROLES, SHARES)
def test_the_same_facts_have_the_same_answer_with_rule_version_and_facts(
    book: Playbook, severity: Severity, role: Role, share: int
) -> None:
    spent = spent_of(book, role, share)
    one, other = (ruled(book, severity, role, dict(sorted(spent.items(), reverse=r))) for r in (False, True))
    assert one == other
    assert one.version == book.version
    assert one.facts["severity"] == severity
    assert {o.rule for o in one.options} <= set(one.rules)


@given(playbooks(), st.lists(st.tuples(SEVERITIES, ROLES), max_size=12))
def test_a_budget_is_never_overdrawn_by_one_grant_after_another(
    book: Playbook, customers: list[tuple[Severity, Role]]
) -> None:
    spent: dict[str, int] = {}
    for severity, role in customers:
        for option in ruled(book, severity, role, spent).options[:1]:
            for draw in purse_of(role, book, LATE, 0, spent, NOW, "kim").draws(
                option.remedy, option.pence, option.rule
            ):
                spent[draw.key] = spent.get(draw.key, 0) + draw.pence
                assert spent[draw.key] <= draw.limit


def test_goodwill_is_cut_down_to_what_is_left_and_no_further_than_is_worth_offering() -> None:
    book = playbook(budgets=(Budget("month", "a month's goodwill", Period.MONTH, 1_000),), smallest_goodwill=200)
    voucher = {left: _voucher(book, {"month@2026-11": 1_000 - left}) for left in (1_000, 350, 199)}
    assert voucher == {1_000: 800, 350: 350, 199: None}


def _voucher(book: Playbook, spent: dict[str, int]) -> int | None:
    options = ruled(book, Severity.MINOR, Role.BOT, spent).options
    return next((o.pence for o in options if o.remedy is Remedy.VOUCHER), None)


def test_what_is_owed_is_given_from_an_empty_budget_too() -> None:
    book = playbook(budgets=(Budget("month", "a month's goodwill", Period.MONTH, 1_000),))
    options = ruled(book, Severity.MINOR, Role.BOT, {"month@2026-11": 1_000}).options
    assert [o.remedy for o in options] == [Remedy.REFUND, Remedy.REPLACEMENT]


def test_what_would_be_due_without_the_limit_is_told_apart_for_somebody_above() -> None:
    ruling = ruled(PLAYBOOK, Severity.MINOR, Role.BOT, {}, given_before=5_700)
    assert next(o.pence for o in ruling.options if o.remedy is Remedy.VOUCHER) == 300
    assert [o.pence for o in ruling.above_limit if o.remedy is Remedy.VOUCHER] == [800]


def test_a_budget_for_some_challenges_pays_for_no_others() -> None:
    own = Budget("day", "a day", Period.DAY, 100, (ChallengeType.BILLING_ERROR,))
    book = playbook(budgets=(own,))
    assert purse_of(Role.BOT, book, LATE, 0, {}, NOW).balances == ()
    assert len(purse_of(Role.BOT, book, ChallengeType.BILLING_ERROR, 0, {}, NOW).balances) == 1


def test_each_person_has_a_day_of_their_own() -> None:
    limits = {**PLAYBOOK.empowerment, Role.AGENT: Empowerment(Role.AGENT, 900, 900, frozenset(Remedy), per_day=1_000)}
    book = playbook(empowerment=limits)
    assert budget_keys(book, Role.AGENT, NOW, "kim") == ("agent:kim@2026-11-20",)
    assert purse_of(Role.AGENT, book, LATE, 0, {"agent:kim@2026-11-20": 400}, NOW, "kim").bar(Remedy.VOUCHER, 700)
    assert not purse_of(Role.AGENT, book, LATE, 0, {"agent:kim@2026-11-20": 400}, NOW, "lee").bar(Remedy.VOUCHER, 700)


def test_a_purse_says_what_stands_against_a_grant() -> None:
    limit = Empowerment(
        Role.AGENT,
        2_000,
        3_000,
        frozenset(Remedy) - {Remedy.REFUND},
        per_remedy={Remedy.VOUCHER: 500},
        needs_approval=frozenset({Remedy.CHARGE_REVERSAL}),
    )
    purse = Purse(limit, 2_000)
    asked = [(Remedy.REFUND, 1), (Remedy.CHARGE_REVERSAL, 0), (Remedy.VOUCHER, 501), (Remedy.SERVICE_CREDIT, 1_001)]
    assert [purse.bar(r, p) for r, p in asked] == ["remedy", "approval", "grant", "year"]
    assert purse.bar(Remedy.VOUCHER, 500) == ""


def test_the_lowest_role_that_may_is_asked_for_approval() -> None:
    assert approver(Remedy.REFUND, 20_000, 0, Role.BOT, PLAYBOOK) is Role.AGENT
    assert approver(Remedy.VOUCHER, 1_000, 14_500, Role.AGENT, PLAYBOOK) is Role.SPECIALIST
    assert approver(Remedy.REFUND, 10**9, 0, Role.BOT, PLAYBOOK) is None


def test_with_a_reason_to_hold_back_the_bot_gives_what_is_owed_and_a_person_decides_on_goodwill() -> None:
    book = playbook(held_back=(Named("often", (Condition("compensations_lately", at_least=3),)),))
    case = normal_case(book, LATE, Severity.MINOR, Fault.CARRIER, compensations_lately=3)
    bot, agent = (rule_on(case, (), role, book, NOW) for role in (Role.BOT, Role.AGENT))
    assert {o.remedy for o in bot.options} == {Remedy.REFUND, Remedy.REPLACEMENT}
    assert Remedy.VOUCHER in {o.remedy for o in agent.options}
    assert "often" in bot.rules
    assert "often" not in agent.rules


@pytest.mark.parametrize(
    ("period", "name"),
    [(Period.DAY, "2027-01-01"), (Period.WEEK, "2026-W53"), (Period.MONTH, "2027-01"), (Period.YEAR, "2027")],
)
def test_a_period_is_named_by_where_it_began(period: Period, name: str) -> None:
    assert period.running(datetime(2027, 1, 1, tzinfo=UTC)) == name


OWED = entitlement(Remedy.PARTIAL_REFUND, Amount(fixed=1_000), goodwill=False)
EXTRA = entitlement(Remedy.PARTIAL_REFUND, Amount(fixed=1_000), goodwill=True)
SHARES_BACK = playbook(
    policy=(
        PolicyRule("without", (LATE,), (), (OWED,)),
        PolicyRule("keep", (ChallengeType.LOST_PARCEL,), (), (EXTRA,)),
    ),
    budgets=(Budget("month", "a month", Period.MONTH, 5_000),),
)


def test_what_is_owed_is_no_goodwill_whatever_its_remedy() -> None:
    purse = purse_of(Role.BOT, SHARES_BACK, LATE, 6_000, {}, NOW)
    assert purse.allows(Remedy.PARTIAL_REFUND, 1_000, "without"), "the year's goodwill is spent, and this is owed"
    assert not purse.allows(Remedy.PARTIAL_REFUND, 1_000, "keep")
    assert purse.fitted(Remedy.PARTIAL_REFUND, 1_000, 1, "without") == 1_000
    assert purse.draws(Remedy.PARTIAL_REFUND, 1_000, "without") == ()


def test_what_is_goodwill_draws_on_the_budgets_and_counts_in_the_year_even_as_a_refund() -> None:
    gift = entitlement(Remedy.REFUND, Amount(fixed=1_000), goodwill=True)
    book = replace(SHARES_BACK, policy=(PolicyRule("nice", (LATE,), (), (gift,)),))
    assert [d.pence for d in purse_of(Role.BOT, book, LATE, 0, {}, NOW).draws(Remedy.REFUND, 1_000, "nice")] == [
        1_000
    ]
    given = [compensation("1", remedy=Remedy.REFUND, pence=1_000, rule="nice")]
    assert granted_in_the_year(given, NOW, book.policy) == 1_000
    owed = [compensation("1", remedy=Remedy.PARTIAL_REFUND, pence=1_000, rule="without")]
    assert granted_in_the_year(owed, NOW, SHARES_BACK.policy) == 0


def test_what_is_owed_is_no_sign_of_abuse() -> None:
    owed = history(
        order(pence=2_000), compensations=(compensation("1", "1", remedy=Remedy.PARTIAL_REFUND, rule="without"),)
    )
    assert habits(owed, NOW, SHARES_BACK.policy)["goodwill_percent"] == 0
    assert habits(owed, NOW, ())["goodwill_percent"] == 50, "of a rule that is no more, the remedy tells"
