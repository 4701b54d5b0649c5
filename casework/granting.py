"""An agent books one of the recovery policy's options: within the agent's limit, once, and the customer is told."""

import uuid
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from casework.carrying_out import follow_up_key, grant_key, paid_and_granted
from casework.crm import CaseChange, Crm, NewFollowUp, NewGrant, NewInteraction
from casework.errors import Conflict, NotFound, Refused
from casework.outcome import evidence_json
from casework.ports import (
    Author,
    Clock,
    Decision,
    Json,
    Outbound,
    Overdrawn,
    Recoveries,
    Staff,
    StepTaken,
    Surroundings,
)
from casework.read_records import ConversationRead, MessageRead
from casework.reading import Reading, owns
from casework.turn_state import dumped, loaded
from casework.wording import SAID, Wording, tone_of
from recovery.around import Around
from recovery.assessment import assess
from recovery.decision import Part
from recovery.evidence import Evidence
from recovery.heard import Heard, TriggerHeard
from recovery.playbook import Empowerment, Playbook
from recovery.policy import rule_on
from recovery.price import paid_back
from recovery.purse import Purse, approver, budget_keys, granted_in_the_year, purse_of
from recovery.records import Compensation, History
from recovery.state import Option, Problem, Progress, Recovery, StepDone
from recovery.words import (
    CaseStatus,
    ChallengeType,
    DialogueAct,
    EvidenceKind,
    FollowUpKind,
    RecoveryStep,
    Remedy,
    Role,
    Trigger,
)

TOLD = uuid.UUID("3d0c6b0a-4b0f-4a55-8a5e-6f0a3ff6f1c7")  # the namespace of the messages that tell of a grant
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


class GrantBook(Protocol):
    """The port to the record of what agents grant."""

    async def allowed(self, conversation_id: str) -> Sequence[Allowed]:
        """What was approved in a conversation."""

    async def used(self, conversation_id: str, case_id: str, option_id: str) -> None:
        """The approvals of this option are used up."""

    def hold(self, customer_id: str) -> AbstractAsyncContextManager[None]:
        """One grant at a time for one customer, across processes."""

    async def record(self, grant: "GrantRecord") -> None:
        """Decision, step, state and the message to the customer, at once and once. Raises Conflict when not owned."""


@dataclass(frozen=True, slots=True)
class GrantRecord:
    """All that a grant writes into our own records. The message's id makes a repeat harmless."""

    conversation_id: str
    user_id: str
    message: Outbound
    decision: Decision
    step: StepTaken
    change_state: Callable[[Json], Json]


