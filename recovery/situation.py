"""What one step is decided from: the message, the state, the history, the playbook and the time. Nothing else."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from recovery.around import NOTHING, Around
from recovery.heard import Heard
from recovery.playbook import Playbook
from recovery.records import History
from recovery.state import Problem, Recovery


class Topic(StrEnum):
    """What Rasa's rules say a turn is about (dialogue act and stage together)."""

    RECOVER = "recover"
    ANSWER_OFFER = "answer_offer"
    ANSWER_SURVEY = "answer_survey"
    STATUS = "status"
    QUESTION = "question"
    PERSON = "person"
    BOT_COMPLAINT = "bot_complaint"
    SMALL_TALK = "small_talk"
    OUTSIDE = "outside"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything a decision may look at. `history` is None for somebody who is not verified."""

    topic: Topic
    heard: Heard
    state: Recovery
    history: History | None
    playbook: Playbook
    now: datetime
    around: Around = NOTHING

    @property
    def problem(self) -> Problem | None:
        return self.state.current

    @property
    def verified(self) -> bool:
        return self.history is not None

    @property
    def first_name(self) -> str:
        return self.history.customer.first_name if self.history else ""
