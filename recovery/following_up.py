"""After a recovery: did the remedy hold, and how was it. Each case is asked once."""

from dataclasses import replace

from recovery.choosing import rating_in, says_no, says_yes
from recovery.decision import Button, CloseCase, Decision, Effect, FailCase, Part, RecordSurvey, Say
from recovery.situation import Situation
from recovery.state import Problem, Progress, Recovery
from recovery.telling import NO_COMMENT, PERSON, RATINGS
from recovery.words import DialogueAct, Stage

LOW = 2  # a rating at or under this alerts a supervisor
ARRIVED = (
    Button("Yes, all sorted", DialogueAct.AFFIRM, "yes"),
    Button("No, it isn't", DialogueAct.DENY, "no"),
    PERSON,
)


def answer(s: Situation) -> Decision | None:
    """An answer to a check-back or a survey, or None when it is something else."""
    if s.state.stage is Stage.CHECKING_BACK:
        return _checked_back(s)
    if s.state.stage is Stage.SURVEYING:
        return _rated(s)
    if s.state.stage is Stage.COMMENTING:
        return _commented(s)
    return None


def problem_of(state: Recovery, case_id: str | None) -> Problem | None:
    """The problem that a case is about, in this conversation."""
    return next((p for p in reversed(state.problems) if p.case_id == case_id), None)


def ask_survey(state: Recovery, case_id: str) -> tuple[Say, Recovery]:
    """The survey's question and the state that waits for its answer."""
    waiting = replace(state, stage=Stage.SURVEYING, survey_case=case_id, surveyed=(*state.surveyed, case_id))
    return Say((Part("utter_survey"),), RATINGS), waiting


def ask_check_back(state: Recovery, problem: Problem) -> tuple[Say, Recovery]:
    """The check-back's question and the state that waits for its answer."""
    option = problem.option(problem.agreed)
    facts = {"promise": option.promise if option else ""}
    waiting = replace(state, stage=Stage.CHECKING_BACK, check_back_case=problem.case_id)
    return Say((Part("utter_check_back", facts),), ARRIVED), waiting


def _checked_back(s: Situation) -> Decision | None:
    case = s.state.check_back_case
    problem = problem_of(s.state, case)
    if case is None or problem is None:
        return None
    done = replace(s.state, stage=Stage.BOOKED, check_back_case=None)
    if says_yes(s.heard) or s.heard.act is DialogueAct.THANK:
        return _held(s, done, case, problem)
    if says_no(s.heard):
        return _did_not_hold(s, done, case, problem)
    return None


def _held(s: Situation, done: Recovery, case: str, problem: Problem) -> Decision:
    glad = Say((Part("utter_glad_it_held"),))
    if case in s.state.surveyed:
        return Decision("check_back_held", (glad,), done, (CloseCase(case),), about=problem)
    ask, waiting = ask_survey(done, case)
    effects: tuple[Effect, ...] = (CloseCase(case), RecordSurvey(case))
    return Decision(
        "check_back_held", (Say((*glad.parts, *ask.parts), ask.buttons),), waiting, effects, about=problem
    )


def _did_not_hold(s: Situation, done: Recovery, case: str, problem: Problem) -> Decision:
    """The failed recovery is marked, and the same problem is taken up anew with all that is known."""
    again = Problem(problem.challenge, s.heard.message_id, order_id=problem.order_id, severity=problem.severity)
    state = replace(done, problems=(*done.problems, again), stage=Stage.OPEN)
    return Decision("check_back_failed", (), state, (FailCase(case),), about=again)


def _rated(s: Situation) -> Decision | None:
    case, rating = s.state.survey_case, rating_in(s.heard)
    if case is None:
        return None
    if rating is None:
        if not says_no(s.heard) and s.heard.act not in (DialogueAct.GOODBYE, DialogueAct.THANK):
            return None
        declined = replace(s.state, stage=Stage.BOOKED, survey_case=None)
        return Decision("survey_declined", (Say((Part("utter_survey_declined"),)),), declined)
    response = "utter_survey_low" if rating <= LOW else "utter_survey_comment"
    ask = Say((Part(response),), (NO_COMMENT, PERSON) if rating <= LOW else (NO_COMMENT,))
    state = replace(s.state, stage=Stage.COMMENTING)
    return Decision("survey_rated", (ask,), state, (RecordSurvey(case, rating=rating),), inputs={"rating": rating})


def _commented(s: Situation) -> Decision | None:
    case = s.state.survey_case
    if case is None:
        return None
    done = replace(s.state, stage=Stage.BOOKED, survey_case=None)
    thanks = (Say((Part("utter_survey_thanks"),)),)
    if says_no(s.heard):
        return Decision("survey_done", thanks, done)
    return Decision("survey_done", thanks, done, (RecordSurvey(case, comment=s.heard.text[:2000]),))


def survey_due(state: Recovery) -> str | None:
    """The case to ask about when a conversation comes to its end: booked, and not asked yet."""
    booked = [p for p in state.problems if p.progress is Progress.BOOKED and p.case_id]
    return next((p.case_id for p in reversed(booked) if p.case_id not in state.surveyed), None)
