"""The engine's results, read as what was heard."""

import pytest

from casework.hearing import heard_from
from recovery.heard import Heard
from recovery.words import ChallengeType, DialogueAct
from tests.recovery.builders import NOW


def heard(**result: object) -> Heard:
    return heard_from(result, message_id="m1", text="yday", at=NOW, currency="GBP")


@pytest.mark.parametrize("act", ["affirm", "accept_offer", "deny", "reject_offer"])
def test_half_a_guess_at_a_yes_or_a_no_is_neither(act: str) -> None:
    assert heard(dialogue_act={"name": act, "confidence": 0.47}).act is DialogueAct.INFORM
    assert heard(dialogue_act={"name": act, "confidence": 0.8}).act == act
    assert heard(dialogue_act={"name": act}).act == act


def test_a_doubtful_report_is_a_report() -> None:
    assert heard(dialogue_act={"name": "report_problem", "confidence": 0.3}).act is DialogueAct.REPORT_PROBLEM


def test_what_may_be_meant_is_kept_apart_from_what_is_told() -> None:
    told = heard(challenges=[{"type": "late_delivery"}], possible=[{"type": "lost_parcel"}, {"type": "weather"}])
    assert (told.challenges, told.possible) == ((ChallengeType.LATE_DELIVERY,), (ChallengeType.LOST_PARCEL,))


@pytest.mark.parametrize(("told", "known"), [(0.83, 0.83), (7, 1.0), (-1, 0.0), (None, None), ("0.9", None)])
def test_the_chance_that_a_person_is_due_is_one_or_is_not_known(told: object, known: float | None) -> None:
    assert heard(person_due=told).person_due == known
