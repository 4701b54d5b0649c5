"""The next step of a recovery: one pure function of message, state, history, playbook and time."""

from dataclasses import replace
from datetime import timedelta

from recovery import (
    asking,
    elsewhere,
    following_up,
    identifying,
    in_time,
    listening,
    meant,
    offering,
    owed,
    reports,
    rewarding,
    setting_aside,
    talking,
    things,
    undoing,
)
from recovery.assessment import Assessment, assess
from recovery.choosing import (
    says_no,
)
from recovery.contacts import told_on, which_time
from recovery.dangers import dangers_of
from recovery.decision import Decision, Part, Say
from recovery.escalation import Escalation, escalate
from recovery.fine import turned_out_fine
from recovery.foretelling import said_first
from recovery.heard import Heard
from recovery.languages import language_of
from recovery.policy import Ruling, promised, rule_on
from recovery.price import paid_back
from recovery.provisos import written_down
from recovery.situation import Situation, Topic
from recovery.state import Problem, Progress, Recovery
from recovery.telling import facts_of, noted, opening, others_handed_over, vented
from recovery.words import ChallengeType, DialogueAct, FrustrationLevel, RecoveryStep, Role, Stage, Trigger

A_WHILE = timedelta(hours=6)
GOES_ON = frozenset({"offer_again", "confirm", "ask_which_order", "offer_next_best", "small_talk", "status"})
ANSWERS = frozenset(
    {DialogueAct.ACCEPT_OFFER, DialogueAct.INFORM, DialogueAct.REPORT_PROBLEM, DialogueAct.DENY, DialogueAct.AFFIRM}
)
CAME_OFTEN = 2  # days before today
NO_CHANGE = frozenset({Topic.PERSON, Topic.BOT_COMPLAINT, Topic.UNCLEAR})
TELLS_OF_ONE = frozenset({"status", "contingency_asked", "ask_what_happened", "rephrase"})
NOTED = "utter_noted_offer"
WHICH = ("utter_offer_which", "utter_advice")  # after these a yes means the first
PERSON_OFFERED = (
    "utter_no_answer",
    "utter_with_help",
    "utter_status_case",
    "utter_person_has_it",
    "utter_too_late_to_change",
    "utter_other_language",
)


def next_step(before: Situation) -> Decision:
    """Decide one turn. A repeated call with equal values gives an equal decision."""
    felt = listening.feel(before)
    decided = written_down(_decided(felt), felt)
    return _remembered(said_first(_welcomed_back(before, _thanked(felt, decided)), felt))


def _thanked(s: Situation, decision: Decision) -> Decision:
    """What came with words is thanked for too, after what matters more when a person takes over."""
    if not s.heard.files or s.heard.wordless or not decision.says:
        return decision
    thanks, says = Part(talking.got(s.heard)), decision.says
    if decision.step == "hand_over":
        return replace(decision, says=(*says[:-1], replace(says[-1], parts=(*says[-1].parts, thanks))))
    return replace(decision, says=(replace(says[0], parts=(thanks, *says[0].parts)), *says[1:]))


def _decided(felt: Situation) -> Decision:
    if dangers_of(felt.heard) or _tells_of_harm(felt.heard):
        # Whatever was asked, and whosever order it is, this comes first.
        state = replace(felt.state, gift=None, gift_case=None, changing=None)
        return _recover(listening.take_in(replace(felt, state=state)))
    if felt.heard.wordless:
        return talking.shown_something(felt)
    felt = reports.put_right(felt)
    if rewarded := rewarding.answer(felt):
        return rewarded
    felt = replace(felt, state=replace(felt.state, gift=None, gift_case=None))
    answered = following_up.answer(felt)
    if answered is None:
        return _changed(felt) or _heard(replace(felt, state=replace(felt.state, changing=None)))
    answered = replace(answered, state=replace(answered.state, changing=None))
    # An answer to a survey may also call for a person; a remedy that did not hold is gone on from as a problem.
    onward = _recover(replace(felt, state=answered.state, topic=Topic.RECOVER))
    if answered.step == "check_back_failed" or onward.step == "hand_over":
        return _onward(answered, onward)
    if answered.step == "check_back_held" and answered.state.current is not None:
        return replace(_onward(answered, onward), says=(*answered.says, *onward.says))
    return answered


