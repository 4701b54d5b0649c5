"""Single rules of the real recovery policy that were once wrong."""

from pathlib import Path

from recovery.policy import rule_on
from recovery.state import Option
from recovery.words import ChallengeType, Fault, Remedy, Role, Severity
from redress.playbook import load
from redress.playbook.checks import ANY_DAY, normal_case

PLAYBOOK = load(Path(__file__).parents[2] / "playbook")


def offered(challenge: ChallengeType, fault: Fault, **facts: bool | int | str) -> dict[Remedy, Option]:
    case = normal_case(PLAYBOOK, challenge, Severity.MODERATE, fault, **facts)
    return {o.remedy: o for o in rule_on(case, (), Role.BOT, PLAYBOOK, ANY_DAY).options}


def test_a_renewal_at_a_wrong_price_sends_the_whole_payment_back_only_with_the_end_of_the_plan() -> None:
    plan = offered(ChallengeType.SUBSCRIPTION_PROBLEM, Fault.COMPANY, cause="renewal_error", order_pence=4_900)
    whole = {o.remedy for o in plan.values() if o.pence == 4_900}
    assert whole == {Remedy.CANCEL_AND_CONFIRM}
    assert "taken too much sent back" in plan[Remedy.PLAN_CORRECTION].promise


def test_a_cancellation_that_we_missed_sends_the_whole_payment_back() -> None:
    plan = offered(ChallengeType.SUBSCRIPTION_PROBLEM, Fault.COMPANY, cause="cancellation_missed", order_pence=4_900)
    assert plan[Remedy.CHARGE_REVERSAL].pence == 4_900
    assert plan[Remedy.CANCEL_AND_CONFIRM].pence == 0


def test_what_is_shown_as_delivered_is_made_good_as_owed_and_with_no_goodwill_on_the_word_alone() -> None:
    lost, shown = (
        offered(ChallengeType.LOST_PARCEL, Fault.UNKNOWN, arrived=arrived, order_pence=8_900)
        for arrived in (False, True)
    )
    assert lost[Remedy.REPLACEMENT].pence > 0
    assert shown[Remedy.REPLACEMENT].pence == 0
    assert shown[Remedy.REFUND].pence == 8_900
    flags = {(r.id, e.remedy): e.goodwill for r in PLAYBOOK.policy for e in r.entitlements}
    assert not any(flags[o.rule, o.remedy] for o in shown.values())
