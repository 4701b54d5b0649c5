"""What the recovery policy offers while a contingency runs: tried on the real playbook, for each kind and problem."""

from itertools import product
from pathlib import Path

import pytest

from recovery.policy import rule_on
from recovery.state import Option
from recovery.words import ChallengeType, Fault, Remedy, Role, Severity
from redress.playbook import load
from redress.playbook.checks import ANY_DAY, normal_case

PLAYBOOK = load(Path(__file__).parents[2] / "playbook")
EXPLAINED = [(kind.id, c) for kind in PLAYBOOK.contingencies.values() for c in kind.challenges]
ANYBODYS = tuple(Fault)


def offered(
    kind: str, challenge: ChallengeType, fault: Fault, severity: Severity = Severity.MODERATE, cause: str = ""
) -> tuple[Option, ...]:
    why = cause or (PLAYBOOK.contingencies[kind].cause if kind != "none" else "")
    case = normal_case(PLAYBOOK, challenge, severity, fault, contingency=kind, **({"cause": why} if why else {}))
    return rule_on(case, (), Role.BOT, PLAYBOOK, ANY_DAY).options


def remedies(*args: object, **more: object) -> set[Remedy]:
    return {o.remedy for o in offered(*args, **more)}  # type: ignore[arg-type]


@pytest.mark.parametrize(("kind", "challenge"), EXPLAINED)
def test_whatever_hits_many_the_bot_has_something_to_offer(kind: str, challenge: ChallengeType) -> None:
    for fault, severity in product(ANYBODYS, Severity):
        assert offered(kind, challenge, fault, severity), (fault, severity)


def test_while_the_site_is_down_nobody_is_sent_a_link_to_sign_in_with() -> None:
    assert Remedy.ACCESS_RESET not in remedies("site_outage", ChallengeType.ACCOUNT_ACCESS, Fault.COMPANY)
    assert Remedy.ACCESS_RESET in remedies("none", ChallengeType.ACCOUNT_ACCESS, Fault.COMPANY)


def test_while_the_site_is_down_no_engineer_comes_to_a_home_that_is_not_the_trouble() -> None:
    outage = ChallengeType.SERVICE_OUTAGE
    assert Remedy.REPAIR_VISIT not in remedies("site_outage", outage, Fault.COMPANY)
    assert Remedy.REPAIR_VISIT in remedies("bad_weather", outage, Fault.NOBODY)
    line = remedies("site_outage", outage, Fault.PARTNER, cause="network_fault")
    assert Remedy.REPAIR_VISIT in line, "a line that is down of its own needs its engineer all the same"


@pytest.mark.parametrize("challenge", [ChallengeType.FAULTY_PRODUCT, ChallengeType.DAMAGED_ITEM])
def test_what_is_called_back_is_exchanged_or_paid_back_whoever_broke_it(challenge: ChallengeType) -> None:
    assert {Remedy.REPLACEMENT, Remedy.REFUND} <= remedies("recall", challenge, Fault.CUSTOMER, cause="misuse")
    assert Remedy.REFUND not in remedies("none", challenge, Fault.CUSTOMER, cause="misuse")


@pytest.mark.parametrize("kind", ["courier_strike", "bad_weather"])
def test_no_pick_up_is_promised_for_tomorrow_while_nobody_drives(kind: str) -> None:
    for fault, severity in product(ANYBODYS, Severity):
        promises = [o.promise for o in offered(kind, ChallengeType.RETURN_PROBLEM, fault, severity)]
        assert not any("pick-up tomorrow" in p for p in promises)
        assert any("first day" in p for p in promises)


@pytest.mark.parametrize("challenge", [ChallengeType.LATE_DELIVERY, ChallengeType.LOST_PARCEL])
def test_nothing_is_sent_by_express_today_over_closed_roads(challenge: ChallengeType) -> None:
    for fault, severity in product(ANYBODYS, Severity):
        options = offered("bad_weather", challenge, fault, severity)
        assert not any("today by express" in o.promise for o in options)
