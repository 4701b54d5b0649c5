"""An agent resolves a conversation: its open cases get the root cause, then the conversation is closed."""

from contextlib import suppress
from dataclasses import dataclass

from casework.crm import CaseChange, Crm
from casework.errors import Conflict, NotFound, PortError, Refused
from casework.ownership import Ownership
from casework.ports import Conversation, Recoveries, Staff
from casework.turn_state import loaded
from recovery.records import Case
from recovery.state import Progress
from recovery.words import CaseStatus, Role

BY_AGENT = "resolved by an agent"


@dataclass(frozen=True, slots=True)
class Resolving:
    """The CRM is told first: if it does not answer, nothing has changed and the agent tries again."""

    crm: Crm
    recoveries: Recoveries
    ownership: Ownership

    async def resolve(
        self, staff: Staff, conversation_id: str, root_cause: str, seen: int | None = None
    ) -> Conversation:
        """Raises Conflict when it is not this person's to resolve, or they have not read all (up to seq `seen`)."""
        conversation = await self.ownership.conversations.get(conversation_id)
        if conversation.agent_id != staff.id and staff.role != Role.SUPERVISOR:
            raise Conflict("This conversation is not yours to resolve.")
        await self.ownership.must_have_read(conversation_id, seen)
        state = loaded((await self.recoveries.load(conversation_id)).state)
        before = [
            await self._close(problem.case_id, root_cause, None if problem.progress is Progress.BOOKED else BY_AGENT)
            for problem in state.problems
            if problem.case_id and problem.progress is not Progress.DROPPED
        ]
        try:
            return await self.ownership.resolve(conversation_id, staff, root_cause, seen)
        except Conflict:  # the customer wrote, or somebody took it over, in that very moment
            for case in before:
                await self._open_again(case)
            raise

    async def _close(self, case_id: str, root_cause: str, outcome: str | None) -> Case | None:
        """Resolved, not closed: a check-back may still find that the remedy did not hold. How it stood before."""
        change = CaseChange(status=CaseStatus.RESOLVED, outcome=outcome, root_cause=root_cause)
        try:
            before = await self.crm.case(case_id)
            await self.crm.update_case(case_id, change, self.ownership.clock())
        except (NotFound, Refused):
            return None  # it was closed before, or the CRM has let go of it: there is nothing to resolve
        return before

    async def _open_again(self, case: Case | None) -> None:
        if case is not None and case.status is not CaseStatus.RESOLVED:
            with suppress(PortError):
                await self.crm.update_case(case.id, CaseChange(status=case.status), self.ownership.clock())
