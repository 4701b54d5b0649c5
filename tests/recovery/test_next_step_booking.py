"""What is confirmed is booked once, and what happens right after."""

from dataclasses import replace
from datetime import timedelta

from recovery.decision import RecordSurvey, Schedule
from recovery.state import Progress
from recovery.words import DialogueAct, FollowUpKind, RecoveryStep, Remedy, Role, Stage, Trigger
from tests.recovery.builders import (
    DAMAGED,
    LATE,
    NOW,
    PLAYBOOK,
    Conversation,
    broken,
    case,
    compensation,
    handed_over,
    history,
    order,
    responses,
    titles,
)

INFORM, DENY, AFFIRM = DialogueAct.INFORM, DialogueAct.DENY, DialogueAct.AFFIRM


def booked() -> Conversation:
    """A refund for a late parcel is booked, and the CRM shows it."""
    c = Conversation(history())
    c.reports()
    c.clicks("A full refund")
    c.clicks("Yes, please book it")
    given = compensation("9", "case-0", remedy=Remedy.REFUND, pence=4500, granted_at=NOW)
    c.known = history(cases=(case("case-0"),), compensations=(given,))
    return c


def test_a_booking_resolves_and_schedules_a_check_back_and_a_survey() -> None:
    c = booked()
    effects = c.decisions[-1].effects
    assert [e.kind for e in effects if isinstance(e, Schedule)] == [FollowUpKind.CHECK_BACK, FollowUpKind.SURVEY]
    assert c.decisions[-1].says[0].parts[0].step is RecoveryStep.RESOLVE
    assert c.state.problems[0].progress is Progress.BOOKED


def test_a_second_click_on_yes_books_nothing_more() -> None:
    c = booked()
    assert c.clicks("Yes, please book it").step == "booked_already"
    assert len(c.booked) == 1


def test_a_click_on_another_option_asks_first_and_books_nothing_more() -> None:
    c = booked()
    assert c.clicks("A new one").step == "ask_to_change"
    assert len(c.booked) == 1


def test_the_same_problem_told_again_at_once_gets_no_second_remedy() -> None:
    c = booked()
    again = c.reports()
    assert again.step == "booked_already"
    assert titles(again) == ["Talk to a person"]


def test_the_same_problem_told_again_after_its_time_is_a_failed_recovery() -> None:
    c = booked()
    c.now = NOW + timedelta(days=3)
    again = c.reports()
    assert "utter_listen_again" in responses(again)
    assert not any("refund" in t for t in titles(again))


def test_no_to_anything_else_ends_with_the_survey_once() -> None:
    c = booked()
    ended = c.says("no that is all", DENY)
    assert ended.effects == (RecordSurvey("case-0"),)
    assert ended.state.stage is Stage.SURVEYING
    c.says("no thanks", DENY)
    assert c.says("thanks", DialogueAct.THANK).effects == ()


def test_thanks_end_with_the_survey() -> None:
    assert booked().says("thank you", DialogueAct.THANK).step == "survey"


def test_bitter_thanks_are_taken_as_such_and_not_surveyed() -> None:
    bitter = booked().says("thanks for nothing", DialogueAct.THANK, frustration=2)
    assert responses(bitter) == ["utter_thanks_in_anger"]
    assert "Talk to a person" in titles(bitter)


def test_two_goodwill_gifts_in_one_conversation_stay_within_the_year() -> None:
    c = Conversation(history(order(), broken(), compensations=(compensation("1", "old", pence=4_800),)))
    c.says("broken and late", DialogueAct.REPORT_PROBLEM, challenges=(LATE, DAMAGED))
    c.says("a voucher please", INFORM)
    c.clicks("Yes, please book it")
    given = sum(b.option.pence for b in c.booked)
    assert given > 0
    left = PLAYBOOK.empowerment[Role.BOT].per_customer_a_year - 4_800 - given
    assert all(o.pence <= left for o in c.problem.options if o.remedy is Remedy.VOUCHER)


def test_the_next_problems_words_are_logged_under_the_next_problem() -> None:
    c = Conversation(history(order(), broken()))
    c.says("broken and late", DialogueAct.REPORT_PROBLEM, challenges=(LATE, DAMAGED))
    c.says("the first one", INFORM)
    c.clicks("Yes, please book it")
    first, second = (next(p for p in c.state.problems if p.challenge is ch) for ch in (DAMAGED, LATE))
    assert sum(s.step is RecoveryStep.APOLOGISE for s in first.steps) == 1
    assert sum(s.step is RecoveryStep.APOLOGISE for s in second.steps) == 1


def test_a_booking_after_which_a_person_takes_over_is_a_handoff_with_both_effects() -> None:
    c = Conversation(history(order(), broken(), cases=(case("1"), case("2"))))
    c.book = replace(c.book, escalation=tuple(r for r in c.book.escalation if r.id == "failed_twice"))
    c.says("broken and late", DialogueAct.REPORT_PROBLEM, challenges=(LATE, DAMAGED))
    c.says("the first one", INFORM)
    last = c.clicks("Yes, please book it")
    assert last.step == "hand_over"
    assert len(c.booked) == 1
    assert handed_over(last) is not None
    assert last.reasons


def test_a_problem_that_turns_out_to_be_none_is_withdrawn_gladly() -> None:
    c = Conversation(history())
    c.reports()
    fine = c.says("oh, it just arrived", INFORM)
    assert responses(fine) == ["utter_turned_out_fine", "utter_anything_else"]
    assert c.state.problems[0].progress is Progress.DROPPED
    assert c.state.stage is Stage.OPEN


def test_a_withdrawn_problem_leaves_the_others() -> None:
    c = Conversation(history(order(), broken()))
    c.says("broken and late", DialogueAct.REPORT_PROBLEM, challenges=(LATE, DAMAGED))
    assert c.says("my mistake, the vase is whole", INFORM).step == "turned_out_fine"
    assert c.problem.challenge is LATE


def test_no_case_is_both_recovered_and_handed_over() -> None:
    c = booked()
    assert c.decisions[-1].step == "book"
    assert handed_over(c.says("I want a person", DialogueAct.REQUEST_HUMAN, triggers=(Trigger.HUMAN_REQUEST,)))
    assert c.state.problems[0].progress is Progress.BOOKED
