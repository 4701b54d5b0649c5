"""Resolve: put the alternatives, hear the answer, confirm, and book only what was confirmed."""

from dataclasses import replace

from recovery.assessment import Assessment
from recovery.choosing import by_words, choose_option, says_no, says_yes
from recovery.decision import Book, Decision, Effect, Part, Say, Schedule
from recovery.policy import Ruling
from recovery.situation import Situation
from recovery.state import Option, Problem, Progress, Recovery
from recovery.telling import NO, PERSON, YES, explanation, facts_of, offer, opening
from recovery.words import DialogueAct, FollowUpKind, RecoveryStep, Stage

AT_ONCE = 2  # alternatives shown together: a tired person can compare two


def shown(problem: Problem) -> tuple[Option, ...]:
    """The alternatives on the table now."""
    return problem.on_the_table[:AT_ONCE]


def make_offer(s: Situation, assessment: Assessment, ruling: Ruling) -> Decision:
    """The first offer for a problem: apologise, explain, and offer what the recovery policy allows."""
    problem = replace(
        assessment.problem,
        options=ruling.options,
        progress=Progress.OFFERED,
        severity=assessment.severity,
    )
    state = replace(s.state.with_problem(assessment.problem, lambda _: problem), stage=Stage.OFFERING)
    first = opening(assessment, s)
    lead = Part("utter_offer", facts_of(assessment, s))
    put = offer(problem, shown(problem), lead, explained=explanation(assessment, s))
    says = (first, put) if first else (put,)
    return Decision(
        "offer", says, state, rules=ruling.rules, nearly=ruling.nearly, inputs=assessment.facts, about=problem
    )


def offer_again(s: Situation, problem: Problem, response: str) -> Decision:
    """Put what is on the table once more, after something else was said."""
    state = replace(s.state, stage=Stage.OFFERING)
    if problem.agreed and (option := problem.option(problem.agreed)):
        return _ask_to_confirm(s, problem, option)
    return Decision("offer_again", (offer(problem, shown(problem), Part(response)),), state, about=problem)


def answer(s: Situation, problem: Problem) -> Decision | None:
    """The customer's answer to an offer, or None when it was no answer."""
    if problem.progress is Progress.AGREED:
        return _answer_confirmation(s, problem)
    # A refused alternative may be taken after all, when it is named.
    if option := choose_option(problem.on_the_table, s.heard) or by_words(problem.options, s.heard):
        return _ask_to_confirm(s, problem, option)
    if says_no(s.heard):
        return _next_best(s, problem)
    if says_yes(s.heard):
        return offer_again(s, problem, "utter_offer_which")
    return None


def refuse(state: Recovery, problem: Problem, message_id: str) -> Recovery:
    """The state once the alternatives on the table were refused."""
    refused = (*problem.refused, *(o.id for o in shown(problem)))
    return state.changed(
        problem,
        refused=refused,
        refused_in=(*problem.refused_in, message_id),
        agreed=None,
        progress=Progress.OFFERED,
    )


def _next_best(s: Situation, problem: Problem) -> Decision:
    """The refusal has been taken in already (see next_step), so the table holds the next best."""
    state = replace(s.state, stage=Stage.OFFERING)
    put = offer(problem, shown(problem), Part("utter_offer_next_best"))
    return Decision("offer_next_best", (put,), state, about=problem)


def _ask_to_confirm(s: Situation, problem: Problem, option: Option) -> Decision:
    state = s.state.changed(problem, agreed=option.id, progress=Progress.AGREED)
    ask = Say((Part("utter_confirm", {"option": option.label, "promise": option.promise}),), (YES, NO, PERSON))
    return Decision("confirm", (ask,), replace(state, stage=Stage.CONFIRMING), about=problem)


def _answer_confirmation(s: Situation, problem: Problem) -> Decision | None:
    agreed = problem.option(problem.agreed)
    switched = choose_option(problem.on_the_table, s.heard)
    if switched and agreed and switched.id != agreed.id:
        return _ask_to_confirm(s, problem, switched)
    if agreed and (says_yes(s.heard) or (switched and s.heard.act is DialogueAct.ACCEPT_OFFER)):
        return _book(s, problem, agreed)
    if says_no(s.heard):
        back = s.state.changed(problem, agreed=None, progress=Progress.OFFERED)
        return offer_again(replace(s, state=back), replace(problem, agreed=None), "utter_offer_back")
    return None


def _book(s: Situation, problem: Problem, option: Option) -> Decision:
    booked = replace(problem, progress=Progress.BOOKED)
    state = replace(s.state.with_problem(problem, lambda _: booked), stage=Stage.BOOKED)
    rule = s.playbook.follow_ups.get(option.remedy)
    facts = {"promise": option.promise, "prevention": s.playbook.challenges[problem.challenge].prevention}
    parts = [Part("utter_booked", facts, RecoveryStep.RESOLVE)]
    if rule:
        parts.append(Part("utter_will_check_back", {"after": _span(rule.after_minutes)}))
    effects: list[Effect] = [
        Book(booked, option),
        *([Schedule(booked, FollowUpKind.CHECK_BACK, rule.after_minutes)] if rule else []),
        Schedule(booked, FollowUpKind.SURVEY, s.playbook.survey_after_minutes),
    ]
    return Decision(
        "book",
        (Say(tuple(parts)),),
        state,
        tuple(effects),
        (option.rule,),
        about=booked,
        inputs={"option": option.id, "pence": option.pence},
    )


def _span(minutes: int) -> str:
    """`in 3 days`, `in 2 hours`, `in a moment`: when we come back."""
    if minutes >= 1440:
        number = minutes // 1440
        return "tomorrow" if number == 1 else f"in {number} days"
    if minutes >= 60:
        number = minutes // 60
        return "in an hour" if number == 1 else f"in {number} hours"
    return "shortly"
