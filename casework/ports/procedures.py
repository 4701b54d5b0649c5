"""Procedures under way: their checklists, and those that begin while a person has the conversation."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from casework.ports.talk import Json, Outbound
from casework.ports.turn import NewAlert


@dataclass(frozen=True, slots=True)
class Begun:
    """A procedure that a held message begins: what is added to the open handoff, said to the customer, and alerted.

    `said` is sent only while nobody has claimed: an agent who is there answers themselves.
    """

    message_id: str
    rule: str
    procedure: Json  # as the packet holds it
    reason: Json  # a sentence with its evidence
    said: Outbound
    alert: NewAlert


class Procedures(Protocol):
    """The port to what is under way."""

    async def begin(self, conversation_id: str, begun: Begun, at: datetime) -> bool:
        """Once for each handoff and rule, all at once; False when it had begun, or no handoff is open."""

    async def duty_done(self, conversation_id: str, procedure: str, duty: str, user_id: str, at: datetime) -> None:
        """Tick a line of the checklist; the first tick stands. Raises NotFound when nothing of the kind is open."""
