"""Above one's limit: asked from the conversation, answered by somebody who may, and then granted once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from casework.crm import Crm
from casework.errors import Conflict, NotFound, Refused
from casework.granting import Granting, OpenOption
from casework.ports import NewAlert, Staff
from casework.read_records import ConversationRead
from casework.reading import owns
from recovery.words import Role

APPROVED, REFUSED = "approved", "refused"


@dataclass(frozen=True, slots=True)
class Approval:
    """A request and what was answered. Names, not ids, where people read them."""

    id: int
    conversation_id: str
    case_id: str
    option_id: str
    label: str
    pence: int
    asked_by: str
    asked_by_id: str
    asked_at: datetime
    why: str
    answered_by: str
    answered_by_role: str
    answered_at: datetime | None
    answer: str
    reason: str
    used_at: datetime | None
    customer_name: str = ""


@dataclass(frozen=True, slots=True)
class NewApproval:
    """What is asked for."""

    conversation_id: str
    case_id: str
    option_id: str
    label: str
    pence: int
    asked_by: str
    why: str


class ApprovalStore(Protocol):
    """The requests."""

    async def ask(self, new: NewApproval, alert: NewAlert, at: datetime) -> bool:
        """False when the same is asked already."""

    async def get(self, approval_id: int) -> Approval:
        """Raises NotFound."""

    async def of(self, conversation_id: str) -> Sequence[Approval]:
        """A conversation's, the latest first."""

    async def open_ones(self, limit: int = 100) -> Sequence[Approval]:
        """Not answered yet, the oldest first."""

    async def answer(self, approval_id: int, user_id: str, answer: str, reason: str, at: datetime) -> bool:
        """True for the one who did it."""


@dataclass(frozen=True, slots=True)
class Approving:
    """The story of asking and answering. Booking is the agent's, by `Granting`, with the answer as authority."""

    store: ApprovalStore
    granting: Granting
    crm: Crm

    async def ask(self, agent: Staff, conversation_id: str, case_id: str, option_id: str, why: str) -> None:
        """Ask for one option. Raises Conflict, Refused."""
        conversation = await self._conversation(conversation_id)
        if not owns(agent, conversation):
            raise Conflict("This conversation is not yours. Claim it first, then ask.")
        option = await self._option(agent, conversation, case_id, option_id)
        if not option.why_not or option.given_by:
            raise Refused("This is within your own limit, or booked already: no approval is needed.")
        new = NewApproval(
            conversation_id, case_id, option_id, option.option.label, option.option.pence, agent.id, why.strip()
        )
        alert = NewAlert("approval", f"{agent.name} asks for approval: {option.option.label}.")
        if not await self.store.ask(new, alert, self.granting.clock()):
            raise Conflict("This was asked for already. The answer shows here.")

    async def answer(self, staff: Staff, approval_id: int, answer: str, reason: str) -> Approval:
        """Approve or refuse. Raises Refused for whoever may not grant it either, Conflict when somebody was first."""
        asked = await self.store.get(approval_id)
        if answer not in (APPROVED, REFUSED):
            raise Refused("Approve or refuse.")
        if answer == REFUSED and not reason.strip():
            raise Refused("Say in a few words why not: your colleague has to tell the customer something.")
        if asked.answer:
            raise Conflict(f"{asked.answered_by} answered this before you.")
        if not await self.may_answer(staff, asked):
            raise Refused("This is above your own limit too, or your own request. Somebody above has to answer.")
        if not await self.store.answer(approval_id, staff.id, answer, reason.strip(), self.granting.clock()):
            raise Conflict("Somebody answered this before you.")
        return await self.store.get(approval_id)

    async def may_answer(self, staff: Staff, asked: Approval) -> bool:
        """Whoever may grant it, and did not ask for it."""
        if staff.id == asked.asked_by_id or asked.answer:
            return False
        conversation = await self._conversation(asked.conversation_id)
        try:
            option = await self._option(staff, conversation, asked.case_id, asked.option_id)
        except Conflict:
            return False
        return not option.why_not and not option.given_by

    async def _conversation(self, conversation_id: str) -> ConversationRead:
        conversation = await self.granting.reading.conversation(conversation_id)
        if conversation is None:
            raise NotFound("There is no such conversation.")
        return conversation

    async def _option(self, staff: Staff, conversation: ConversationRead, case_id: str, option_id: str) -> OpenOption:
        """The option as somebody has it by their own limit. Raises Conflict when it is not open any more."""
        if conversation.customer_id is None:
            raise Refused("The customer is not verified, so nothing can be booked for them yet.")
        history = await self.crm.history(conversation.customer_id)
        choices = await self.granting.choices_as(Role(staff.role), staff.id, conversation, history)
        for option in choices.options:
            if (option.case_id, option.option.id) == (case_id, option_id):
                return option
        raise Conflict("This option is not open any more.")
