"""The order corrected: what was judged and said of the wrong one does not stay."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from recovery.words import ChallengeType, DialogueAct, RecoveryStep, Severity, Trigger
from tests.recovery.builders import LATE, NOW, Conversation, history, order, responses

RIGHT = order("10483", "Red lamp", promised_for=(NOW - timedelta(days=1)).date())


def told_of(days_late: int = 15, **heard: object) -> Conversation:
    """A kettle so many days late was told of, and answered; the customer means the lamp that is a day late."""
    kettle = order("10482", promised_for=(NOW - timedelta(days=days_late)).date())
    c = Conversation(history(kettle, RIGHT))
    c.reports(LATE, "my kettle 10482 is late", orders=("10482",), **heard)
    return c


def test_the_severity_of_the_wrong_order_does_not_stay() -> None:
    c = told_of()
    assert c.problem.severity is Severity.MAJOR
    c.says("sorry, I meant 10483", DialogueAct.INFORM, orders=("10483",))
    assert (c.problem.order_id, c.problem.severity) == ("10483", Severity.MINOR)


def test_the_apology_is_made_anew_for_the_right_thing_and_day() -> None:
    c = told_of()
    corrected = c.says("sorry, I meant 10483", DialogueAct.INFORM, orders=("10483",))
    assert f"utter_apologise_{ChallengeType.LATE_DELIVERY}" in responses(corrected)
    steps = {p.step for say in corrected.says for p in say.parts}
    assert {RecoveryStep.LISTEN, RecoveryStep.APOLOGISE} <= steps
    facts = next(p.facts for say in corrected.says for p in say.parts if p.step is RecoveryStep.APOLOGISE)
    assert (facts["item"], facts["promised"]) == ("red lamp", "19 Nov")


def test_it_is_another_order_does_the_same() -> None:
    c = told_of()
    c.says("no, the other one", DialogueAct.DENY, choice="other_order")
    assert (c.problem.order_id, c.problem.severity) == ("10483", Severity.MINOR)


def test_what_the_customer_said_of_themselves_still_counts() -> None:
    c = told_of(days_late=2, triggers=(Trigger.FINANCIAL_LOSS,))
    c.says("sorry, I meant 10483", DialogueAct.INFORM, orders=("10483",))
    assert (c.problem.order_id, c.problem.severity) == ("10483", Severity.MAJOR)


@given(st.lists(st.sampled_from(["10482", "10483"]), min_size=1, max_size=5), st.integers(1, 30))
def test_however_often_it_is_corrected_the_offer_is_that_of_the_last_order(orders: list[str], late: int) -> None:
    c = told_of(late)
    for number in orders:
        c.says(f"I mean {number}", DialogueAct.INFORM, orders=(number,))
    fresh = Conversation(c.known)
    fresh.reports(LATE, f"{orders[-1]} is late", orders=(orders[-1],))
    if fresh.state.current is not None:
        assert c.problem.severity is fresh.problem.severity
        assert c.problem.options == fresh.problem.options
