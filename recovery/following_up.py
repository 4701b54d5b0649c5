"""After a recovery: did the remedy hold, and how was it. Each case is asked once."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from recovery.check_backs import Told, beside, told_in
from recovery.choosing import says_no
from recovery.conditions import NearMiss, Value
from recovery.decision import Button, CloseCase, Decision, FailCase, Part, RecordSurvey, Say
from recovery.offering import offer_again
from recovery.orders import told_of
from recovery.playbook import Playbook
from recovery.price import PRICE_BACK
from recovery.rewarding import with_gift
from recovery.situation import Situation, Topic
from recovery.state import Problem, Progress, Recovery
from recovery.surveys import SurveyRule, rating_in, rating_on
from recovery.telling import NO_COMMENT, PERSON, ratings
from recovery.words import ChallengeType, DialogueAct, Stage

OTHER_SCALE = re.compile(r"^\W*(?:a |about |maybe )?\d+(?:[.,]\d+)?\s*(?:/\s*\d+|out of \d+)?\W*$", re.IGNORECASE)
A_BARE_NO = 3  # words
A_BARE_SCORE = 4  # words: "5 out of 5"
UNTAKEN = frozenset({Stage.OPEN, Stage.BOOKED, Stage.CHECKING_BACK})  # where a number can mean nothing else
ARRIVED = (
    Button("utter_title_all_sorted", DialogueAct.AFFIRM, "yes"),
    Button("utter_title_not_sorted", DialogueAct.DENY, "no"),
    PERSON,
)


def answer(s: Situation) -> Decision | None:
    """An answer to a check-back or a survey, or None when it is something else."""
    if s.state.stage is not Stage.SURVEYING and (late := _late_rating(s)) is not None:
        return _rated_late(s, late)
    if s.state.stage is Stage.CHECKING_BACK and s.topic in (Topic.ANSWER_SURVEY, Topic.RECOVER):
        return _checked_back(s)
    # A comment may sound like a new problem: "you never called me back" after a low rating.
    told = s.state.stage is Stage.COMMENTING and s.topic in (Topic.RECOVER, Topic.BOT_COMPLAINT)
    if told and not s.heard.challenges and not s.heard.choice:
        return _commented(s)
    bare = s.heard.text.strip(" .!").isdecimal() and s.topic is not Topic.PERSON
    if s.state.stage is Stage.SURVEYING and bare:
        return _rated(s)  # a bare number is a rating, whatever the act was taken for
    if s.topic is not Topic.ANSWER_SURVEY:
        return None
    if s.state.stage is Stage.SURVEYING:
        return _rated(s)
    if s.state.stage is Stage.COMMENTING:
        return _commented(s)
    return None


def problem_of(state: Recovery, case_id: str | None) -> Problem | None:
    """The problem that a case is about, in this conversation."""
    return next((p for p in reversed(state.problems) if p.case_id == case_id), None)


@dataclass(frozen=True, slots=True)
class Asked:
    """A survey: its question, the state that waits for the answer, and the record that it was asked."""

    say: Say
    state: Recovery
    record: RecordSurvey
    rule: str
    facts: dict[str, Value]
    nearly: tuple[NearMiss, ...] = ()


def ask_survey(
    state: Recovery, case_id: str, playbook: Playbook, last: datetime | None, now: datetime
) -> Asked | None:
    """The survey that the playbook has for a case; None when none fits, or the person was asked not long ago."""
    if not playbook.surveys.may_ask(last, now):
        return None
    facts = survey_facts(state, case_id)
    rule, nearly = playbook.surveys.chosen(facts)
    if rule is None:
        return None
    waiting = replace(
        state,
        stage=Stage.SURVEYING,
        survey_case=case_id,
        survey=rule.id,
        survey_asked_at=now,
        surveyed=(*state.surveyed, case_id),
    )
    ask = Say((Part(rule.ask),), ratings(rule.kind))
    return Asked(ask, waiting, RecordSurvey(case_id, kind=rule.kind), rule.id, facts, nearly)


def survey_facts(state: Recovery, case_id: str) -> dict[str, Value]:
    """What is known of a booking when we come back to it."""
    problem = problem_of(state, case_id)
    option = problem.option(problem.agreed) if problem else None
    return {
        "challenge": problem.challenge.value if problem else "none",
        "severity": int(problem.severity) if problem else 0,
        "remedy": option.remedy.value if option else "none",
        "worst_frustration": state.mood.peak,
        "confirmed": case_id in state.confirmed,
    }


def ask_check_back(state: Recovery, problem: Problem, playbook: Playbook) -> tuple[Say, Recovery]:
    """The check-back's question and the state that waits for its answer."""
    option = problem.option(problem.agreed)
    rule = playbook.follow_ups.get(option.remedy) if option else None
    facts = {"promise": option.promise if option else ""}
    waiting = replace(state, stage=Stage.CHECKING_BACK, check_back_case=problem.case_id)
    return Say((Part(rule.ask if rule else "utter_check_back", facts),), ARRIVED), waiting


