"""Who waits for a person and asks about their case is told what is known of it, and what the person will do."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from casework.floor.ports import QueueStore
from casework.ports import Author, Clock, Handoffs, Outbound, Phrases
from recovery.case_asked import asks_about_case, known_of
from recovery.staffing import Staffing

_TOLD = uuid.UUID("5e1f0a52-4e3b-4d0e-8f57-2d3b9c1f7a60")


@dataclass(frozen=True, slots=True)
class CaseAsked:
    """Asking again is answered again; the same message is answered once."""

    store: QueueStore
    handoffs: Handoffs
    staffing: Callable[[], Staffing]
    phrases: Phrases
    clock: Clock

    async def read(self, conversation_id: str, message_id: str, text: str) -> None:
        """A message came that is a person's to answer, and nobody has taken it yet."""
        if not asks_about_case(text):
            return
        handoff = await self.handoffs.open_one(conversation_id)
        # Where people may be in danger somebody is paged at once, and nothing stands in between.
        if handoff is None or handoff.claimed_at is not None or handoff.packet.get("procedures"):
            return
        known = known_of(handoff.packet.get("problems") or ())
        facts = {"team": self.staffing().team(handoff.team).name.lower(), "problems": known.reported}
        response = "utter_case_waits" if known.reported else "utter_case_waits_untold"
        if known.booked:
            response, facts = "utter_case_waits_booked", {**facts, "booked": known.booked}
        told = Outbound(uuid.uuid5(_TOLD, message_id).hex, Author.SYSTEM, self.phrases.plain(response, **facts))
        await self.store.tell_waiting(conversation_id, told, self.clock())
