"""A claim that something is late, held against the records: what came in time, or is not due yet, is told with dates.

Nothing is given on the word alone, and nobody is called wrong: what happened is asked, and a person can look further.
"""

from dataclasses import replace

from recovery.assessment import Assessment
from recovery.dates import day
from recovery.decision import Button, Decision, Part, Say
from recovery.kin import kin
from recovery.situation import Situation, Topic
from recovery.state import Problem, Progress
from recovery.telling import OTHER_ORDER, PERSON, facts_of, others_told, with_person_early
from recovery.words import ChallengeType, DialogueAct, OrderEventKind, RecoveryStep, Stage

CAME_LATER = Button("utter_title_came_later", DialogueAct.INFORM, "disputes")
STILL_LATE = Button("utter_title_told_later", DialogueAct.INFORM, "disputes")
WRONG_WITH_IT = "utter_title_broken"


def tells(assessment: Assessment, problem: Problem) -> bool:
    """Whether the records say otherwise, and it has not been told yet."""
    return not problem.told_in_time and not problem.options and shown_in_time(assessment)


def shown_in_time(assessment: Assessment) -> bool:
    """Said to be late, and by its order in time: delivered by the promised day, or not due and not held up."""
    order = assessment.order
    if assessment.problem.challenge is not ChallengeType.LATE_DELIVERY or order is None:
        return False
    if order.promised_for is None or assessment.days_late > 0:
        return False
    held_up = assessment.cause_event is not None or assessment.contingency is not None
    return bool(assessment.facts["arrived"]) or not held_up


def tell(s: Situation, assessment: Assessment) -> Decision:
    """The dates, kindly, and a question what happened."""
    problem, order = assessment.problem, assessment.order
    delivered = order.last(OrderEventKind.DELIVERED) if order else None
    facts = {**facts_of(assessment, s), "came": day(delivered.at) if delivered else ""}
    response = "utter_came_in_time" if delivered else "utter_not_due_yet"
    others = others_told(s)
    ask = Say((*((others,) if others else ()), Part(response, facts, RecoveryStep.LISTEN)))
    broken = Button(
        WRONG_WITH_IT,
        DialogueAct.REPORT_PROBLEM,
        f"challenge:{ChallengeType.FAULTY_PRODUCT}@{order.id if order else ''}",
    )
    picks = (CAME_LATER, broken, OTHER_ORDER) if delivered else (STILL_LATE, OTHER_ORDER)
    ask = replace(with_person_early(ask, s), buttons=(*picks, PERSON))
    state = replace(s.state.changed(problem, told_in_time=True), stage=Stage.IDENTIFYING)
    return Decision("told_in_time", (ask,), state, about=problem)


def answered(s: Situation) -> Situation:
    """Told the dates, whoever comes with another problem, or leaves it at that, has no late delivery."""
    problem = s.problem
    if problem is None or not problem.told_in_time or problem.options or s.state.stage is not Stage.IDENTIFYING:
        return s
    another = any(not kin(c, problem.challenge) for c in s.heard.challenges) or s.heard.choice.startswith(
        "challenge:"
    )
    if another:
        state = s.state.changed(problem, progress=Progress.DROPPED)
        return replace(s, state=replace(state, stage=Stage.OPEN, asked_about=problem.order_id or ""))
    if s.topic is Topic.UNCLEAR and s.heard.unclear != "other_language":
        return replace(s, topic=Topic.RECOVER, heard=replace(s.heard, unclear=""))
    return s