def _onward(answered: Decision, onward: Decision) -> Decision:
    """What is gone on with, and all that the answer before it came to."""
    return replace(
        onward,
        effects=(*answered.effects, *onward.effects),
        rules=(*answered.rules, *onward.rules),
        inputs={**answered.inputs, **onward.inputs},
    )


def _changed(s: Situation) -> Decision | None:
    """The answer to "shall I take it back?", and then the problem that waited meanwhile."""
    changed = undoing.answer(s)
    if changed is None:
        return None
    waiting = changed.step == "swap" and changed.state.current is not None
    return _with_next_problem(s, changed) if waiting or changed.step == "booking_kept" else changed


def _heard(s: Situation) -> Decision:
    if elses := talking.somebody_elses(s):
        return elses
    if s.topic not in NO_CHANGE and s.verified and undoing.rethinks_another(s):
        return _recover(s)  # it answers nothing that is on the table
    s = _answers_taken_in(listening.take_in(in_time.answered(things.answered(meant.routed(s)))))
    if turned_out_fine(s.state, s.heard):
        return _with_next_problem(s, following_up.turned_out_fine(s))
    return setting_aside.answer(s) or _recover(s)


def _tells_of_harm(heard: Heard) -> bool:
    return heard.trigger(Trigger.SAFETY_RISK) is not None or ChallengeType.SAFETY_INCIDENT in heard.challenges


def _remembered(decision: Decision) -> Decision:
    """From the first apology or offer on, frustration counts as `after`; and what was asked last is remembered."""
    state = decision.state
    steps = {part.step for say in decision.says for part in say.parts}
    if not state.mood.answered and steps & {RecoveryStep.APOLOGISE, RecoveryStep.RESOLVE}:
        state = replace(state, mood=replace(state.mood, answered=True))
    # Asked what happened, it stays asked through small talk, until there is a problem to work on.
    asked = decision.step == "ask_what_happened" or state.asked_what
    person = decision.says and decision.state.current is None and _offers_person(decision)
    told = state.to_put_right if decision.step in TELLS_OF_ONE else ""
    which = any(p.response.startswith(_which(state)) for say in decision.says for p in say.parts)
    state = replace(
        state,
        asked_what=asked and state.current is None,
        asked_about=state.asked_about if asked and state.current is None else "",
        asked_which=which,
        to_put_right=told,
        person_offered=bool(person),
    )
    return replace(decision, state=state)


def _which(state: Recovery) -> tuple[str, ...]:
    """What asks which of them: asked already, it stays asked while something is noted."""
    return (*WHICH, NOTED) if state.asked_which else WHICH


def _offers_person(decision: Decision) -> bool:
    return any(p.response.startswith(PERSON_OFFERED) for p in decision.says[-1].parts)


def _welcomed_back(before: Situation, decision: Decision) -> Decision:
    """Somebody who comes back to an open problem the next day is told that nothing is lost.

    From their third day on it is said first how often they have come, and when.
    """
    last, problem = before.state.heard_at, before.problem
    if last is None or problem is None or before.heard.at - last < A_WHILE or decision.step not in GOES_ON:
        return decision
    if not decision.says or not before.verified:
        return decision
    title = before.playbook.challenges[problem.challenge].title
    first = decision.says[0]
    earlier = tuple(d for d in before.state.came_on if d < before.heard.at.date())
    often = earlier if len(earlier) >= CAME_OFTEN else ()
    facts = {"contacts": told_on(often), "time": which_time(often) if often else ""}
    back = Part("utter_welcome_back", {"name": before.first_name, "problem": title, **facts})
    return replace(decision, says=(replace(first, parts=(back, *first.parts)), *decision.says[1:]))


