"""After a recovery: did it hold, and how was it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from recovery.decision import CloseCase, Decision, FailCase, RecordSurvey
from recovery.following_up import ask_check_back, survey_due
from recovery.state import Problem, Progress, Recovery
from recovery.words import DialogueAct, Stage
from tests.recovery.builders import (
    DAMAGED,
    LATE,
    LOST,
    PLAYBOOK,
    VOUCHER,
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
BOOKED = Problem(
    LATE, "m0", "311", "10482", options=(VOUCHER,), agreed=VOUCHER.id, progress=Progress.BOOKED, told_at=1
)


def asked(stage: Stage) -> Conversation:
    """A voucher was booked; the bot has come back with its question."""
    state = Recovery(stage=stage, problems=(BOOKED,), turns=3)
    if stage is Stage.CHECKING_BACK:
        state = replace(state, check_back_case="311")
    else:
        state = replace(state, survey_case="311", surveyed=("311",))
    return Conversation(history(cases=(case(),), compensations=(compensation(),)), state)


def effects(decision: Decision) -> list[str]:
    return [type(e).__name__ for e in decision.effects]


def test_a_check_back_asks_about_what_was_promised() -> None:
    say, state = ask_check_back(Recovery(problems=(BOOKED,)), BOOKED, PLAYBOOK)
    assert say.parts[0].facts == {"promise": "a £10 voucher"}
    assert state.check_back_case == "311"


@pytest.mark.parametrize(("text", "act"), [("yes", AFFIRM), ("it did thank you", DialogueAct.THANK)])
def test_a_remedy_that_held_closes_the_case_and_asks_the_survey(text: str, act: DialogueAct) -> None:
    c = asked(Stage.CHECKING_BACK)
    assert c.says(text, act).effects == (CloseCase("311"), RecordSurvey("311"))
    assert c.state.stage is Stage.SURVEYING


def test_a_remedy_that_held_is_not_surveyed_twice() -> None:
    c = asked(Stage.CHECKING_BACK)
    c.state = replace(c.state, surveyed=("311",))
    assert c.says("yes", AFFIRM).effects == (CloseCase("311"),)


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("no", DENY),
        ("still nothing", INFORM),
        ("it hasn't arrived", DialogueAct.REPORT_PROBLEM),
        ("it never came", INFORM),
    ],
)
def test_a_remedy_that_did_not_hold_fails_the_case_and_takes_the_problem_up_again(
    text: str, act: DialogueAct
) -> None:
    c = asked(Stage.CHECKING_BACK)
    failed = c.says(text, act)
    assert failed.effects[0] == FailCase("311")
    assert c.state.problems[0].progress is Progress.FAILED
    assert (c.problem.challenge, c.problem.order_id) == (LATE, "10482")
    assert "utter_listen_again" in responses(failed)


def test_a_failed_check_back_does_not_offer_the_same_remedy() -> None:
    c = asked(Stage.CHECKING_BACK)
    c.says("no", DENY)
    assert all(o.remedy is not VOUCHER.remedy for o in c.problem.options)


def test_a_second_failure_goes_to_a_senior_and_is_marked_too() -> None:
    c = asked(Stage.CHECKING_BACK)
    c.known = history(cases=(case("311"), case("290", failed=True)))
    failed = c.says("no", DENY)
    assert effects(failed) == ["FailCase", "HandOver"]
    over = handed_over(failed)
    assert over is not None
    assert over.team == "senior"


def test_a_furious_no_is_felt() -> None:
    c = asked(Stage.CHECKING_BACK)
    assert effects(c.says("NO you clowns", DENY, frustration=3)) == ["FailCase", "HandOver"]
    assert c.state.mood.peak == 3


def test_bitter_thanks_close_nothing() -> None:
    assert asked(Stage.CHECKING_BACK).says("thanks for nothing", DialogueAct.THANK, frustration=2).effects == ()


def test_another_problem_told_at_a_check_back_fails_nothing() -> None:
    c = asked(Stage.CHECKING_BACK)
    told = c.reports(DAMAGED, "the vase from 10400 broke")
    assert "FailCase" not in effects(told)
    assert c.problem.challenge is DAMAGED


def test_a_lost_parcel_told_at_the_check_back_of_a_late_one_is_its_failure() -> None:
    assert effects(asked(Stage.CHECKING_BACK).reports(LOST))[0] == "FailCase"


def test_a_failed_recovery_is_not_surveyed() -> None:
    c = asked(Stage.CHECKING_BACK)
    c.says("no", DENY)
    assert survey_due(c.state) is None


@pytest.mark.parametrize("rating", range(1, 6))
def test_a_rating_is_recorded_and_a_comment_asked_for(rating: int) -> None:
    c = asked(Stage.SURVEYING)
    rated = c.says(str(rating), INFORM)
    assert rated.effects == (RecordSurvey("311", rating=rating),)
    assert responses(rated) == ["utter_survey_low" if rating <= 2 else "utter_survey_comment"]
    assert c.state.stage is Stage.COMMENTING


def test_a_number_on_another_scale_shows_the_scale_again() -> None:
    again = asked(Stage.SURVEYING).says("8/10", INFORM)
    assert responses(again) == ["utter_survey"]
    assert again.effects == ()


def asked_both(open_for: timedelta = timedelta(days=1)) -> Conversation:
    """A survey that nobody answered, and a check-back that came after it."""
    c = asked(Stage.CHECKING_BACK)
    c.state = replace(c.state, survey_case="311", survey_asked_at=c.now - open_for, surveyed=("311",))
    return c


@pytest.mark.parametrize("text", ["5", "5/5", "five", "5 out of 5", "a 5"])
@pytest.mark.parametrize("act", [INFORM, AFFIRM, DENY, DialogueAct.CHITCHAT])
def test_a_late_score_is_the_surveys_though_a_check_back_was_asked_since(text: str, act: DialogueAct) -> None:
    c = asked_both()
    rated = c.says(text, act)
    assert rated.effects == (RecordSurvey("311", rating=5),)
    assert responses(rated) == ["utter_survey_noted", "utter_check_back"]
    assert "Yes, all sorted" in titles(rated)
    assert c.says("yes", AFFIRM).effects == (CloseCase("311"),)


def test_a_yes_or_a_no_is_the_check_backs_though_a_survey_is_open() -> None:
    assert asked_both().says("yes", AFFIRM).effects == (CloseCase("311"),)
    assert asked_both().says("no", DENY).effects[0] == FailCase("311")


def test_a_score_after_the_check_back_was_answered_is_still_the_surveys() -> None:
    c = asked_both()
    c.says("yes", AFFIRM)
    assert c.says("4", INFORM).effects == (RecordSurvey("311", rating=4),)
    assert c.state.stage is Stage.COMMENTING


def test_a_late_low_score_is_told_to_go_to_a_supervisor() -> None:
    assert responses(asked_both().says("1", INFORM))[0] == "utter_survey_noted_low"


def test_a_score_counts_once() -> None:
    c = asked_both()
    c.says("5", INFORM)
    assert c.says("4", INFORM).step != "survey_rated"


def test_a_survey_does_not_stay_open_for_ever() -> None:
    assert asked_both(timedelta(days=PLAYBOOK.surveys.open_days + 1)).says("5", INFORM).effects == ()


def test_a_number_among_alternatives_picks_one_though_a_survey_is_open() -> None:
    c = asked_both()
    c.says("no", DENY)
    picked = c.says("1", INFORM)
    assert picked.step == "confirm"


def test_a_click_on_an_old_score_counts_and_the_offer_stays() -> None:
    c = asked_both()
    c.says("no", DENY)
    rated = c.says("2", INFORM, choice="rating:2")
    assert rated.effects == (RecordSurvey("311", rating=2),)
    assert responses(rated) == ["utter_survey_noted_low", "utter_offer_still"]
    assert c.problem.agreed is None


def test_a_problem_told_during_a_survey_is_recovered_whatever_its_numbers() -> None:
    c = asked(Stage.SURVEYING)
    c.reports(DAMAGED, "2 of the glasses are broken")
    assert c.problem.challenge is DAMAGED


def test_a_survey_may_be_declined() -> None:
    c = asked(Stage.SURVEYING)
    assert c.says("no thanks", DENY).step == "survey_declined"
    assert c.state.stage is Stage.BOOKED


def test_a_comment_is_recorded_as_it_was_written() -> None:
    c = asked(Stage.COMMENTING)
    text = "no, you never called me back"
    assert c.says(text, DENY).effects == (RecordSurvey("311", comment=text),)
    assert c.state.stage is Stage.BOOKED


def test_a_bare_no_is_no_comment() -> None:
    assert asked(Stage.COMMENTING).says("no thanks", DENY).effects == ()


def test_a_click_on_a_rating_after_the_survey_is_no_choice_of_an_offer() -> None:
    c = Conversation(history())
    c.reports()
    told = c.says("2", INFORM, choice="rating:2")
    assert told.step == "offer_again"
    assert c.problem.agreed is None


def test_a_furious_comment_is_kept_and_brings_a_person() -> None:
    kept = asked(Stage.COMMENTING).says("you are all crooks", INFORM, frustration=3)
    assert effects(kept) == ["RecordSurvey", "HandOver"]


def test_what_is_told_of_it_at_a_check_back_is_about_what_was_checked() -> None:
    c = asked(Stage.CHECKING_BACK)
    c.known = history(order(), broken("10400"), cases=(case(),), compensations=(compensation(),))
    c.reports(DAMAGED, "it came but it's dented")
    assert (c.problem.challenge, c.problem.order_id) == (DAMAGED, "10482")


def test_what_is_told_by_name_at_a_check_back_is_about_that() -> None:
    c = asked(Stage.CHECKING_BACK)
    c.known = history(order(), broken("10400"), cases=(case(),), compensations=(compensation(),))
    c.reports(DAMAGED, "it came, but the vase is dented")
    assert c.problem.order_id == "10400"


def test_an_answer_to_a_check_back_names_its_rules_and_facts() -> None:
    held = asked(Stage.CHECKING_BACK).says("yes", AFFIRM)
    assert held.rules == ("follow_ups.voucher", "after_a_recovery")
    assert held.inputs == {
        "challenge": "late_delivery",
        "severity": 1,
        "remedy": "voucher",
        "worst_frustration": 0,
        "confirmed": True,
        "held": True,
    }
    failed = asked(Stage.CHECKING_BACK).says("no", DENY)
    assert failed.rules[0] == "follow_ups.voucher"
    assert failed.inputs["held"] is False


@pytest.mark.parametrize("text", ["no", "it was slow but fine"])
def test_every_end_of_a_survey_names_the_survey(text: str) -> None:
    c = asked(Stage.COMMENTING)
    assert c.says(text, DENY if text == "no" else INFORM).rules[0] == "after_a_recovery"
