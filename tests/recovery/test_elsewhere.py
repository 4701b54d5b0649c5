"""A problem that a person has in hand: nothing is offered beside what they may give."""

from hypothesis import given
from hypothesis import strategies as st

from recovery.decision import Book, NoteCase
from recovery.state import Progress
from recovery.words import CaseStatus, ChallengeType, DialogueAct
from tests.recovery.builders import (
    DAMAGED,
    LATE,
    LOST,
    Conversation,
    broken,
    case,
    handed_over,
    history,
    order,
    responses,
    titles,
)

WITH_A_PERSON = case("400", status=CaseStatus.ESCALATED, closed_at=None)


def told(challenge: ChallengeType = LATE, **changes: object) -> Conversation:
    c = Conversation(history(order(), broken(), cases=(WITH_A_PERSON,)))
    c.reports(challenge, orders=("10482",))
    return c


def test_who_has_it_is_said_a_person_offered_and_the_case_noted() -> None:
    c = told()
    (decision,) = c.decisions
    assert (decision.step, responses(decision)[-1], titles(decision)) == (
        "with_a_person",
        "utter_person_has_it",
        ["Talk to a person"],
    )
    assert [(type(e), getattr(e, "case_id", "")) for e in decision.effects] == [(NoteCase, "400")]
    assert c.state.problems[0].case_id == "400"


def test_it_is_apologised_for_once_and_the_earlier_contact_said_first() -> None:
    c = told()
    assert responses(c.decisions[0])[:2] == ["utter_listen_before", "utter_apologise_late_delivery"]
    assert responses(c.reports(LATE, "my kettle is still not here!", orders=("10482",))) == ["utter_person_has_it"]


def test_what_customers_take_for_the_same_is_with_that_person_too() -> None:
    assert told(LOST).decisions[0].step == "with_a_person"


def test_a_yes_brings_the_person() -> None:
    c = told()
    assert handed_over(c.says("yes please", DialogueAct.AFFIRM)) is not None


def test_another_order_is_recovered_as_ever_and_what_came_with_it_is_gone_on_with() -> None:
    c = told()
    assert (
        c.says("the vase is broken", DialogueAct.REPORT_PROBLEM, challenges=(DAMAGED,), orders=("10400",)).step
        == "offer"
    )
    both = Conversation(history(order(), broken(), cases=(WITH_A_PERSON,)))
    both.says("my kettle is late and the vase broken", DialogueAct.REPORT_PROBLEM, challenges=(LATE, DAMAGED))
    assert {p.progress for p in both.state.problems} <= {Progress.ESCALATED, Progress.OFFERED, Progress.HEARD}


@given(st.lists(st.sampled_from(["report", "refund", "yes", "no"]), max_size=6))
def test_nothing_is_ever_booked_for_it_by_the_bot(turns: list[str]) -> None:
    c = told()
    for turn in turns:
        match turn:
            case "report":
                c.reports(LATE, orders=("10482",))
            case "refund":
                c.says("give me the refund", DialogueAct.ACCEPT_OFFER)
            case "yes":
                c.says("yes please", DialogueAct.AFFIRM)
            case "no":
                c.says("no", DialogueAct.DENY)
    assert not [e for d in c.decisions for e in d.effects if isinstance(e, Book)]