def _answers_taken_in(s: Situation) -> Situation:
    """Refusals, misunderstandings and changes of order are part of the state before any rule looks at it."""
    problem, state, heard = s.problem, s.state, s.heard
    foreign = s.topic is Topic.OUTSIDE and heard.unclear == "other_language"
    if foreign or s.topic in (Topic.UNCLEAR, Topic.BOT_COMPLAINT):
        return replace(s, state=_misunderstood(state, heard))
    if s.topic not in (Topic.RECOVER, Topic.ANSWER_OFFER):
        return s
    if state.stage is Stage.VERIFYING and not s.verified:
        if heard.values("order_number"):
            return s  # a number is an honest try: it is kept, and signing in is asked for once more
        return replace(s, state=replace(state, unverified_in=(*state.unverified_in, heard.message_id)))
    if problem is None:
        answered = bool(state.to_put_right) and says_no(heard)  # "is it this?" "no"
        asked = state.asked_what and state.last_booked is None and not answered
        lost = asked and not heard.choice and heard.act in ANSWERS
        return replace(s, state=_misunderstood(state, heard)) if lost else s
    asked = state.stage is Stage.IDENTIFYING and problem.heard_in != heard.message_id
    if asked and s.verified and identifying.needs_order(s, problem):
        # Asked which order it is, and still not known: asking for ever helps nobody.
        return replace(s, state=_misunderstood(state, heard))
    answers = s.topic is Topic.ANSWER_OFFER or problem.told_in_time
    if answers and talking.wants_other_order(s, problem):
        return replace(s, state=_without_order(s, problem))
    return replace(s, state=offering.with_refusal(s, problem)) if s.topic is Topic.ANSWER_OFFER else s


def _misunderstood(state: Recovery, heard: Heard) -> Recovery:
    return replace(state, misunderstood_in=(*state.misunderstood_in, heard.message_id))


def _without_order(s: Situation, problem: Problem) -> Recovery:
    """It is another order: where only one other fits, that one, else the customer is asked."""
    ruled_out = (*problem.not_orders, problem.order_id) if problem.order_id else problem.not_orders
    base = s.playbook.challenges[problem.challenge].severity
    unknown = replace(problem.of_another_order(None, base), numbers=problem.numbers, not_orders=ruled_out)
    return listening.with_order(s.state.with_problem(problem, lambda _: unknown), unknown, s)


def _recover(s: Situation) -> Decision:
    if s.problem is not None:
        s = offering.within_limits(s, s.problem)
    problem = s.problem
    assessment = assess(problem, s.heard, s.history, s.playbook, s.now, s.around.contingencies) if problem else None
    if assessment is not None:
        s, assessment = _graver(s, assessment)
    ruling = _ruling(s, assessment)
    escalation = escalate(s, assessment, ruling)
    if escalation.hand_over is not None:
        return _hand_over(s, escalation, assessment, ruling)
    decision = _step(s, assessment, ruling)
    inputs = {**escalation.facts, **_judged(assessment), **decision.inputs}
    return replace(decision, inputs=inputs, nearly=(*decision.nearly, *escalation.nearly))


def _judged(assessment: Assessment | None) -> dict[str, bool | int | str]:
    """The facts of a problem, and what made it as grave as it is."""
    if assessment is None:
        return {}
    reasons = {"raised_by": ", ".join(assessment.raised_by)} if assessment.raised_by else {}
    return {**assessment.facts, **reasons}


def _graver(s: Situation, assessment: Assessment) -> tuple[Situation, Assessment]:
    """The severity once judged is part of the state: the message that raised it is gone at the next turn."""
    problem = assessment.problem
    return replace(s, state=s.state.with_problem(problem, lambda _: problem)), assessment


def _ruling(s: Situation, assessment: Assessment | None) -> Ruling | None:
    """What the policy allows, once it is known whose problem and which order it is."""
    if assessment is None or s.history is None or identifying.needs_order(s, assessment.problem):
        return None
    # What this very case was given is no reason against it: a turn repeated after a crash decides the same.
    given = tuple(c for c in s.history.compensations if c.case_id != assessment.problem.case_id)
    more = promised(s.state.problems, s.history.compensations, s.playbook.policy)
    back = paid_back(assessment.problem, s.state.problems, s.history, s.playbook, s.now)
    return rule_on(assessment, given, Role.BOT, s.playbook, s.now, more, spent=s.around.spent, back=back)


