"""What must hold of the recovery policy for every customer there could be: tried on the real playbook."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import reduce
from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from recovery.assessment import Assessment
from recovery.playbook import Amount
from recovery.policy import Ruling, rule_on
from recovery.purse import granted_in_the_year, is_goodwill
from recovery.records import Case, Compensation
from recovery.words import CaseStatus, ChallengeType, Fault, Remedy, Role, Severity
from redress.playbook import load
from redress.playbook.checks import normal_case

PLAYBOOK = load(Path(__file__).parents[2] / "playbook")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ROLES = (Role.BOT, Role.AGENT, Role.SPECIALIST, Role.SENIOR, Role.SUPERVISOR)

FACTS = st.fixed_dictionaries(
    {
        "cause": st.sampled_from(sorted(PLAYBOOK.causes)),
        "tier": st.sampled_from(["standard", "silver", "gold", "unknown"]),
        "days_late": st.integers(0, 60),
        "order_pence": st.integers(0, 500_000),
        "has_order": st.booleans(),
        "arrived": st.booleans(),
        "failed_recoveries": st.integers(0, 3),
        "failures_this_year": st.integers(0, 6),
        "compensations_lately": st.integers(0, 5),
        **dict.fromkeys(
            ("vulnerable", "urgent", "financial_loss", "repeated", "long_wait", "safety_risk"), st.booleans()
        ),
    }
)
COMPENSATIONS = st.lists(
    st.builds(
        lambda remedy, pence, days, role: Compensation(
            "c", "kim", "7", None, remedy, pence, NOW - timedelta(days=days), "bot", role, "r", "ref"
        ),
        st.sampled_from(list(Remedy)),
        st.integers(0, 10_000),
        st.integers(0, 500),
        st.sampled_from(list(Role)),
    ),
    max_size=6,
).map(tuple)
CHALLENGES, FAULTS = st.sampled_from(list(ChallengeType)), st.sampled_from(list(Fault))
SEVERITIES = st.sampled_from(list(Severity))


def case(
    challenge: ChallengeType, severity: Severity, fault: Fault, facts: dict[str, bool | int | str]
) -> Assessment:
    return normal_case(PLAYBOOK, challenge, severity, fault, **facts)


def most_by_remedy(ruling: Ruling) -> dict[Remedy, int]:
    """The most money with each remedy, from the one who offers or from who stands above."""

    def more(most: dict[Remedy, int], option: tuple[Remedy, int]) -> dict[Remedy, int]:
        return {**most, option[0]: max(option[1], most.get(option[0], 0))}

    return reduce(more, ((o.remedy, o.pence) for o in (*ruling.options, *ruling.above_limit)), {})


@settings(max_examples=300, deadline=None)
@given(CHALLENGES, SEVERITIES, FAULTS, FACTS, COMPENSATIONS, st.sampled_from(ROLES))
def test_nothing_is_ever_offered_over_a_limit(
    challenge: ChallengeType,
    severity: Severity,
    fault: Fault,
    facts: dict[str, bool | int | str],
    given_before: tuple[Compensation, ...],
    role: Role,
) -> None:
    limit = PLAYBOOK.empowerment[role]
    spent = granted_in_the_year(given_before, NOW, PLAYBOOK.policy)
    for option in rule_on(case(challenge, severity, fault, facts), given_before, role, PLAYBOOK, NOW).options:
        assert option.remedy in limit.remedies
        assert option.pence <= limit.per_grant
        if is_goodwill(option.remedy, option.rule, PLAYBOOK.policy) and option.pence:
            assert spent + option.pence <= limit.per_customer_a_year


@settings(max_examples=300, deadline=None)
@given(CHALLENGES, FAULTS, FACTS, COMPENSATIONS, st.sampled_from(ROLES))
def test_a_higher_severity_never_gets_less(
    challenge: ChallengeType,
    fault: Fault,
    facts: dict[str, bool | int | str],
    given_before: tuple[Compensation, ...],
    role: Role,
) -> None:
    rulings = [rule_on(case(challenge, s, fault, facts), given_before, role, PLAYBOOK, NOW) for s in Severity]
    owed = [most_by_remedy(r) for r in rulings]
    for less, more in pairwise(owed):
        assert all(remedy in more and pence <= more[remedy] for remedy, pence in less.items())


@settings(max_examples=200, deadline=None)
@given(CHALLENGES, SEVERITIES, FAULTS, FACTS, COMPENSATIONS)
def test_the_same_facts_give_the_same_answer(
    challenge: ChallengeType,
    severity: Severity,
    fault: Fault,
    facts: dict[str, bool | int | str],
    given_before: tuple[Compensation, ...],
) -> None:
    one = rule_on(case(challenge, severity, fault, facts), given_before, Role.BOT, PLAYBOOK, NOW)
    backwards = dict(reversed(list(facts.items())))
    other = rule_on(
        case(challenge, severity, fault, backwards), tuple(reversed(given_before)), Role.BOT, PLAYBOOK, NOW
    )
    assert one == other


@settings(max_examples=200, deadline=None)
@given(CHALLENGES, SEVERITIES, FAULTS, FACTS)
def test_a_person_above_may_offer_whatever_the_bot_may(
    challenge: ChallengeType, severity: Severity, fault: Fault, facts: dict[str, bool | int | str]
) -> None:
    rulings = [rule_on(case(challenge, severity, fault, facts), (), role, PLAYBOOK, NOW) for role in ROLES]
    offered = [{o.remedy: o.pence for o in r.options} for r in rulings]
    for less, more in pairwise(offered):
        assert all(pence <= more[remedy] for remedy, pence in less.items())


@settings(max_examples=200, deadline=None)
@given(CHALLENGES, SEVERITIES, FAULTS, FACTS)
def test_one_remedy_is_offered_once_and_no_refund_is_more_than_was_paid(
    challenge: ChallengeType, severity: Severity, fault: Fault, facts: dict[str, bool | int | str]
) -> None:
    options = rule_on(case(challenge, severity, fault, facts), (), Role.SUPERVISOR, PLAYBOOK, NOW).options
    assert len({o.remedy for o in options}) == len(options)
    back = [o.pence for o in options if o.remedy in (Remedy.REFUND, Remedy.PARTIAL_REFUND, Remedy.CHARGE_REVERSAL)]
    assert all(pence <= int(facts["order_pence"]) for pence in back)


@settings(max_examples=200, deadline=None)
@given(CHALLENGES, SEVERITIES, FAULTS, FACTS)
def test_goodwill_is_never_more_than_the_rule_and_the_raise_allow(
    challenge: ChallengeType, severity: Severity, fault: Fault, facts: dict[str, bool | int | str]
) -> None:
    most_more = max(g.percent_more for g in PLAYBOOK.goodwill)
    options = rule_on(case(challenge, severity, fault, facts), (), Role.SUPERVISOR, PLAYBOOK, NOW).options
    owed = {(r.id, e.remedy): e.amount for r in PLAYBOOK.policy for e in r.entitlements}
    for option in options:
        amount = owed[option.rule, option.remedy]
        assert (option.pence > 0) is (amount != Amount())
        if amount.at_most is not None:
            assert option.pence <= amount.at_most
        elif is_goodwill(option.remedy, option.rule, PLAYBOOK.policy):
            assert option.pence <= amount.fixed * (100 + most_more) // 100


@settings(max_examples=100, deadline=None)
@given(CHALLENGES, SEVERITIES, FAULTS, FACTS, st.sampled_from(list(Remedy)))
def test_a_remedy_that_failed_for_this_problem_is_never_offered_again(
    challenge: ChallengeType, severity: Severity, fault: Fault, facts: dict[str, bool | int | str], remedy: Remedy
) -> None:
    failed = Case("7", "kim", None, None, challenge, severity, CaseStatus.CLOSED, NOW, failed=True)
    tried = Compensation("c", "kim", "7", None, remedy, 0, NOW, "bot", Role.BOT, "r", "ref")
    judged = case(challenge, severity, fault, facts)
    again = Assessment(
        judged.problem, None, judged.cause, None, None, severity, judged.days_late, (failed,), (failed,), judged.facts
    )
    assert remedy not in {o.remedy for o in rule_on(again, (tried,), Role.BOT, PLAYBOOK, NOW).options}


@settings(max_examples=100, deadline=None)
@given(CHALLENGES, SEVERITIES, FAULTS, FACTS, COMPENSATIONS)
def test_what_costs_nothing_is_still_offered_when_the_budget_is_spent(
    challenge: ChallengeType,
    severity: Severity,
    fault: Fault,
    facts: dict[str, bool | int | str],
    given_before: tuple[Compensation, ...],
) -> None:
    judged = case(challenge, severity, fault, facts)
    ruling = rule_on(judged, given_before, Role.BOT, PLAYBOOK, NOW)
    firing = [r for r in PLAYBOOK.policy if r.id in ruling.rules]
    free = {e.remedy for r in firing for e in r.entitlements if e.amount == Amount()}
    assert free <= {o.remedy for o in ruling.options}


NEW_ONES = (Remedy.REPLACEMENT, Remedy.COLLECT_AND_SWAP, Remedy.RESEND_MISSING)


@settings(max_examples=200, deadline=None)
@given(CHALLENGES, SEVERITIES, FAULTS, FACTS, st.integers(0, 500_000), st.sampled_from(ROLES))
def test_a_new_one_counts_at_no_cost_whatever_it_is_worth(
    challenge: ChallengeType,
    severity: Severity,
    fault: Fault,
    facts: dict[str, bool | int | str],
    worth: int,
    role: Role,
) -> None:
    def sent(pence: int) -> dict[Remedy, int]:
        judged = case(challenge, severity, fault, {**facts, "order_pence": pence})
        return {o.remedy: o.pence for o in rule_on(judged, (), role, PLAYBOOK, NOW).options if o.remedy in NEW_ONES}

    assert sent(worth) == sent(4_900), (
        "only the voucher beside it is held to a limit, and it does not rest on the price"
    )


@settings(max_examples=200, deadline=None)
@given(CHALLENGES, SEVERITIES, FAULTS, FACTS)
def test_a_new_one_that_needs_approval_is_never_the_bots_to_send(
    challenge: ChallengeType, severity: Severity, fault: Fault, facts: dict[str, bool | int | str]
) -> None:
    careful = replace(PLAYBOOK.empowerment[Role.BOT], needs_approval=frozenset(NEW_ONES))
    book = replace(PLAYBOOK, empowerment={**PLAYBOOK.empowerment, Role.BOT: careful})
    judged = case(challenge, severity, fault, facts)
    before, after = (rule_on(judged, (), Role.BOT, b, NOW) for b in (PLAYBOOK, book))
    kept = {o.remedy for o in before.options if o.remedy not in NEW_ONES}
    assert {o.remedy for o in after.options} == kept
    new = {o.remedy for o in before.options} & set(NEW_ONES)
    assert new <= {o.remedy for o in after.above_limit}, "somebody above may still send it"
