"""A third trouble of one message is heard where a clause says it in so many words, and each has its case."""

import pytest

from recovery.further import told_further
from recovery.words import ChallengeType, DialogueAct
from tests.recovery.builders import DAMAGED, LATE, Conversation, broken, handed_over, history, order, responses, said

REPORT = DialogueAct.REPORT_PROBLEM
STAFF, BILL, REFUND = ChallengeType.STAFF_CONDUCT, ChallengeType.BILLING_ERROR, ChallengeType.REFUND_DELAY


@pytest.mark.parametrize(
    ("words", "understood", "possible", "further"),
    [
        ("it came late, I was charged twice and your driver was rude", (LATE, STAFF), (), (BILL,)),
        ("I was charged twice, it's late, and your driver swore at me", (BILL, LATE), (), (STAFF,)),
        ("the lamp is cracked and your delivery guy swore at me", (STAFF,), (DAMAGED,), (DAMAGED,)),
        ("Lamp broken. Refund not here. Your driver was rude.", (STAFF, DAMAGED), (), (REFUND,)),
        ("the lamp is cracked and your delivery guy swore at me", (STAFF,), (), ()),  # not even likely
        ("it's late, it's dear, and your driver wasn't rude", (LATE, BILL), (), ()),
        ("the kettle is cracked and smashed", (ChallengeType.FAULTY_PRODUCT,), (DAMAGED,), ()),  # the same trouble
        ("your driver was rude", (), (STAFF,), (STAFF,)),  # likely, and said plainly
        ("one of my orders came damaged", (), (DAMAGED,), (DAMAGED,)),
        ("your driver was rude", (), (), ()),
        ("the train still isn't here, you charged me twice and he was rude", (BILL, STAFF), (), (LATE,)),
        ("I'm not late, the bill is wrong and he was rude", (BILL, STAFF), (), ()),
    ],
)
def test_a_clause_that_says_it_plainly_is_heard(
    words: str,
    understood: tuple[ChallengeType, ...],
    possible: tuple[ChallengeType, ...],
    further: tuple[ChallengeType, ...],
) -> None:
    assert told_further(said(words, REPORT, challenges=understood, possible=possible)) == further


def test_what_only_asks_or_answers_tells_of_nothing_further() -> None:
    asks = said("is it late, and was the driver rude?", DialogueAct.ASK_STATUS, challenges=(LATE, BILL))
    assert told_further(asks) == ()


def test_each_has_its_case_the_gravest_first_and_the_others_are_named() -> None:
    c = Conversation(history(broken("1"), order()))
    words = "the vase came smashed, the kettle is late and your driver was rude"
    decided = c.says(words, REPORT, challenges=(DAMAGED, LATE))
    assert {p.challenge for p in c.state.problems} == {DAMAGED, LATE, STAFF}
    (others,) = [p for say in decided.says for p in say.parts if p.response == "utter_noted_other"]
    named = {p.challenge.replace("_", " ") for p in c.state.problems} - {c.problem.challenge.replace("_", " ")}
    assert all(title in others.facts["problem"] for title in named)


def test_handed_over_the_others_are_named_too() -> None:
    c = Conversation(history(broken("1"), order()))
    words = "the vase came smashed, the kettle is late and I want a person"
    decided = c.says(words, DialogueAct.REQUEST_HUMAN, challenges=(DAMAGED, LATE))
    assert handed_over(decided)
    assert "utter_goes_with_it" in responses(decided)
