"""Of an order of several things, what is owed rests on those that were named as broken, and on all where none was."""

from dataclasses import replace

import pytest

from recovery.assessment import assess
from recovery.records import Order, OrderItem
from recovery.words import ChallengeType, DialogueAct
from tests.recovery.builders import DAMAGED, NOW, PLAYBOOK, Conversation, broken, history, said

REPORT = DialogueAct.REPORT_PROBLEM


def hamper(glasses: int = 1) -> Order:
    """A hamper of £55 and crystal glasses of £42 each."""
    things = (
        OrderItem("1-a", "SKU-A", "Afternoon tea hamper", 1, 5500),
        OrderItem("1-b", "SKU-B", "Crystal wine glasses", glasses, 4200),
    )
    return replace(broken("1", pence=5500 + 4200 * glasses), items=things)


def priced(words: str, order: Order, challenge: ChallengeType = DAMAGED) -> int:
    """What the share of the order is taken of."""
    c = Conversation(history(order))
    c.says(words, REPORT, challenges=(challenge,))
    (problem,) = c.state.problems
    facts = assess(problem, said("more", DialogueAct.INFORM), history(order), PLAYBOOK, NOW).facts
    return int(facts["item_pence"])


@pytest.mark.parametrize(
    ("words", "pence"),
    [
        ("the glasses came smashed", 4200),
        ("the hamper is ruined", 5500),
        ("the hamper and the glasses are both smashed", 9700),
        ("it all came smashed", 9700),
    ],
)
def test_what_is_named_as_broken_is_what_counts(words: str, pence: int) -> None:
    assert priced(words, hamper()) == pence


def test_each_of_several_alike_counts_and_never_more_than_was_paid() -> None:
    assert priced("the glasses came smashed", hamper(glasses=3)) == 12600
    cheap = replace(hamper(glasses=3), pence=9000)
    assert priced("the glasses came smashed", cheap) == 9000


def test_what_is_lost_is_the_whole_parcel_whatever_is_named() -> None:
    assert priced("the parcel with the glasses got lost", hamper(), ChallengeType.LOST_PARCEL) == 9700


def test_the_refund_that_is_offered_is_of_the_thing() -> None:
    c = Conversation(history(hamper()))
    c.says("the glasses came smashed", REPORT, challenges=(DAMAGED,))
    (problem,) = c.state.problems
    refunds = [o.pence for o in problem.options if o.remedy == "refund"]
    assert refunds == [4200]
