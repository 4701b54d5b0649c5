"""A survey's button pressed while a person has the conversation, or is waited for: the engine hears none of it."""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID, uuid5

from casework.carrying_out import LOW_RATING, note_detractor, rating_told
from casework.crm import Crm
from casework.errors import Conflict, PortError
from casework.ports import (
    Author,
    Clock,
    Decision,
    KeptRecovery,
    NewAlert,
    Outbound,
    Phrases,
    Rated,
    Recoveries,
    SurveyNews,
    Surveys,
)
from casework.turn_state import dumped, loaded
from recovery.decision import RecordSurvey
from recovery.following_up import rating_pressed
from recovery.playbook import Playbook
from recovery.state import Recovery
from recovery.surveys import SurveyRule

_TOLD = UUID("5b0c2a4e-0a7c-4f0f-8f0c-6a1e9d3b7c55")  # the namespace of what is said to a rating
_CHOICE = re.compile(r"^/\w+(\{.*\})$")
_TRIES = 3  # each lost race means that somebody else succeeded


@dataclass(frozen=True, slots=True)
class Ratings:
    """Takes ratings as a turn of the bot would: recorded once, a low one alerted in the same transaction."""

    recoveries: Recoveries
    surveys: Surveys
    crm: Crm
    playbook: Callable[[], Playbook]
    phrases: Phrases
    clock: Clock

    async def press(self, conversation_id: str, message_id: str, payload: str) -> bool:
        """Whether the button rated the survey that this conversation was last asked. Raises Conflict, Unavailable."""
        for _ in range(_TRIES):
            kept = await self.recoveries.load(conversation_id)
            found = rating_pressed(_choice(payload), loaded(kept.state), self.playbook(), self.clock())
            if found is None:
                return False
            if await self.surveys.rate(self._rated(conversation_id, message_id, kept, *found), self.clock()):
                with suppress(PortError):  # the rating and its alert stand, whatever becomes of the note
                    await note_detractor(self.crm, found[0], self.clock())
                return True
        raise Conflict("Others are changing this conversation at this moment. Press again.")

    def _rated(
        self,
        conversation_id: str,
        message_id: str,
        kept: KeptRecovery,
        record: RecordSurvey,
        rule: SurveyRule,
        after: Recovery,
    ) -> Rated:
        rating, kind = record.rating or 0, record.kind
        low = kind.is_low(rating)
        inputs = {"rating": rating, "survey": kind.value}
        version = self.playbook().version
        words = self.phrases.plain("utter_survey_noted_low" if low else "utter_survey_noted")
        return Rated(
            conversation_id,
            kept.version,
            dumped(after),
            message_id,
            Decision("survey_rated", record.case_id, (rule.id,), version, inputs, []),
            SurveyNews(record.case_id, rating, kind=kind.value),
            (NewAlert(LOW_RATING, rating_told(record)),) if low else (),
            Outbound(uuid5(_TOLD, message_id).hex, Author.SYSTEM, words, in_reply_to=message_id),
        )


def _choice(payload: str) -> str:
    """What a button's payload carries: `/inform{"choice": "rating:2"}`."""
    found = _CHOICE.match(payload)
    if found is None:
        return ""
    try:
        return str(json.loads(found[1]).get("choice", ""))
    except ValueError:
        return ""
