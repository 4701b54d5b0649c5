"""One whole record: a conversation or a case with everything that was heard, decided, said and given."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

from casework.crm import Crm
from casework.errors import NotFound
from casework.ports import Conversations, Messages
from casework.read_records import AlertRead
from casework.reading import Reading, Transcript
from recovery.evidence import Evidence
from recovery.records import Case, Compensation, FollowUp
from recovery.words import EvidenceKind
from redress.problem import Problem

_EVERYTHING = 100_000
_END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """A case with what was given for it and what is still to be done."""

    case: Case
    compensations: tuple[Compensation, ...]
    follow_ups: tuple[FollowUp, ...]


@dataclass(frozen=True, slots=True)
class ConversationRecord:
    """A conversation with its cases."""

    transcript: Transcript
    cases: tuple[CaseRecord, ...]
    alerts: tuple[AlertRead, ...]
    citable: frozenset[Evidence]  # every stored record that a reason about it may cite


@dataclass(frozen=True, slots=True)
class Records:
    """Reads whole records through the ports."""

    reading: Reading
    crm: Crm
    conversations: Conversations
    messages: Messages

    async def conversation(self, conversation_id: str) -> ConversationRecord:
        """Raises Problem when there is none."""
        transcript = await self.transcript(conversation_id)
        ids = {step.case_id for step in transcript.steps} | {d.case_id for d in transcript.decisions if d.case_id}
        customer = transcript.conversation.customer_id
        if customer:
            ids |= {c.id for c in await self.crm.cases(customer) if c.conversation_id == conversation_id}
        cases = tuple([await self.case(case_id) for case_id in sorted(ids)])
        alerts = await self.reading.alerts(only_open=False, before=None, limit=_EVERYTHING)
        own = tuple(each for each in alerts.rows if each.conversation_id == conversation_id)
        return ConversationRecord(transcript, cases, own, await self._citable(transcript, cases))

    async def _citable(self, transcript: Transcript, cases: Sequence[CaseRecord]) -> frozenset[Evidence]:
        customer = transcript.conversation.customer_id
        history = (await self.crm.history(customer)).evidence if customer else frozenset()
        messages = {Evidence(EvidenceKind.MESSAGE, message.id) for message in transcript.messages}
        return history | messages | {each.case.evidence for each in cases}

    async def transcript(self, conversation_id: str) -> Transcript:
        read = self.reading
        conversation = await read.conversation(conversation_id)
        if conversation is None:
            raise Problem(f"There is no conversation {conversation_id}.")
        messages = await read.messages(conversation_id, limit=_EVERYTHING)
        ids = [message.id for message in messages]
        return Transcript(
            conversation,
            messages,
            await read.decisions(conversation_id, ids),
            await read.steps(ids),
            await read.handoffs(conversation_id),
            await read.notes(conversation_id),
            await read.surveys(conversation_id),
        )

    async def case(self, case_id: str) -> CaseRecord:
        """Raises Problem when there is none."""
        try:
            case = await self.crm.case(case_id)
        except NotFound as error:
            raise Problem(f"There is no case {case_id}.") from error
        given: Sequence[Compensation] = ()
        if case.customer_id:
            given = await self.crm.compensations(case.customer_id, limit=_EVERYTHING)
        due = await self.crm.due_follow_ups(_END_OF_TIME, limit=_EVERYTHING)
        return CaseRecord(
            case,
            tuple(each for each in given if each.case_id == case_id),
            tuple(each for each in due if each.case_id == case_id),
        )


def as_json(value: Any) -> Any:
    """A record as plain JSON values."""
    if is_dataclass(value) and not isinstance(value, type):
        return as_json(asdict(value))
    match value:
        case Enum():
            return value.name.lower() if isinstance(value.value, int) else value.value
        case datetime() | date():
            return value.isoformat()
        case dict():
            return {str(key): as_json(part) for key, part in value.items()}
        case list() | tuple() | set() | frozenset():
            return [as_json(part) for part in value]
        case _:
            return value