def _checked_back(s: Situation) -> Decision | None:
    case_id = s.state.check_back_case
    problem = problem_of(s.state, case_id)
    if case_id is None or problem is None:
        return None
    told = told_in(s.heard, problem)
    done = replace(s.state, stage=Stage.BOOKED, check_back_case=None)
    if told is not Told.FAILED and not says_no(s.heard):
        done = replace(done, confirmed=tuple(dict.fromkeys((*done.confirmed, case_id))))
    match told:
        case Told.FAILED:
            return _did_not_hold(s, done, case_id, problem)
        case Told.WAITS | Told.PART:
            return _not_all(s, told, problem)
        case Told.HELD:
            return _held(s, _with_what_came_beside(done, problem, s), case_id, problem)
    return None


def _not_all(s: Situation, told: Told, problem: Problem) -> Decision:
    """Nothing has failed and nothing is settled: the question stays open, and a person is at hand."""
    ask = Say((Part("utter_check_back_part" if told is Told.PART else "utter_check_back_waits"),), ARRIVED)
    return Decision(f"check_back_{told}", (ask,), s.state, rules=checked_by(problem), about=problem)


def _with_what_came_beside(done: Recovery, problem: Problem, s: Situation) -> Recovery:
    """ "Yes, but it is dented": the parcel came, and what is wrong with it is a problem of the same order."""
    known = {p.challenge for p in done.problems if p.heard_in == s.heard.message_id}
    named = told_of(s.history, s.heard) if s.history else ()
    order_id = named[0].id if len(named) == 1 else problem.order_id
    new = tuple(
        Problem(
            challenge,
            s.heard.message_id,
            order_id=order_id,
            severity=s.playbook.challenges[challenge].severity,
            told_at=s.state.turns,
        )
        for challenge in beside(s.heard, problem)
        if challenge not in known
    )
    return replace(done, problems=(*done.problems, *new))


def turned_out_fine(s: Situation) -> Decision:
    """The problem in hand turned out to be none: it is withdrawn, and gladly."""
    problem = s.problem
    assert problem is not None  # noqa: S101 - the caller has looked
    dropped = s.state.changed(problem, progress=Progress.DROPPED, agreed=None)
    state = replace(dropped, stage=Stage.BOOKED if s.state.last_booked else Stage.OPEN)
    return Decision("turned_out_fine", (Say((Part("utter_turned_out_fine"),)),), state, about=problem)


