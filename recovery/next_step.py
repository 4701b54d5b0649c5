"""The next step of a recovery: one pure function of message, state, history, playbook and time."""

from dataclasses import replace

from recovery import following_up, identifying, offering, talking
from recovery.assessment import Assessment, assess
from recovery.choosing import choose_option, says_no
from recovery.decision import Decision, Part, Say
from recovery.escalation import Escalation, escalate
from recovery.listening import take_in
from recovery.policy import Ruling, rule_on
from recovery.situation import Situation, Topic
from recovery.state import Problem, Progress, Recovery
from recovery.telling import facts_of, opening
from recovery.words import DialogueAct, RecoveryStep, Role, Stage

ASIDES = {
    DialogueAct.THANK: Topic.SMALL_TALK,
    DialogueAct.GREET: Topic.SMALL_TALK,
    DialogueAct.GOODBYE: Topic.SMALL_TALK,
    DialogueAct.CHITCHAT: Topic.SMALL_TALK,
    DialogueAct.OUT_OF_SCOPE: Topic.OUTSIDE,
}


def next_step(before: Situation) -> Decision:
    """Decide one turn. A repeated call with equal values gives an equal decision."""
    if before.topic is Topic.ANSWER_SURVEY and (answered := following_up.answer(before)):
        if answered.step != "check_back_failed":
            return answered
        # The remedy did not hold: go on from there as from a problem told again.
        before = replace(before, state=answered.state, topic=Topic.RECOVER)
        decision = _recover(before, already=answered)
        return replace(decision, effects=(*answered.effects, *decision.effects))
    return _recover(_answers_taken_in(take_in(_routed(before))))


def _routed(s: Situation) -> Situation:
    """A message that was no answer to a survey, or no language at all, is taken for what it is."""
    if s.heard.unclear == "gibberish" and not s.heard.choice:
        return replace(s, topic=Topic.UNCLEAR)
    if s.topic is Topic.ANSWER_SURVEY:
        return replace(s, topic=ASIDES.get(s.heard.act, Topic.RECOVER))
    return s


def _answers_taken_in(s: Situation) -> Situation:
    """Refusals, misunderstandings and changes of order are part of the state before any rule looks at it."""
    problem, state, heard = s.problem, s.state, s.heard
    if s.topic in (Topic.UNCLEAR, Topic.BOT_COMPLAINT):
        misunderstood = (*state.misunderstood_in, heard.message_id)
        return replace(s, state=replace(state, misunderstood_in=misunderstood))
    if state.stage is Stage.VERIFYING and not s.verified and s.topic in (Topic.RECOVER, Topic.ANSWER_OFFER):
        return replace(s, state=replace(state, unverified_in=(*state.unverified_in, heard.message_id)))
    if s.topic is not Topic.ANSWER_OFFER or problem is None:
        return s
    if talking.wants_other_order(heard):
        return replace(s, state=_without_order(state, problem))
    refused = problem.progress is Progress.OFFERED and says_no(heard)
    if refused and choose_option(problem.on_the_table, heard) is None:
        return replace(s, state=offering.refuse(state, problem, heard.message_id))
    return s


def _without_order(state: Recovery, problem: Problem) -> Recovery:
    cleared = state.changed(
        problem, order_id=None, options=(), refused=(), refused_in=(), agreed=None, progress=Progress.HEARD
    )
    return replace(cleared, stage=Stage.IDENTIFYING)


def _recover(s: Situation, already: Decision | None = None) -> Decision:
    problem = s.problem
    assessment = assess(problem, s.heard, s.history, s.playbook, s.now) if problem else None
    ruling = _ruling(s, assessment)
    escalation = escalate(s, assessment, ruling)
    if escalation.hand_over is not None:
        return _hand_over(s, escalation, assessment)
    decision = _step(s, assessment, ruling)
    if already:
        decision = replace(decision, says=(*already.says, *decision.says))
    inputs = {**escalation.facts, **(assessment.facts if assessment else {}), **decision.inputs}
    return replace(decision, inputs=inputs, nearly=(*decision.nearly, *escalation.nearly))


def _ruling(s: Situation, assessment: Assessment | None) -> Ruling | None:
    """What the policy allows, once it is known whose problem and which order it is."""
    if assessment is None or s.history is None or identifying.needs_order(s, assessment.problem):
        return None
    return rule_on(assessment, s.history.compensations, Role.BOT, s.playbook, s.now)


def _step(s: Situation, assessment: Assessment | None, ruling: Ruling | None) -> Decision:
    problem = s.problem
    if aside := talking.aside(s):
        return aside
    if problem is None or assessment is None:
        return talking.ask_what_happened(s)
    if not s.verified:
        return identifying.ask_to_verify(s, problem)
    if identifying.needs_order(s, problem):
        return identifying.ask_which_order(s, problem)
    if ruling is not None and not problem.options:
        return offering.make_offer(s, assessment, ruling)
    return _go_on(s, problem)


def _go_on(s: Situation, problem: Problem) -> Decision:
    """An offer is on the table: hear the answer; what is none is kept as a detail, and the offer is put again."""
    decided = offering.answer(s, problem) if s.topic is Topic.ANSWER_OFFER else None
    if decided is None:
        return offering.offer_again(s, problem, "utter_noted_offer")
    return _with_next_problem(s, decided) if decided.step == "book" else decided


def _with_next_problem(s: Situation, booked: Decision) -> Decision:
    """After one problem is booked, the next one told of is taken up in the same breath."""
    after = replace(s, state=booked.state)
    if after.problem is None:
        more = Say((Part("utter_anything_else"),))
        return replace(booked, says=(*booked.says, more))
    onward = _recover(replace(after, topic=Topic.RECOVER))
    return replace(
        onward,
        step="book",
        says=(*booked.says, *onward.says),
        effects=(*booked.effects, *onward.effects),
        rules=(*booked.rules, *onward.rules),
        about=booked.about,
    )


def _hand_over(s: Situation, escalation: Escalation, assessment: Assessment | None) -> Decision:
    """Listen and apologise where that was not done, then say who takes over and that nothing need be repeated."""
    hand_over = escalation.hand_over
    assert hand_over is not None  # noqa: S101 - the caller has looked
    parts: list[Part] = []
    problem: Problem | None = None
    if assessment is not None:
        problem = assessment.problem
        first = opening(assessment, s)
        wanted = (RecoveryStep.LISTEN, RecoveryStep.APOLOGISE)
        parts = [p for p in first.parts if p.step in wanted] if first else []
    else:
        parts = []
    facts = {"name": s.first_name, **(facts_of(assessment, s) if assessment else {})}
    parts.append(Part(escalation.leading.response, facts))
    state = s.state
    for p in state.problems:
        if p.is_live:
            severity = assessment.severity if assessment and p == problem else p.severity
            state = state.changed(p, progress=Progress.ESCALATED, severity=severity)
    inputs = {**escalation.facts, **(assessment.facts if assessment else {})}
    return Decision(
        "hand_over",
        (Say(tuple(parts)),),
        replace(state, stage=Stage.HANDED_OVER),
        (hand_over,),
        hand_over.rules,
        escalation.nearly,
        inputs,
        hand_over.rationale.sentences,
        problem,
    )
