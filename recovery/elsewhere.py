"""A problem that a person of ours has in hand already: no second remedy beside theirs."""

from dataclasses import replace

from recovery.assessment import Assessment
from recovery.dates import day
from recovery.decision import Decision, NoteCase, Part, Say
from recovery.kin import kin
from recovery.records import Case, Order
from recovery.situation import Situation
from recovery.state import Problem, Progress
from recovery.telling import PERSON, opening
from recovery.words import CaseStatus, Stage

NOTED = "The customer told of it again. The assistant offered nothing, and said that one of us has it."


def with_a_person(s: Situation, problem: Problem) -> Case | None:
    """The case of this very thing that was handed to a person, and is with them still."""
    if s.history is None or problem.order_id is None:
        return None
    handed = (c for c in s.history.cases if c.status is CaseStatus.ESCALATED and c.id != problem.case_id)
    alike = (c for c in handed if c.order_id == problem.order_id and kin(c.challenge, problem.challenge))
    return max(alike, key=lambda c: c.challenge is problem.challenge, default=None)


def told_of(s: Situation, assessment: Assessment, case: Case) -> Decision:
    """Whose it is and since when, with a person one word away; who has it reads that the customer came again.

    It is listened to and apologised for once, as ever. A case that was opened here before the order was known is
    not needed: it is withdrawn.
    """
    problem = assessment.problem
    heard_before = any(p.case_id == case.id for p in s.state.problems if p.key != problem.key)
    first = None if heard_before else opening(assessment, s)
    gone = replace(problem, progress=Progress.DROPPED)
    theirs = replace(problem, case_id=case.id, progress=Progress.ESCALATED)
    state = s.state.with_problem(problem, lambda _: gone if problem.case_id else theirs)
    title = s.playbook.challenges[case.challenge].title
    facts = {"problem": title, "case": case.id, "since": day(case.opened_at)}
    say = Say((Part("utter_person_has_it", facts),), (PERSON,))
    about = gone if problem.case_id else theirs
    return Decision(
        "with_a_person",
        (first, say) if first else (say,),
        replace(state, stage=Stage.BOOKED if s.state.bookings else Stage.OPEN),
        (NoteCase(about, NOTED, case.id),),
        inputs={"case": case.id},
        about=about,
    )


def open_case(s: Situation, order: Order | None) -> Case | None:
    """The customer's open case: of this order, else the latest of any."""
    cases = [c for c in s.history.cases if c.is_open] if s.history else []
    about = [c for c in cases if order is not None and c.order_id == order.id]
    return next(iter(about or cases), None)


def open_case_part(case: Case, s: Situation) -> Part:
    """Which case is open, and since when."""
    title = s.playbook.challenges[case.challenge].title
    return Part("utter_status_case", {"problem": title, "case": case.id, "since": day(case.opened_at)})
