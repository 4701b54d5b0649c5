"""A message is looked at by a person when the NLU was not sure of it, and a label would help."""

from typing import Any

import pytest

from recovery.doubt import Why, doubts
from recovery.labels import Labels, labels_of, read_labels
from recovery.words import ChallengeType, DialogueAct, FrustrationLevel, Trigger


def result(
    act: str = "report_problem", sure: float = 0.95, challenge: float | None = 0.9, **more: Any
) -> dict[str, Any]:
    challenges = [] if challenge is None else [{"type": "late_delivery", "confidence": challenge}]
    return {"dialogue_act": {"name": act, "confidence": sure}, "challenges": challenges, **more}


@pytest.mark.parametrize(
    ("heard", "why"),
    [
        (result(), ()),
        (result(sure=0.59), (Why.UNSURE_ACT,)),
        (result(challenge=0.5), (Why.UNSURE_CHALLENGE,)),
        (result(challenge=None), (Why.NO_CHALLENGE,)),
        (result("inform", challenge=None), ()),
        (result("out_of_scope", 0.7, None, unclear="out_of_scope"), (Why.OUT_OF_SCOPE,)),
        (result("out_of_scope", 0.97, None, unclear="out_of_scope"), ()),
        (result("out_of_scope", 0.2, None, unclear="gibberish"), ()),
        (result("out_of_scope", 0.2, None, unclear="other_language"), ()),
        (result(sure=0.3, challenge=0.3), (Why.UNSURE_ACT, Why.UNSURE_CHALLENGE)),
    ],
)
def test_what_is_in_doubt_says_why(heard: dict[str, Any], why: tuple[Why, ...]) -> None:
    assert doubts(heard) == why


def test_labels_read_back_as_they_were_written() -> None:
    labels = Labels(
        DialogueAct.REPORT_PROBLEM,
        (ChallengeType.LOST_PARCEL, ChallengeType.STAFF_CONDUCT),
        FrustrationLevel.FURIOUS,
        (Trigger.LEGAL_THREAT,),
        person_due=True,
    )
    assert read_labels(labels.as_json()) == labels


def test_a_labeller_begins_with_what_was_heard() -> None:
    heard = result(frustration={"level": 2}, triggers=[{"name": "long_wait", "evidence": ["weeks"]}])
    assert read_labels(labels_of(heard)) == Labels(
        DialogueAct.REPORT_PROBLEM,
        (ChallengeType.LATE_DELIVERY,),
        FrustrationLevel.FRUSTRATED,
        (Trigger.LONG_WAIT,),
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"dialogue_act": "sing"},
        {"dialogue_act": "inform", "challenges": ["rain"]},
        {"dialogue_act": "inform", "frustration": 4},
    ],
)
def test_what_the_guide_does_not_know_is_no_label(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"act first|no such label"):
        read_labels(wrong)
