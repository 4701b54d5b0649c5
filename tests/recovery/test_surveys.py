"""Surveys: which one, on which scale, how often at most."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.around import Around
from recovery.conditions import Condition, NearMiss
from recovery.decision import RecordSurvey
from recovery.following_up import ask_survey
from recovery.heard import Heard
from recovery.next_step import next_step
from recovery.situation import Situation, Topic
from recovery.state import Mood, Problem, Progress, Recovery
from recovery.surveys import SurveyKind, SurveyRule, Surveys, rating_in
from recovery.words import DialogueAct, Severity, Stage
from tests.recovery.builders import LATE, NOW, VOUCHER, history, playbook, said

HELD = Condition("confirmed", is_in=(True,))
GRAVE = Condition("severity", at_least=3)
NPS = SurveyRule("grave", SurveyKind.NPS, (GRAVE, HELD), "utter_survey_nps")
CES = SurveyRule("own", SurveyKind.CES, (Condition("remedy", is_in=("access_reset",)),), "utter_survey_ces")
CSAT = SurveyRule("plain", SurveyKind.CSAT, (), "utter_survey")
BOOK = playbook(surveys=Surveys((CES, NPS, CSAT), at_most_every_days=30))
BOOKED = Problem(LATE, "m0", "311", options=(VOUCHER,), agreed=VOUCHER.id, progress=Progress.BOOKED)
STATE = Recovery(problems=(BOOKED,))


def grave() -> Recovery:
    return replace(STATE, problems=(replace(BOOKED, severity=Severity.MAJOR),), confirmed=("311",))


def test_the_first_survey_whose_conditions_hold_is_asked_with_its_own_scale() -> None:
    plain, after_grave = (ask_survey(s, "311", BOOK, None, NOW) for s in (STATE, grave()))
    assert plain is not None
    assert after_grave is not None
    assert (plain.record, len(plain.say.buttons)) == (RecordSurvey("311", kind=SurveyKind.CSAT), 5)
    assert (after_grave.record.kind, [b.title for b in after_grave.say.buttons][-1]) == (SurveyKind.NPS, "10")


def test_the_survey_that_one_fact_kept_out_is_told() -> None:
    asked = ask_survey(replace(STATE, confirmed=("311",)), "311", BOOK, None, NOW)
    assert asked is not None
    assert asked.nearly == (NearMiss("grave", "severity", "at least major", "minor"),)


def test_a_person_is_asked_no_more_often_than_the_playbook_says() -> None:
    lately, long_ago = NOW - timedelta(days=29), NOW - timedelta(days=30)
    assert ask_survey(STATE, "311", BOOK, lately, NOW) is None
    assert ask_survey(STATE, "311", BOOK, long_ago, NOW) is not None


def test_a_remedy_that_held_for_somebody_asked_lately_ends_without_a_survey() -> None:
    state = replace(STATE, stage=Stage.CHECKING_BACK, check_back_case="311", turns=2)
    around = Around(surveyed_at=NOW - timedelta(days=1))
    decision = next_step(
        Situation(Topic.ANSWER_SURVEY, said("yes", DialogueAct.AFFIRM), state, history(), BOOK, NOW, around)
    )
    assert decision.step == "check_back_held"
    assert not [e for e in decision.effects if isinstance(e, RecordSurvey)]


@pytest.mark.parametrize(
    ("text", "kind", "rating"),
    [
        ("10", SurveyKind.NPS, 10),
        ("0", SurveyKind.NPS, 0),
        ("zero!", SurveyKind.NPS, 0),
        ("9 out of 10", SurveyKind.NPS, 9),
        ("7/7", SurveyKind.CES, 7),
        ("six", SurveyKind.CES, 6),
        ("8", SurveyKind.CES, None),
        ("6", SurveyKind.CSAT, None),
        ("5 out of 10", SurveyKind.CES, None),
        ("4 out of 5", SurveyKind.NPS, None),
        ("11", SurveyKind.NPS, None),
    ],
)
def test_a_rating_is_read_on_its_own_scale(text: str, kind: SurveyKind, rating: int | None) -> None:
    assert rating_in(said(text), kind) == rating


@given(st.text(max_size=150), st.sampled_from(SurveyKind))
def test_a_rating_is_on_the_scale_or_none(text: str, kind: SurveyKind) -> None:
    assert rating_in(said(text), kind) in (None, *kind.scale)


def rated(number: int, rule: SurveyRule) -> list[RecordSurvey]:
    state = replace(STATE, stage=Stage.SURVEYING, survey_case="311", survey=rule.id, surveyed=("311",), mood=Mood())
    heard: Heard = said(str(number), choice=f"rating:{number}")
    decision = next_step(Situation(Topic.ANSWER_SURVEY, heard, state, history(), BOOK, NOW))
    return [e for e in decision.effects if isinstance(e, RecordSurvey)]


@pytest.mark.parametrize("rule", [CSAT, CES, NPS])
def test_every_rating_of_a_scale_is_recorded_with_its_kind(rule: SurveyRule) -> None:
    for number in rule.kind.scale:
        assert rated(number, rule) == [RecordSurvey("311", rating=number, kind=rule.kind)]


def test_one_and_two_are_low_on_every_scale_and_six_is_a_detractor() -> None:
    assert [k.is_low(r) for k in SurveyKind for r in (1, 2, 3)] == [True, True, False] * 3
    assert SurveyKind.NPS.is_poor(6)
    assert not SurveyKind.NPS.is_poor(7)
