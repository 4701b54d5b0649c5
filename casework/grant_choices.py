"""What a person on the desk may book: the recovery policy's options, their own limit, and why not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from casework.errors import Conflict, Refused
from casework.ports import (
    Staff,
)
from casework.read_records import MessageRead
from recovery.around import Around
from recovery.assessment import assess
from recovery.heard import Heard, TriggerHeard
from recovery.playbook import Empowerment, Playbook
from recovery.policy import rule_on
from recovery.price import paid_back
from recovery.purse import Purse, approver, granted_in_the_year, purse_of
from recovery.records import Compensation, History
from recovery.state import Option, Problem, Progress, Recovery
from recovery.words import (
    CaseStatus,
    ChallengeType,
    DialogueAct,
    Role,
    Trigger,
)

OVER = (Progress.DROPPED,)


@dataclass(frozen=True, slots=True)
class OpenOption:
    """One option of one problem, as an agent sees it. `why_not` is empty when this agent may book it."""

    problem: Problem
    option: Option
    refused: bool = False
    why_not: str = ""
    given_by: str = ""  # who booked this remedy for this case already
    approval: "Allowed | None" = None  # whose purse and limits it is granted under, if not the agent's own

    @property
    def case_id(self) -> str:
        return self.problem.case_id or ""

    @property
    def approved_by(self) -> str:
        """Who above allowed it, where it is above this agent's limit."""
        return self.approval.by if self.approval else ""


@dataclass(frozen=True, slots=True)
class Limit:
    """What a role may grant, and how much goodwill this customer had within the year, in pence."""

    empowerment: Empowerment
    given: int

    @property
    def left(self) -> int:
        return max(0, self.empowerment.per_customer_a_year - self.given)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the policy allows, what was given already, and the agent's own limit. `note` says why nothing is open."""

    options: tuple[OpenOption, ...] = ()
    given: tuple[Compensation, ...] = ()
    limit: Limit | None = None
    note: str = ""

    @property
    def open(self) -> tuple[OpenOption, ...]:
        return tuple(o for o in self.options if not o.given_by)


@dataclass(frozen=True, slots=True)
class Allowed:
    """An approval: what it is for, who gave it, in which role, and whether it was granted."""

    id: int
    case_id: str
    option_id: str
    by_id: str
    by: str
    role: Role
    used: bool


def heard_so_far(messages: Sequence[MessageRead]) -> Heard | None:
    """The customer's last message, with every trigger that the conversation has shown."""
    own = [m for m in messages if m.author == "customer"]
    if not own:
        return None
    named = {t.get("name") for m in own if m.nlu for t in m.nlu.get("triggers") or ()}
    triggers = tuple(TriggerHeard(t) for t in Trigger if t.value in named)
    return Heard(own[-1].id, own[-1].text, own[-1].at, DialogueAct.INFORM, triggers=triggers)


@dataclass(frozen=True, slots=True)
class Giver:
    """Who would book, and from what."""

    role: Role
    id: str
    playbook: Playbook
    around: Around
    now: datetime

    def purse(self, challenge: ChallengeType, given: int) -> Purse:
        return purse_of(self.role, self.playbook, challenge, given, self.around.spent, self.now, self.id)


def choices_for(giver: Giver, state: Recovery, heard: Heard | None, history: History) -> Choices:
    """The options of every problem that is not over: those this person may book first, refused ones last."""
    problems = [p for p in state.problems if p.case_id and p.progress not in OVER]
    had = granted_in_the_year(history.compensations, giver.now, giver.playbook.policy)
    limit = Limit(giver.playbook.empowerment[giver.role], had)
    given = tuple(c for c in history.compensations if c.case_id in {p.case_id for p in problems})
    if heard is None or not problems:
        return Choices((), given, limit, "No case is open in this conversation, so there is nothing to book.")
    found = [o for p in problems for o in _options_of(p, giver, heard, history)]
    options = sorted((_noted(o, given) for o in found), key=lambda o: (bool(o.why_not), o.refused))
    nothing = "" if any(not o.given_by for o in options) else "The recovery policy leaves nothing open here."
    return Choices(tuple(options), given, limit, nothing)


def _options_of(problem: Problem, giver: Giver, heard: Heard, history: History) -> list[OpenOption]:
    playbook, now, given = giver.playbook, giver.now, history.compensations
    assessment = assess(problem, heard, history, playbook, now, giver.around.contingencies)
    back = paid_back(problem, (), history, playbook, now)
    ruling = rule_on(assessment, given, giver.role, playbook, now, spent=giver.around.spent, who=giver.id, back=back)
    purse = giver.purse(problem.challenge, granted_in_the_year(given, now, playbook.policy))
    within = [OpenOption(problem, o, o.id in problem.refused) for o in ruling.options]
    above = [
        OpenOption(problem, o, o.id in problem.refused, _why_not(o, purse, playbook)) for o in ruling.above_limit
    ]
    return [*within, *above]


def _noted(o: OpenOption, given: Sequence[Compensation]) -> OpenOption:
    """The option, with who gave this remedy for this case already, if anybody did."""
    same = (c.granted_by for c in given if c.case_id == o.case_id and c.remedy is o.option.remedy)
    return replace(o, given_by=next(same, ""))


def _why_not(option: Option, purse: Purse, playbook: Playbook) -> str:
    """What stands against it, and who may grant it."""
    limit, money = purse.limit, playbook.money
    role, remedy, pence = limit.role, option.remedy, option.pence
    match purse.bar(remedy, pence, option.rule):
        case "remedy":
            why = f"A {remedy.replace('_', ' ')} is not yours to grant."
        case "approval":
            why = f"A {remedy.replace('_', ' ')} needs the approval of somebody above."
        case "grant":
            why = f"{money(pence)} is above your limit as {role}, {money(limit.most(remedy))} a grant."
        case "year":
            why = (
                f"With {money(purse.given)} given within the year, {money(pence)} more is above "
                f"your limit as {role}, {money(limit.per_customer_a_year)} a customer and year."
            )
        case budget:
            left = next((b for b in purse.balances if b.budget.id == budget), None)
            return f"Of the {left.budget.title}, {money(left.left)} is left." if left else ""
    above = approver(remedy, pence, purse.given, role, playbook, option.rule)
    return f"{why} Ask a {above}." if above else f"{why} Nobody may grant it."


def chosen_of(choices: Choices, case_id: str, option_id: str, agent: Staff) -> OpenOption:
    """The option asked for, if it is open to this agent. What this agent booked is taken again: no harm."""
    found = next((o for o in choices.options if o.case_id == case_id and o.option.id == option_id), None)
    if found is None:
        raise Conflict("This option is not open any more.")
    same = (c for c in choices.given if c.case_id == case_id and c.remedy is found.option.remedy)
    if found.given_by == agent.id and any(c.pence == found.option.pence for c in same):
        return found
    if found.given_by:
        raise Conflict("This was booked for this case already.")
    if found.why_not and not found.approval:
        raise Refused(found.why_not)
    return found


def check_open(chosen: OpenOption, history: History) -> None:
    """A case that was closed meanwhile gets nothing new, and no budget is touched for it."""
    case = next((c for c in history.cases if c.id == chosen.case_id), None)
    if case is not None and case.status is CaseStatus.CLOSED and not chosen.given_by:
        raise Refused(f"Case {case.id} was closed meanwhile, so nothing can be booked for it.")