def _held(s: Situation, done: Recovery, case: str, problem: Problem) -> Decision:
    glad = Say((Part("utter_glad_it_held"),))
    facts: dict[str, Value] = {**survey_facts(done, case), "held": True}
    held = Decision(
        "check_back_held", (glad,), done, (CloseCase(case),), checked_by(problem), inputs=facts, about=problem
    )
    if done.current is not None:  # another problem waits: it is gone on with, and the survey has its own time
        new = done.current.heard_in == s.heard.message_id
        return replace(held, says=() if new else held.says, state=replace(done, stage=Stage.OPEN))
    asked = None
    if case not in s.state.surveyed:
        asked = ask_survey(done, case, s.playbook, s.around.surveyed_at, s.now)
    if asked is None:
        return with_gift(held, s, case)
    say = Say((*glad.parts, *asked.say.parts), asked.say.buttons)
    return replace(
        held,
        says=(say,),
        state=asked.state,
        effects=(*held.effects, asked.record),
        rules=(*held.rules, asked.rule),
        nearly=asked.nearly,
    )


def checked_by(problem: Problem) -> tuple[str, ...]:
    """The playbook's rule of coming back after what is booked, by its place in `follow_ups.yml`."""
    option = problem.option(problem.agreed)
    return (f"follow_ups.{option.remedy}",) if option else ()


def _did_not_hold(s: Situation, done: Recovery, case: str, problem: Problem) -> Decision:
    """The failed recovery is marked, and the same problem is taken up anew with all that is known.

    Where it was money, what is missing now is that money, and not the parcel that it made up for.
    """
    option = problem.option(problem.agreed)
    unpaid = option is not None and option.remedy in PRICE_BACK
    again = Problem(
        ChallengeType.REFUND_DELAY if unpaid else problem.challenge,
        s.heard.message_id,
        order_id=problem.order_id,
        severity=problem.severity,
        told_at=s.state.turns,
        signs=problem.signs,
    )
    done = replace(done, confirmed=tuple(c for c in done.confirmed if c != case))
    failed = done.changed(problem, progress=Progress.FAILED) if problem.progress is Progress.BOOKED else done
    state = replace(failed, problems=(*failed.problems, again), stage=Stage.OPEN)
    facts: dict[str, Value] = {**survey_facts(done, case), "held": False}
    effects = (FailCase(case),)
    return Decision("check_back_failed", (), state, effects, checked_by(problem), inputs=facts, about=again)


def _rated(s: Situation) -> Decision | None:
    case, rule = s.state.survey_case, _rule(s)
    rating = rating_in(s.heard, rule.kind)
    if case is None:
        return None
    if rating is None:
        return _not_rated(s)
    low = rule.kind.is_low(rating)
    ask = Say(
        (Part("utter_survey_low" if low else "utter_survey_comment"),), (NO_COMMENT, PERSON) if low else (NO_COMMENT,)
    )
    return _with_rating(s, rating, ask, replace(s.state, stage=Stage.COMMENTING))


def _with_rating(s: Situation, rating: int, say: Say, state: Recovery) -> Decision:
    """The rating is recorded, for the case that was asked about, and is waited for no more."""
    rule, case = _rule(s), s.state.survey_case
    assert case is not None  # noqa: S101 - the callers have looked
    rated = replace(state, survey_asked_at=None, pleased=not rule.kind.is_poor(rating))
    inputs: dict[str, bool | int | str] = {"rating": rating, "survey": rule.kind.value}
    record = RecordSurvey(case, rating=rating, kind=rule.kind)
    return Decision("survey_rated", (say,), rated, (record,), (rule.id,), inputs=inputs)


def rating_pressed(
    choice: str, state: Recovery, playbook: Playbook, now: datetime
) -> tuple[RecordSurvey, SurveyRule, Recovery] | None:
    """The rating that a button carries for the survey last asked, and the state once it is waited for no more."""
    rule = playbook.surveys.rule(state.survey)
    rating = rating_on(choice, rule.kind)
    if rating is None or not _waits_for_rating(state, playbook, now):
        return None
    record = RecordSurvey(state.survey_case or "", rating=rating, kind=rule.kind)
    stage = Stage.BOOKED if state.stage is Stage.SURVEYING else state.stage
    return record, rule, replace(state, stage=stage, survey_asked_at=None, pleased=not rule.kind.is_poor(rating))


