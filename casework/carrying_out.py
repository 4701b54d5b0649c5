"""Carry a decision out in the CRM: every write has a key, so that a repeated turn does nothing twice."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from casework.crm import CaseChange, Crm, NewCase, NewFollowUp, NewGrant, NewInteraction
from casework.errors import Conflict, NotFound, Refused
from casework.outcome import Alert, SurveyMade
from casework.ports import Surroundings
from recovery.budgets import Draw
from recovery.decision import (
    Book,
    CloseCase,
    Decision,
    FailCase,
    GiveReward,
    HandOver,
    NoteCase,
    RecordSurvey,
    Revoke,
    Schedule,
)
from recovery.heard import Heard
from recovery.playbook import Playbook
from recovery.purse import purse_of
from recovery.records import WITHDRAWN, Compensation, History
from recovery.state import Problem, Progress, Recovery
from recovery.surveys import SurveyKind
from recovery.words import CaseStatus, FollowUpKind, Remedy, Role

LOW_RATING = "low_rating"  # the alert's kind


class Turning(Protocol):
    """What carrying out needs to know of a turn."""

    @property
    def conversation_id(self) -> str: ...
    @property
    def heard(self) -> Heard: ...
    @property
    def customer_id(self) -> str | None: ...
    @property
    def channel(self) -> str: ...


@dataclass(slots=True)
class Carried:
    """What carrying out came to: the state with its case ids, facts for the words, surveys and alerts."""

    state: Recovery
    facts: dict[str, str] = field(default_factory=dict)
    surveys: list[SurveyMade] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Tools:
    """What a decision is carried out with."""

    crm: Crm
    surroundings: Surroundings
    playbook: Playbook
    now: datetime


async def carry_out(
    tools: Tools, turn: Turning, decision: Decision, before: Recovery, history: History | None
) -> Carried:
    """Open and update the cases, then do each effect."""
    carried, crm, now = Carried(decision.state), tools.crm, tools.now
    for problem in decision.state.problems:
        carried.state = await _with_case(crm, turn, problem, before, carried.state, history, now)
    for effect in decision.effects:
        await _do(tools, turn, effect, carried)
    return carried


async def _with_case(
    crm: Crm,
    turn: Turning,
    problem: Problem,
    before: Recovery,
    state: Recovery,
    history: History | None,
    now: datetime,
) -> Recovery:
    if problem.case_id is None:
        if problem.progress is Progress.DROPPED:
            return state
        if case_id := _open_already(problem, history):
            await _come_again(crm, turn, problem, now)
        else:
            case_id = await _open(crm, turn, problem, history, now)
        return state.changed(problem, case_id=case_id)
    was = next((p for p in before.problems if p.case_id == problem.case_id), problem)
    # A stranger's case becomes the customer's at the first turn that knows whose it is.
    unlinked = history is not None and problem.is_live and all(c.id != problem.case_id for c in history.cases)
    if was != problem or unlinked:
        await _sync(crm, turn, was, problem, unlinked, now)
    return state


def _open_already(problem: Problem, history: History | None) -> str | None:
    """The customer's open case about the same thing, opened in another conversation or by a person."""
    cases = history.cases if history else ()
    same = (c for c in cases if c.is_open and c.challenge is problem.challenge and c.order_id == problem.order_id)
    return next((c.id for c in same if problem.order_id is not None), None)


async def _come_again(crm: Crm, turn: Turning, problem: Problem, now: datetime) -> None:
    """They had to come about an open case once more: the next conversation counts it, whatever comes of this one."""
    await _add_to_timeline(crm, turn, "told-again", problem, "The customer came to us about it again.", now)


async def _open(crm: Crm, turn: Turning, problem: Problem, history: History | None, now: datetime) -> str:
    order = history.order(problem.order_id) if history else None
    case = await crm.open_case(
        NewCase(
            key=":".join([turn.conversation_id, problem.challenge, problem.heard_in, *_part(problem)]),
            customer_id=turn.customer_id,
            conversation_id=turn.conversation_id,
            order_id=problem.order_id,
            challenge=problem.challenge,
            severity=problem.severity,
            courier=order.courier if order else "",
            opened_at=now,
        )
    )
    return case.id


def _part(problem: Problem) -> list[str]:
    """Tells apart what one message told of several orders."""
    return [str(problem.part)] if problem.part else []


