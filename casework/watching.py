"""Danger to life is heard also while a conversation is a person's, or waits for one: the engine reads none of it."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from casework.outcome import evidence_json
from casework.ports import Author, Begun, Clock, NewAlert, Outbound, Phrases, Procedures
from casework.recording import procedure_json
from recovery.dangers import Danger, dangers_in, hazards_in
from recovery.evidence import Evidence
from recovery.playbook import Playbook, Procedure
from recovery.words import EvidenceKind

_SAID = uuid.UUID("9d4c64a2-3f60-4f0e-8a0e-0f6b1a1c2b77")  # the namespace of what is said by itself


@dataclass(frozen=True, slots=True)
class Watch:
    """Reads each message that is a person's to answer."""

    procedures: Procedures
    playbook: Callable[[], Playbook]
    phrases: Phrases
    clock: Clock

    async def read(self, conversation_id: str, message_id: str, text: str) -> None:
        """Begin the procedure that the words call for, once for each handoff."""
        for danger in (*dangers_in(text), *hazards_in(text)):
            procedure = _procedure_for(danger, self.playbook())
            if procedure is not None:
                begun = self._begun(procedure, danger, message_id, text)
                await self.procedures.begin(conversation_id, begun, self.clock())

    def _begun(self, procedure: Procedure, danger: Danger, message_id: str, text: str) -> Begun:
        quote = " ".join(text.split())[:120]
        why = f"{procedure.title} (“{danger.words}”): “{quote}”."
        reason = {"text": why, "evidence": [evidence_json(Evidence(EvidenceKind.MESSAGE, message_id))]}
        said_id = uuid.uuid5(_SAID, f"{message_id}/{procedure.id}").hex
        text, meta = self.phrases.plain(procedure.rule.response), {"procedure": procedure.id}
        said = Outbound(said_id, Author.SYSTEM, text, in_reply_to=message_id, meta=meta)
        alert = NewAlert("critical", why, procedure.id)
        return Begun(message_id, procedure.rule.id, procedure_json(procedure, self.clock()), reason, said, alert)


def _procedure_for(danger: Danger, playbook: Playbook) -> Procedure | None:
    """The one that begins with this danger."""
    asks = (p for p in playbook.procedures for c in p.rule.when if c.fact == danger.kind and c.is_in == (True,))
    return next(asks, None)
