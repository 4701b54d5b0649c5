"""Take in a message: the mood after it, the problems it tells of, and the order each is about."""

import re
from dataclasses import replace

from recovery import mood
from recovery.choosing import NO, rating_in
from recovery.heard import Heard
from recovery.orders import OrderFinding, find_order
from recovery.situation import Situation, Topic
from recovery.state import Problem, Progress, Recovery
from recovery.words import ChallengeType, DialogueAct, Stage, Trigger

TELLS = frozenset(
    {
        DialogueAct.REPORT_PROBLEM,
        DialogueAct.INFORM,
        DialogueAct.DENY,
        DialogueAct.REQUEST_HUMAN,
        DialogueAct.COMPLAIN_ABOUT_BOT,
        DialogueAct.REJECT_OFFER,
        DialogueAct.ASK_STATUS,
    }
)
RESIGNED = re.compile(
    r"\b(?:never ?mind|nvm|forget (?:it|about it|this)|don'?t bother|leave it|giv(?:e|ing) up|what'?s the point"
    r"|no point|whatever|doesn'?t matter (?:any ?more|now)|not worth (?:it|my time))\b",
    re.IGNORECASE,
)
# What customers confuse, so that the second mention is a correction and not another problem.
KIN = (
    frozenset({ChallengeType.LATE_DELIVERY, ChallengeType.LOST_PARCEL}),
    frozenset(
        {
            ChallengeType.DAMAGED_ITEM,
            ChallengeType.FAULTY_PRODUCT,
            ChallengeType.NOT_AS_DESCRIBED,
            ChallengeType.WRONG_ITEM,
        }
    ),
    frozenset({ChallengeType.REFUND_DELAY, ChallengeType.RETURN_PROBLEM, ChallengeType.BILLING_ERROR}),
    frozenset({ChallengeType.SUBSCRIPTION_PROBLEM, ChallengeType.CANCELLATION_PROBLEM, ChallengeType.BILLING_ERROR}),
)


def take_in(s: Situation) -> Situation:
    """The situation once this message has been heard."""
    state = replace(s.state, mood=mood.after(s.state.mood, s.heard, refused=_refuses(s)))
    if s.verified:
        state = replace(state, unverified_in=(), asked_to_verify=0)
    state = _with_signs(_with_problems(replace(state, turns=state.turns + 1), s), s.heard)
    if s.verified:
        state = _with_orders(state, s)
    return replace(s, state=state)


def _with_signs(state: Recovery, heard: Heard) -> Recovery:
    """What stays true after the message that said it: a vulnerability, and having given up."""
    if heard.trigger(Trigger.VULNERABILITY):
        state = replace(state, vulnerable_in=(*state.vulnerable_in, heard.message_id))
    if _gives_up(state, heard):
        state = replace(state, cooled_in=(*state.cooled_in, heard.message_id))
    return state


def _gives_up(state: Recovery, heard: Heard) -> bool:
    """Words of resignation while a problem is unsolved and the conversation has been a trying one."""
    tried = state.mood.peak > 0 or bool(state.misunderstood_in)
    problem = state.current
    unsolved = problem is not None and problem.told_at < state.turns
    return unsolved and (tried or bool(problem and problem.refused)) and bool(RESIGNED.search(heard.text))


def _refuses(s: Situation) -> bool:
    return s.topic is Topic.ANSWER_OFFER and s.heard.act in NO and s.state.stage is Stage.OFFERING


def _kin(one: ChallengeType, other: ChallengeType) -> bool:
    return any(one in k and other in k for k in KIN)


def _with_problems(state: Recovery, s: Situation) -> Recovery:
    heard = s.heard
    told = heard.challenges if heard.act in TELLS and not _is_survey_reply(s) else ()
    if s.heard.choice.startswith("challenge:"):
        told = (ChallengeType(s.heard.choice.removeprefix("challenge:")),)
    for challenge in told:
        if any(p.challenge is challenge and p.is_live for p in state.problems):
            continue
        if (mistaken := _mistaken(state, challenge)) is not None:
            state = state.changed(mistaken, progress=Progress.DROPPED)
        severity = s.playbook.challenges[challenge].severity
        new = Problem(challenge, heard.message_id, severity=severity, told_at=state.turns)
        state = replace(state, problems=(*state.problems, new))
    return state


def _is_survey_reply(s: Situation) -> bool:
    return s.topic is Topic.ANSWER_SURVEY or (s.state.stage is Stage.SURVEYING and rating_in(s.heard) is not None)


def _mistaken(state: Recovery, challenge: ChallengeType) -> Problem | None:
    """A live problem that this one corrects: nothing agreed yet, told of earlier, and easily confused with it."""
    for p in state.problems:
        if p.progress in (Progress.HEARD, Progress.OFFERED) and p.case_id and _kin(p.challenge, challenge):
            return p
    return None


def _with_orders(state: Recovery, s: Situation) -> Recovery:
    for problem in state.problems:
        if problem.is_live and problem.progress is not Progress.AGREED:
            state = _with_order(state, problem, s)
    return state


def _with_order(state: Recovery, problem: Problem, s: Situation) -> Recovery:
    found = finding(problem, s)
    if problem.order_id is not None and not _names_another(problem, s.heard, found):
        return state
    if found.order is None or found.order.id == problem.order_id:
        return state
    return state.changed(
        problem, order_id=found.order.id, options=(), refused=(), refused_in=(), progress=Progress.HEARD
    )


def _names_another(problem: Problem, heard: Heard, found: OrderFinding) -> bool:
    """Whether the customer picks another order by number or by a click (a passing word does not)."""
    picked = heard.choice.startswith("order:") or bool(heard.values("order_number"))
    return picked and found.order is not None and found.order.id != problem.order_id


def finding(problem: Problem, s: Situation) -> OrderFinding:
    """Which of the customer's orders a problem is about."""
    rule = s.playbook.challenges[problem.challenge]
    if s.history is None or not (rule.needs_order or rule.order_kinds):
        return OrderFinding(None)
    return find_order(rule, s.heard, s.history, s.now)