async def _sync(crm: Crm, turn: Turning, was: Problem, problem: Problem, unlinked: bool, now: datetime) -> None:
    """Tell the CRM what changed about a case; a dropped problem is withdrawn."""
    assert problem.case_id is not None  # noqa: S101 - the caller has looked
    if problem.progress is Progress.DROPPED and was.progress is Progress.BOOKED:
        return  # what is booked must be taken back before its case can close
    if problem.progress is Progress.DROPPED and was.progress is not Progress.DROPPED:
        await crm.close_case(problem.case_id, WITHDRAWN, "", now)
        return
    change = CaseChange(
        order_id=problem.order_id if problem.order_id != was.order_id else None,
        severity=problem.severity if problem.severity is not was.severity else None,
        customer_id=turn.customer_id if unlinked else None,
        status=CaseStatus.ESCALATED
        if problem.progress is Progress.ESCALATED and was.progress is not Progress.ESCALATED
        else None,
    )
    if change != CaseChange():
        await _update(crm, problem.case_id, change, now)


async def _update(crm: Crm, case_id: str, change: CaseChange, now: datetime) -> None:
    """Change a case, unless a person has closed it meanwhile: then it is theirs, and the customer is still served."""
    with suppress(Refused):
        await crm.update_case(case_id, change, now)


async def _do(tools: Tools, turn: Turning, effect: object, carried: Carried) -> None:
    crm, now = tools.crm, tools.now
    match effect:
        case Book():
            await _book(tools, turn, effect, carried)
        case Revoke():
            await _revoke(tools, turn, effect, carried)
        case HandOver():
            await _escalate(crm, turn, effect, carried, now)
        case CloseCase(case_id, outcome):
            await crm.close_case(case_id, outcome, "", now)
        case FailCase(case_id):
            await _update(crm, case_id, CaseChange(failed=True), now)
        case NoteCase(problem, text, case_id):
            key = f"{turn.heard.message_id}:note"
            await crm.note_case(case_id or case_of(problem, carried.state), "Assistant", text, now, key)
        case Schedule():
            await _schedule(crm, turn, effect, carried, now)
        case RecordSurvey():
            await _survey(crm, effect, carried, now)
        case GiveReward():
            await _reward(tools, turn, effect, carried)


async def _survey(crm: Crm, survey: RecordSurvey, carried: Carried, now: datetime) -> None:
    """A low rating alerts a supervisor the same minute; a detractor's is noted on the case."""
    case_id, rating, kind = survey.case_id, survey.rating, survey.kind
    asked = rating is None and survey.comment is None
    carried.surveys.append(SurveyMade(case_id, asked, rating, survey.comment, kind))
    if rating is None:
        return
    if kind.is_low(rating):
        carried.alerts.append(Alert(LOW_RATING, rating_told(survey)))
    await note_detractor(crm, survey, now)


def rating_told(survey: RecordSurvey) -> str:
    """What a supervisor reads of a rating."""
    return f"{survey.kind.upper()}: case {survey.case_id} was rated {survey.rating} of {survey.kind.scale[-1]}."


async def note_detractor(crm: Crm, survey: RecordSurvey, now: datetime) -> None:
    """Who would not recommend us is noted on the case, once."""
    case_id, kind = survey.case_id, survey.kind
    if kind is SurveyKind.NPS and survey.rating is not None and kind.is_poor(survey.rating):
        await crm.note_case(case_id, "Assistant", rating_told(survey), now, f"{case_id}:{kind}")


async def _reward(tools: Tools, turn: Turning, reward: GiveReward, carried: Carried) -> None:
    assert turn.customer_id is not None  # noqa: S101 - nothing is offered to somebody unverified
    case_id, now = case_of(reward.problem, carried.state), tools.now
    new = NewGrant(
        key=f"{case_id}:{Remedy.LOYALTY_REWARD}",
        customer_id=turn.customer_id,
        case_id=case_id,
        order_id=reward.problem.order_id,
        remedy=Remedy.LOYALTY_REWARD,
        pence=reward.offer.pence,
        granted_at=now,
        granted_by="bot",
        role=Role.BOT,
        rule=reward.offer.id,
    )
    purse = purse_of(Role.BOT, tools.playbook, reward.problem.challenge, 0, {}, now)
    draws = purse.draws(new.remedy, new.pence, new.rule)
    given = await paid_and_granted(tools.crm, tools.surroundings, new, draws, turn.heard.message_id)
    carried.facts |= {"reference": given.reference}
    await _add_to_timeline(tools.crm, turn, "rewarded", reward.problem, f"Given in thanks: {reward.offer.id}.", now)


def case_of(problem: Problem, state: Recovery) -> str:
    """The case id of a problem as it stands in the state."""
    found = next(p for p in state.problems if p.key == problem.key)
    assert found.case_id is not None  # noqa: S101 - cases were opened before effects are done
    return found.case_id


def grant_key(problem: Problem, remedy: Remedy) -> str:
    """One remedy for one case, whoever books it; what was taken back may be booked anew."""
    return ":".join([problem.case_id or "", remedy, *_again(problem)])


def follow_up_key(problem: Problem, kind: FollowUpKind) -> str:
    """One follow-up of a kind for one booking of a case."""
    return ":".join([problem.case_id or "", kind, *_again(problem)])


