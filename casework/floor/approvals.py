"""Above one's limit: asked from the conversation, answered by somebody who may, and then granted once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from casework.crm import Crm
from casework.errors import Conflict, NotFound, PortError, Refused, Unavailable
from casework.grant_choices import OpenOption
from casework.granting import Granting
from casework.ownership import MAY_TAKE_OVER
from casework.ports import NewAlert, Staff
from casework.read_records import ConversationRead
from casework.reading import owns
from recovery.words import CaseStatus, Role

APPROVED, REFUSED, WITHDRAWN, LAPSED = "approved", "refused", "withdrawn", "lapsed"
UNSEEN = "Whether it is still open cannot be seen just now"
GONE = "This option is not open any more, so the request is off the list."


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

    async def answer(self, approval_id: int, user_id: str | None, answer: str, reason: str, at: datetime) -> bool:
        """True for the one who did it. Nobody did what lapsed."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a reader may answer to a request. `why_not` says why they may not approve."""

    may: frozenset[str] = frozenset()
    why_not: str = ""
    lapsed: bool = False


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
        """Approve, refuse, or withdraw one's own. Raises Refused for whoever may not, Conflict when it is over."""
        asked = await self.store.get(approval_id)
        if answer not in (APPROVED, REFUSED, WITHDRAWN):
            raise Refused("Approve or refuse.")
        if answer == REFUSED and not reason.strip():
            raise Refused("Say in a few words why not: your colleague has to tell the customer something.")
        if asked.answer:
            raise Conflict(f"{asked.answered_by} answered this before you." if asked.answered_by else GONE)
        standing = await self.standing(staff, asked)
        if standing.lapsed:
            raise Conflict(GONE)
        if answer == APPROVED and standing.why_not == UNSEEN:
            raise Unavailable(f"{UNSEEN}. Try it again in a moment.")
        if answer not in standing.may:
            raise Refused("This is above your own limit too, or your own request. Somebody above has to answer.")
        if not await self.store.answer(approval_id, staff.id, answer, reason.strip(), self.granting.clock()):
            raise Conflict("Somebody answered this before you.")
        return await self.store.get(approval_id)

    async def standing(self, staff: Staff, asked: Approval) -> Standing:
        """What somebody may answer. A request whose option is gone lapses by being looked at.

        Whose limit holds it may approve; anybody senior may refuse; whoever asked may withdraw it.
        """
        if asked.answer:
            return Standing()
        own = staff.id == asked.asked_by_id
        may = {WITHDRAWN} if own else {REFUSED} if staff.role in MAY_TAKE_OVER else set()
        try:
            option = await self._open_option(staff, asked)
        except PortError:  # it breaks no page, and a refusal rests on nothing of it
            return Standing(frozenset(may), UNSEEN)
        if option is None:
            await self.store.answer(asked.id, None, LAPSED, "", self.granting.clock())
            return Standing(lapsed=True)
        if own or option.why_not:
            return Standing(frozenset(may), "Your own request" if own else "Above your limit")
        return Standing(frozenset({APPROVED, REFUSED}))

    async def _open_option(self, staff: Staff, asked: Approval) -> OpenOption | None:
        """What was asked for, by this person's own limit; None once it can be booked by nobody."""
        conversation = await self._conversation(asked.conversation_id)
        if conversation.customer_id is None:
            raise Refused("The customer is not verified.")
        history = await self.crm.history(conversation.customer_id)
        case = next((c for c in history.cases if c.id == asked.case_id), None)
        if case is not None and case.status is CaseStatus.CLOSED:
            return None
        try:
            option = await self._option(staff, conversation, asked.case_id, asked.option_id)
        except Conflict:
            return None
        return None if option.given_by else option

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