def _step(s: Situation, assessment: Assessment | None, ruling: Ruling | None) -> Decision:
    problem = s.problem
    if s.verified and s.topic not in NO_CHANGE and (changed := undoing.begin(s)):
        return changed
    if aside := talking.aside(s):
        return aside
    if problem is None or assessment is None:
        return asking.nothing_in_hand(s)
    if not s.verified:
        return identifying.ask_to_verify(s, problem)
    if identifying.needs_order(s, problem):
        return identifying.ask_which_order(s, problem)
    if not problem.options and (case := elsewhere.with_a_person(s, problem)):
        told = elsewhere.told_of(s, assessment, case)
        return _with_next_problem(s, told) if told.state.current is not None else told
    if in_time.tells(assessment, problem):
        return in_time.tell(s, assessment)
    if things.asks(s, problem, assessment.order) and assessment.order and ruling and ruling.options:
        return things.ask(s, problem, assessment.order, opening(assessment, s))
    if ruling is not None and not problem.options:
        return offering.make_offer(s, assessment, ruling)
    return _go_on(s, problem)


def _go_on(s: Situation, problem: Problem) -> Decision:
    """An offer is on the table: hear the answer; what is none is kept as a detail, and the offer is put again."""
    decided = offering.answer(s, problem) if s.topic is Topic.ANSWER_OFFER else None
    if decided is None and s.state.stage not in (Stage.OFFERING, Stage.CONFIRMING):
        return offering.offer_again(s, problem, "utter_offer_still")
    if decided is None:
        return offering.offer_again(s, problem, "utter_noted_offer", noted(s) or vented(s))
    return _with_next_problem(s, decided) if decided.step == "book" else decided


def _with_next_problem(s: Situation, done: Decision) -> Decision:
    """After one problem is done with, the next one told of is taken up in the same breath."""
    after = replace(s, state=done.state, topic=Topic.RECOVER)
    if after.problem is None:
        more = Say((Part("utter_anything_else"),))
        return replace(done, says=(*done.says, more))
    if after.problem.order_id is None:
        after = replace(after, state=listening.with_order(after.state, after.problem, after))
    onward = _recover(after)
    return replace(
        onward,
        step=onward.step if onward.step == "hand_over" else done.step,
        says=(*done.says, *(replace(say, about=say.about or onward.about) for say in onward.says)),
        effects=(*done.effects, *onward.effects),
        rules=(*done.rules, *onward.rules),
        inputs={**onward.inputs, **done.inputs},
        about=done.about,
    )


def _hand_over(
    s: Situation, escalation: Escalation, assessment: Assessment | None, ruling: Ruling | None
) -> Decision:
    """Listen and apologise where that was not done, then say who takes over and that nothing need be repeated."""
    hand_over = escalation.hand_over
    assert hand_over is not None  # noqa: S101 - the caller has looked
    first = opening(assessment, s) if assessment else None
    wanted = (RecoveryStep.LISTEN, RecoveryStep.APOLOGISE)
    parts = [p for p in first.parts if p.step in wanted] if first and not escalation.leading.alone else []
    if assessment is None and not escalation.leading.alone and s.state.mood.level >= FrustrationLevel.FRUSTRATED:
        parts = [Part("utter_own_letting_down")]
    if s.heard.unclear == "other_language" and (code := language_of(s.heard.text)):
        parts = [*parts, Part(f"utter_person_comes_{code}")]
    facts = {"name": s.first_name, **(facts_of(assessment, s) if assessment else {})}
    told = Part(escalation.leading.response, facts)
    if due := owed.owed_above(ruling):
        *before, told = owed.handed_over(s, due, escalation.rules, hand_over, told)
        parts = [*parts, *before]
    if not escalation.leading.alone and (others := others_handed_over(s)):
        parts = [*parts, others]
    state = s.state
    for p in state.problems:
        if p.is_live:
            state = state.changed(p, progress=Progress.ESCALATED)
    inputs = {**escalation.facts, **_judged(assessment)}
    return Decision(
        "hand_over",
        _hand_over_says(told, tuple(parts), advice_first=escalation.leading.advice_first),
        replace(state, stage=Stage.HANDED_OVER),
        (hand_over,),
        hand_over.rules,
        escalation.nearly,
        inputs,
        hand_over.rationale.sentences,
        assessment.problem if assessment else None,
    )


def _hand_over_says(told: Part, heard: tuple[Part, ...], *, advice_first: bool) -> tuple[Say, ...]:
    """Where people may be in danger, what to do now comes before any word of sympathy."""
    if not advice_first:
        return (Say((*heard, told)),)
    return (Say((told,)), Say(heard)) if heard else (Say((told,)),)