def _again(problem: Problem) -> list[str]:
    return [str(problem.undone)] if problem.undone else []


async def _revoke(tools: Tools, turn: Turning, revoke: Revoke, carried: Carried) -> None:
    """Take the booking back; its case is open again, unless something else is booked for it in the same breath."""
    assert turn.customer_id is not None  # noqa: S101 - nothing is taken back for somebody unverified
    crm, now = tools.crm, tools.now
    given = await crm.revoke(revoke.compensation_id, turn.customer_id, now)
    booked = replace(revoke.problem, case_id=given.case_id, undone=revoke.problem.undone - 1)
    await tools.surroundings.give_back(grant_key(booked, given.remedy))
    await _update(crm, given.case_id, CaseChange(status=CaseStatus.OPEN, outcome=""), now)
    text = f"The customer changed their mind: {revoke.label} ({given.reference}) was taken back."
    await crm.note_case(given.case_id, "Assistant", text, now, f"{given.id}:revoked")
    await _add_to_timeline(crm, turn, "taken-back", revoke.problem, f"Taken back: {revoke.label}.", now)


async def paid_and_granted(
    crm: Crm, surroundings: Surroundings, new: NewGrant, draws: Sequence[Draw], message_id: str
) -> Compensation:
    """Take the money from its budgets, then grant. Raises Overdrawn: then nothing was granted."""
    await surroundings.draw(new.key, draws, message_id, new.granted_at)
    try:
        return await crm.grant(new)
    except (Conflict, NotFound, Refused):  # not Unavailable: the grant may have gone through
        await surroundings.give_back(new.key)
        raise


async def _book(tools: Tools, turn: Turning, book: Book, carried: Carried) -> None:
    assert turn.customer_id is not None  # noqa: S101 - nothing is offered to somebody unverified
    case_id, crm, now = case_of(book.problem, carried.state), tools.crm, tools.now
    new = NewGrant(
        key=grant_key(replace(book.problem, case_id=case_id), book.option.remedy),
        customer_id=turn.customer_id,
        case_id=case_id,
        order_id=book.problem.order_id,
        remedy=book.option.remedy,
        pence=book.option.pence,
        granted_at=now,
        granted_by="bot",
        role=Role.BOT,
        rule=book.option.rule,
    )
    purse = purse_of(Role.BOT, tools.playbook, book.problem.challenge, 0, {}, now)
    draws = purse.draws(new.remedy, new.pence, new.rule)
    given = await paid_and_granted(crm, tools.surroundings, new, draws, turn.heard.message_id)
    await _update(crm, case_id, CaseChange(status=CaseStatus.RESOLVED, outcome=book.option.label), now)
    carried.facts |= {"reference": given.reference, "case": case_id}
    await _add_to_timeline(crm, turn, "booked", book.problem, f"Booked by the assistant: {book.option.label}.", now)


async def _escalate(crm: Crm, turn: Turning, hand_over: HandOver, carried: Carried, now: datetime) -> None:
    for problem in carried.state.problems:
        if problem.progress is Progress.ESCALATED and problem.case_id:
            await _update(crm, problem.case_id, CaseChange(status=CaseStatus.ESCALATED), now)
            carried.facts.setdefault("case", problem.case_id)
    gravest = next((p for p in carried.state.problems if p.progress is Progress.ESCALATED), None)
    text = f"Handed to the {hand_over.team} team ({', '.join(hand_over.rules)})."
    await _add_to_timeline(crm, turn, "handed-over", gravest, text, now)
    carried.alerts.append(Alert("handoff", text))
    for procedure in hand_over.procedures:
        why = hand_over.rationale.sentences[0].text
        carried.alerts.append(Alert("critical", f"{procedure.title}. {why}", procedure.id))


async def _add_to_timeline(
    crm: Crm, turn: Turning, kind: str, problem: Problem | None, what: str, now: datetime
) -> None:
    if turn.customer_id is None:
        return
    about = f"{problem.challenge.replace('_', ' ').capitalize()}. " if problem else ""
    await crm.add_interaction(
        NewInteraction(
            key=f"{turn.heard.message_id}:{kind}",  # one message may book one problem and hand over another
            customer_id=turn.customer_id,
            at=now,
            channel=turn.channel,
            summary=about + what,
            order_id=problem.order_id if problem else None,
            challenge=problem.challenge if problem else None,
        )
    )


async def _schedule(crm: Crm, turn: Turning, effect: Schedule, carried: Carried, now: datetime) -> None:
    case_id = case_of(effect.problem, carried.state)
    key = follow_up_key(replace(effect.problem, case_id=case_id), effect.kind)
    due = now + timedelta(minutes=effect.after_minutes)
    await crm.follow_up(NewFollowUp(key, case_id, turn.conversation_id, effect.kind, due))
