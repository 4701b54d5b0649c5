"""An agent resolves a conversation: its open cases get the root cause, then the conversation is closed."""

from dataclasses import dataclass

from casework.crm import CaseChange, Crm
from casework.errors import Conflict, NotFound, Refused
from casework.ownership import Ownership
from casework.ports import Conversation, Recoveries, Staff
from casework.turn_state import loaded
from recovery.state import Progress
from recovery.words import CaseStatus, Role

BY_AGENT = "resolved by an agent"


@dataclass(frozen=True, slots=True)
class Resolving:
    """The CRM is told first: if it does not answer, nothing has changed and the agent tries again."""

    crm: Crm
    recoveries: Recoveries
    ownership: Ownership

    async def resolve(self, staff: Staff, conversation_id: str, root_cause: str) -> Conversation:
        """Raises Conflict when it is not this person's to resolve."""
        conversation = await self.ownership.conversations.get(conversation_id)
        if conversation.agent_id != staff.id and staff.role != Role.SUPERVISOR:
            raise Conflict("This conversation is not yours to resolve.")
        state = loaded((await self.recoveries.load(conversation_id)).state)
        for problem in state.problems:
            if problem.case_id and problem.progress is not Progress.DROPPED:
                booked = problem.progress is Progress.BOOKED
                await self._close(problem.case_id, root_cause, None if booked else BY_AGENT)
        return await self.ownership.resolve(conversation_id, staff, root_cause)

    async def _close(self, case_id: str, root_cause: str, outcome: str | None) -> None:
        """Resolved, not closed: a check-back may still find that the remedy did not hold."""
        change = CaseChange(status=CaseStatus.RESOLVED, outcome=outcome, root_cause=root_cause)
        try:
            await self.crm.update_case(case_id, change, self.ownership.clock())
        except (NotFound, Refused):
            return  # it was closed before, or the CRM has let go of it: there is nothing to resolve
