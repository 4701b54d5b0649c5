"""What a step decides: what to say, what to do, the state after it, and why."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from recovery.conditions import Facts, NearMiss
from recovery.evidence import Rationale, Sentence
from recovery.loyalty import LoyaltyOffer
from recovery.playbook import Procedure
from recovery.state import Option, Problem, Recovery
from recovery.surveys import SurveyKind
from recovery.words import FollowUpKind, RecoveryStep, Tier


@dataclass(frozen=True, slots=True)
class Button:
    """A reply that can be clicked: the dialogue act it stands for and the choice it carries.

    `title` names a response in data/responses; what the records or the playbook call a thing stands as it is.
    """

    title: str
    act: str
    choice: str = ""

    @property
    def payload(self) -> str:
        """As Rasa reads a clicked button: an intent with an entity."""
        return f"/{self.act}{json.dumps({'choice': self.choice}) if self.choice else ''}"


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence or two from `data/responses`, with the facts it is filled with and the step it does."""

    response: str
    facts: Mapping[str, str] = field(default_factory=dict)
    step: RecoveryStep | None = None


@dataclass(frozen=True, slots=True)
class Say:
    """One message to the customer. `about` is its problem where that is not the decision's."""

    parts: tuple[Part, ...]
    buttons: tuple[Button, ...] = ()
    about: Problem | None = None


@dataclass(frozen=True, slots=True)
class Book:
    """Grant the agreed option of a problem, once."""

    problem: Problem
    option: Option


@dataclass(frozen=True, slots=True)
class Revoke:
    """Take back what was booked for a problem, once."""

    problem: Problem
    compensation_id: str
    label: str


@dataclass(frozen=True, slots=True)
class HandOver:
    """Give the conversation to a person."""

    rules: tuple[str, ...]
    team: str
    priority: int
    priority_reasons: tuple[str, ...]
    rationale: Rationale
    procedures: tuple[Procedure, ...] = ()
    tier: Tier | None = None  # of the customer; None: a stranger
    vulnerable: bool = False


@dataclass(frozen=True, slots=True)
class CloseCase:
    """The case is done: the remedy held, or there turned out to be nothing to remedy."""

    case_id: str
    outcome: str = "recovered"


@dataclass(frozen=True, slots=True)
class FailCase:
    """The remedy did not hold: the case is marked as a failed recovery."""

    case_id: str


@dataclass(frozen=True, slots=True)
class RecordSurvey:
    """A survey asked, rated or commented. A rating is on the scale of its kind."""

    case_id: str
    rating: int | None = None
    comment: str | None = None
    kind: SurveyKind = SurveyKind.CSAT


@dataclass(frozen=True, slots=True)
class NoteCase:
    """Write down on a case what a person should know of it. `case_id`: another than the problem's own."""

    problem: Problem
    text: str
    case_id: str = ""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Come back in so many minutes."""

    problem: Problem
    kind: FollowUpKind
    after_minutes: int


@dataclass(frozen=True, slots=True)
class GiveReward:
    """Give a gift for a recovery that held, once."""

    problem: Problem
    offer: LoyaltyOffer


type Effect = Book | GiveReward | Revoke | HandOver | CloseCase | FailCase | RecordSurvey | NoteCase | Schedule


@dataclass(frozen=True, slots=True)
class Decision:
    """The next step. `step` names it in the log; `rules` are those that fired, `nearly` those that did not."""

    step: str
    says: tuple[Say, ...]
    state: Recovery
    effects: tuple[Effect, ...] = ()
    rules: tuple[str, ...] = ()
    nearly: tuple[NearMiss, ...] = ()
    inputs: Facts = field(default_factory=dict)
    reasons: tuple[Sentence, ...] = ()
    about: Problem | None = None
