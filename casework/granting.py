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
from casework.grant_choices import (
    Allowed,
    Choices,
    Giver,
    OpenOption,
    check_open,
    choices_for,
    chosen_of,
    heard_so_far,
)
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
from casework.read_records import ConversationRead
from casework.reading import Reading, owns
from casework.turn_state import dumped, loaded
from casework.wording import SAID, Wording, tone_of
from recovery.decision import Part
from recovery.evidence import Evidence
from recovery.playbook import Playbook
from recovery.purse import budget_keys, purse_of
from recovery.records import Compensation, History
from recovery.state import Problem, Progress, Recovery, StepDone
from recovery.words import (
    CaseStatus,
    EvidenceKind,
    FollowUpKind,
    RecoveryStep,
    Remedy,
    Role,
)
from recovery.zoned import in_zone

TOLD = uuid.UUID("3d0c6b0a-4b0f-4a55-8a5e-6f0a3ff6f1c7")  # the namespace of the messages that tell of a grant


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
        now, playbook = self._now(), self.playbook()
        history = in_zone(history, now.tzinfo)
        keys = budget_keys(playbook, role, now, person_id)
        around = await self.surroundings.around(history.customer.id, keys, "", now)
        giver = Giver(role, person_id, playbook, around, now)
        return choices_for(giver, state, heard, history)

    def _now(self) -> datetime:
        """By the company's clock: budgets and days are counted by it."""
        return self.clock().astimezone(self.playbook().staffing.calendar.zone)

    async def grant(self, agent: Staff, conversation_id: str, case_id: str, option_id: str) -> Compensation:
        """Book one option. Raises Refused with a sentence, or Conflict when somebody was first."""
        conversation = await self._owned(agent, conversation_id)
        if conversation.customer_id is None:
            raise Refused("The customer is not verified, so nothing can be booked for them yet.")
        async with self.book.hold(conversation.customer_id):
            history = await self.crm.history(conversation.customer_id)
            choices = await self.choices(agent, conversation, history)
            chosen = chosen_of(choices, case_id, option_id, agent)
            check_open(chosen, history)
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
            granted_at=self._now(),
            granted_by=agent.id,
            role=role,
            rule=option.rule,
        )
        purse = purse_of(role, self.playbook(), chosen.problem.challenge, 0, {}, new.granted_at, who)
        draws = purse.draws(option.remedy, option.pence, option.rule)
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
        now, case_id, option = self._now(), chosen.case_id, chosen.option
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