def _waits_for_rating(state: Recovery, playbook: Playbook, now: datetime) -> bool:
    """Whether a survey was asked that nobody has rated, and not too long ago."""
    asked_at = state.survey_asked_at
    return state.survey_case is not None and asked_at is not None and playbook.surveys.takes(asked_at, now)


def _late_rating(s: Situation) -> int | None:
    """A bare score for the survey last asked, though something else was said or asked since."""
    state = s.state
    if not _waits_for_rating(state, s.playbook, s.now):
        return None
    pressed = s.heard.choice.startswith("rating:")
    bare = state.stage in UNTAKEN and s.heard.act is not DialogueAct.REQUEST_HUMAN and not s.heard.choice
    if not pressed and not (bare and len(s.heard.text.split()) <= A_BARE_SCORE):
        return None
    return rating_in(s.heard, _rule(s).kind)


def _rated_late(s: Situation, rating: int) -> Decision | None:
    """Thanked for in a word, and what was asked or offered since is put again; else as if it had come in time."""
    low = _rule(s).kind.is_low(rating)
    noted = Part("utter_survey_noted_low" if low else "utter_survey_noted")
    checked = problem_of(s.state, s.state.check_back_case) if s.state.stage is Stage.CHECKING_BACK else None
    if checked is not None:
        say, waiting = ask_check_back(s.state, checked, s.playbook)
        return _with_rating(s, rating, replace(say, parts=(noted, *say.parts)), waiting)
    if s.problem is not None and s.problem.on_the_table and s.verified:
        again = offer_again(s, s.problem, "utter_offer_still", noted)
        return replace(_with_rating(s, rating, again.says[0], again.state), about=s.problem)
    return _rated(s)


def _rule(s: Situation) -> SurveyRule:
    """The survey whose answer is waited for."""
    return s.playbook.surveys.rule(s.state.survey)


def _not_rated(s: Situation) -> Decision | None:
    """Declined, or a number that is on no scale of ours: then the scale is shown again."""
    ends = s.heard.act in (DialogueAct.GOODBYE, DialogueAct.THANK)
    if (says_no(s.heard) or ends) and not s.heard.challenges:
        declined = replace(s.state, stage=Stage.BOOKED, survey_case=None)
        told = Decision("survey_declined", (Say((Part("utter_survey_declined"),)),), declined, (), (_rule(s).id,))
        return with_gift(told, s, s.state.survey_case or "")
    if not s.heard.challenges and not s.heard.choice and OTHER_SCALE.match(s.heard.text):
        rule = _rule(s)
        return Decision("survey_again", (Say((Part(rule.ask),), ratings(rule.kind)),), s.state, (), (rule.id,))
    return None


def _commented(s: Situation) -> Decision | None:
    case = s.state.survey_case
    if case is None:
        return None
    done = replace(s.state, stage=Stage.BOOKED, survey_case=None)
    thanks = (Say((Part("utter_survey_thanks"),)),)
    # "No" is no comment, but "no, you never called me back" is one.
    if says_no(s.heard) and (s.heard.choice or len(s.heard.text.split()) <= A_BARE_NO):
        return with_gift(Decision("survey_done", thanks, done, (), (_rule(s).id,)), s, case)
    record = RecordSurvey(case, comment=s.heard.text[:2000], kind=_rule(s).kind)
    return with_gift(Decision("survey_done", thanks, done, (record,), (_rule(s).id,)), s, case)


def survey_due(state: Recovery) -> str | None:
    """The case to ask about when a conversation comes to its end: booked, and not asked yet."""
    booked = [p for p in state.problems if p.progress is Progress.BOOKED and p.case_id]
    return next((p.case_id for p in reversed(booked) if p.case_id not in state.surveyed), None)