@dataclass(frozen=True, slots=True)
class Granting:
    """The story of a grant."""

    crm: Crm
    reading: Reading
    recoveries: Recoveries
    book: GrantBook
    playbook: Callable[[], Playbook]
    clock: Clock
    wording: Wording
    surroundings: Surroundings

    async def choices(self, agent: Staff, conversation: ConversationRead, history: History | None) -> Choices:
        """What the recovery policy leaves open in a conversation, for this agent, approvals included."""
        choices = await self.choices_as(Role(agent.role), agent.id, conversation, history)
        if not any(o.why_not for o in choices.options):
            return choices
        allowed = {(a.case_id, a.option_id): a for a in await self.book.allowed(conversation.id)}
        options = [
            await self._approved(o, found, conversation, history)
            if o.why_not and (found := allowed.get((o.case_id, o.option.id)))
            else o
            for o in choices.options
        ]
        return replace(choices, options=tuple(options))

    async def _approved(
        self, o: OpenOption, found: Allowed, conversation: ConversationRead, history: History | None
    ) -> OpenOption:
        """What is above the agent's limit, if whoever approved it may still grant it. A repeat is the same grant."""
        if o.given_by:
            return replace(o, approval=found)
        if found.used:
            return o
        theirs = await self.choices_as(found.role, found.by_id, conversation, history)
        if any(t.case_id == o.case_id and t.option.id == o.option.id and not t.why_not for t in theirs.options):
            return replace(o, approval=found)
        beyond = f"{found.by} approved this, but by now it is beyond what they may grant. Ask for approval again."
        return replace(o, why_not=beyond)

    async def choices_as(
        self, role: Role, person_id: str, conversation: ConversationRead, history: History | None
    ) -> Choices:
        """The same for anybody, by their own limits alone."""
        if history is None:
            return Choices(note="The customer is not verified, so nothing can be booked for them yet.")
        state = loaded((await self.recoveries.load(conversation.id)).state)
        heard = heard_so_far(await self.reading.messages(conversation.id))
        now, playbook = self.clock(), self.playbook()
        keys = budget_keys(playbook, role, now, person_id)
        around = await self.surroundings.around(history.customer.id, keys, "", now)
        giver = Giver(role, person_id, playbook, around, now)
        return choices_for(giver, state, heard, history)

    async def grant(self, agent: Staff, conversation_id: str, case_id: str, option_id: str) -> Compensation:
        """Book one option. Raises Refused with a sentence, or Conflict when somebody was first."""
        conversation = await self._owned(agent, conversation_id)
        if conversation.customer_id is None:
            raise Refused("The customer is not verified, so nothing can be booked for them yet.")
        async with self.book.hold(conversation.customer_id):
            history = await self.crm.history(conversation.customer_id)
            choices = await self.choices(agent, conversation, history)
            chosen = _chosen(choices, case_id, option_id, agent)
            _check_open(chosen, history)
            given = await self._give(agent, conversation.customer_id, chosen)
            state = loaded((await self.recoveries.load(conversation.id)).state)
            await self.book.record(self._record(agent, conversation, chosen, given, choices, state))
            await self._afterwards(agent, conversation, chosen, given)
            if chosen.approval:
                await self.book.used(conversation_id, case_id, option_id)
            return given

    async def _owned(self, agent: Staff, conversation_id: str) -> ConversationRead:
        conversation = await self.reading.conversation(conversation_id)
        if conversation is None:
            raise NotFound("There is no such conversation.")
        if not owns(agent, conversation):
            raise Conflict("This conversation is not yours. Claim it first, then book.")
        return conversation

    async def _give(self, agent: Staff, customer_id: str, chosen: OpenOption) -> Compensation:
        """The key is the bot's own: one remedy for one case, whoever books it. The purse is whose limit it is."""
        option, above = chosen.option, chosen.approval
        role, who = (above.role, above.by_id) if above else (Role(agent.role), agent.id)
        new = NewGrant(
            key=grant_key(chosen.problem, option.remedy),
            customer_id=customer_id,
            case_id=chosen.case_id,
            order_id=chosen.problem.order_id,
            remedy=option.remedy,
            pence=option.pence,
            granted_at=self.clock(),
            granted_by=agent.id,
            role=role,
            rule=option.rule,
        )
        purse = purse_of(role, self.playbook(), chosen.problem.challenge, 0, {}, new.granted_at, who)
        draws = purse.draws(option.remedy, option.pence)
        try:
            return await paid_and_granted(self.crm, self.surroundings, new, draws, new.key)
        except Overdrawn as spent:
            raise Refused("The budget for this was spent a moment ago. Look at what is left, then book.") from spent
        except Conflict as other:
            raise Conflict("Something else of this kind was booked for this case already.") from other

    def _record(
        self,
        agent: Staff,
        conversation: ConversationRead,
        chosen: OpenOption,
        given: Compensation,
        choices: Choices,
        state: Recovery,
    ) -> GrantRecord:
        message_id = uuid.uuid5(TOLD, grant_key(chosen.problem, chosen.option.remedy)).hex
        told = Part("utter_booked_by_agent", {"promise": chosen.option.promise, "reference": given.reference})
        worded = self.wording.say(told, tone_of(state.mood), state.said, message_id)
        text, said = (worded.text, worded.variant) if worded else ("", "")
        return GrantRecord(
            conversation.id,
            agent.id,
            Outbound(message_id, Author.AGENT, text, agent.first_name),
            self._decision(agent, chosen, given, message_id, choices),
            StepTaken(chosen.case_id, RecoveryStep.RESOLVE, message_id),
            lambda kept: dumped(booked(loaded(kept), chosen, message_id, said)),
        )

    def _decision(
        self, agent: Staff, chosen: OpenOption, given: Compensation, message_id: str, choices: Choices
    ) -> Decision:
        cites = [given.evidence, Evidence(EvidenceKind.MESSAGE, chosen.problem.heard_in)]
        text = f"{agent.name} ({agent.role}) booked “{chosen.option.label}” under rule {chosen.option.rule}."
        if chosen.approval:
            text = f"{text[:-1]}, approved by {chosen.approval.by} ({chosen.approval.role})."
        inputs: Json = {
            "option": chosen.option.id,
            "pence": chosen.option.pence,
            "role": agent.role,
            "given_this_year": choices.limit.given if choices.limit else 0,
            "refused_before": chosen.refused,
        }
        reasons: list[Json] = [{"text": text, "evidence": [evidence_json(e) for e in cites]}]
        version = self.playbook().version
        return Decision("grant_by_agent", chosen.case_id, (chosen.option.rule,), version, inputs, reasons)

    async def _afterwards(
        self, agent: Staff, conversation: ConversationRead, chosen: OpenOption, given: Compensation
    ) -> None:
        """The case, its log, the timeline and the follow-ups. Each has a key, so that a retry adds nothing."""
        now, case_id, option = self.clock(), chosen.case_id, chosen.option
        what = f"Booked by {agent.name}: {option.label} ({given.reference})."
        key = f"{grant_key(chosen.problem, option.remedy)}:by-agent"
        await self.crm.note_case(case_id, agent.name, what, now, key)
        await self.crm.update_case(case_id, CaseChange(status=CaseStatus.RESOLVED, outcome=option.label), now)
        await self.crm.add_interaction(
            NewInteraction(
                key,
                given.customer_id,
                now,
                conversation.channel,
                what,
                chosen.problem.order_id,
                chosen.problem.challenge,
            )
        )
        for kind, minutes in self._follow_ups(option.remedy):
            due = now + timedelta(minutes=minutes)
            key = follow_up_key(chosen.problem, kind)
            await self.crm.follow_up(NewFollowUp(key, case_id, conversation.id, kind, due))

    def _follow_ups(self, remedy: Remedy) -> list[tuple[FollowUpKind, int]]:
        playbook = self.playbook()
        rule = playbook.follow_ups.get(remedy)
        check_back = [(FollowUpKind.CHECK_BACK, rule.after_minutes)] if rule else []
        return [*check_back, (FollowUpKind.SURVEY, playbook.survey_after_minutes)]


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
    limit = Limit(giver.playbook.empowerment[giver.role], granted_in_the_year(history.compensations, giver.now))
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
    purse = giver.purse(problem.challenge, granted_in_the_year(given, now))
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
    match purse.bar(remedy, pence):
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
    above = approver(remedy, pence, purse.given, role, playbook)
    return f"{why} Ask a {above}." if above else f"{why} Nobody may grant it."


def _chosen(choices: Choices, case_id: str, option_id: str, agent: Staff) -> OpenOption:
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


def _check_open(chosen: OpenOption, history: History) -> None:
    """A case that was closed meanwhile gets nothing new, and no budget is touched for it."""
    case = next((c for c in history.cases if c.id == chosen.case_id), None)
    if case is not None and case.status is CaseStatus.CLOSED and not chosen.given_by:
        raise Refused(f"Case {case.id} was closed meanwhile, so nothing can be booked for it.")


def booked(state: Recovery, chosen: OpenOption, message_id: str, said: str = "") -> Recovery:
    """The state once an option is booked: a return to the bot finds it done."""
    problem, option = chosen.problem, chosen.option

    def change(p: Problem) -> Problem:
        options = p.options if p.option(option.id) else (*p.options, option)
        done = StepDone(RecoveryStep.RESOLVE, message_id)
        return replace(
            p,
            options=options,
            agreed=option.id,
            progress=Progress.BOOKED,
            steps=(*p.steps, done),
            booked_as=state.next_booking,
        )

    return replace(state, said=(*state.said, said)[-SAID:]).with_problem(problem, change)
