"""What can go wrong, and why: the files on the company, challenge types and causes."""

from datetime import date
from typing import Annotated, Literal

from pydantic import (
    Field,
    model_validator,
)

from recovery import playbook as values
from recovery.details import Detail
from recovery.words import ChallengeType, Fault, OrderEventKind, Tier
from redress.playbook.kinds import Grade, RaiseWhen, Text
from redress.playbook.strict import Strict


class CompanyFile(Strict):
    """company.yml"""

    changed: date = Field(description="The day of the last change; part of the playbook's version.")
    name: Text
    currency: Literal["GBP", "EUR", "USD"]
    survey_after_minutes: int = Field(ge=0, description="How long after a recovery the survey is due.")
    undo_minutes: int = Field(ge=0, description="How long a booking can be taken back in the chat.")
    return_days: int = Field(ge=0, description="How long most things can be sent back.")
    guarantee_days: int = Field(ge=0, description="How long what we sell is covered, from the day it came.")
    quiet_minutes: int = Field(
        ge=1, description="How long a customer is silent before an open offer holds no follow-up back."
    )


type Dimension = Literal["harm", "money", "time", "vulnerability", "loyalty"]
type Entity = Literal["order_number", "tracking_number", "product", "quantity", "date", "money", "email", "phone"]


class RaiseEntry(Strict):
    """A reason to judge a problem more severe."""

    id: Text = Field(description="A few words that follow “because of”.")
    by: Dimension
    when: RaiseWhen = Field(min_length=1)
    to: Grade

    def value(self) -> values.Raise:
        return values.Raise(self.id, self.when, self.to, self.by)


class DetailEntry(Strict):
    """One thing to listen for: as an entity, or by words that begin so."""

    id: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    title: Text = Field(description="As the person who takes over reads it.")
    entities: tuple[Entity, ...] = ()
    words: tuple[Annotated[str, Field(pattern=r"^[^A-Z]+$")], ...] = ()

    @model_validator(mode="after")
    def _can_be_heard(self) -> "DetailEntry":
        if not (self.entities or self.words):
            raise ValueError("this detail could never be heard, give it entities or words")
        return self

    def value(self) -> Detail:
        return Detail(self.id, self.title, self.entities, self.words)


class ChallengeEntry(Strict):
    """How one challenge type is listened to and judged."""

    title: Text = Field(description="In customers' words, as it follows “the”.")
    needs_order: bool
    order_kinds: tuple[Literal["goods", "service", "plan", "booking"], ...] = ()
    severity: Grade
    raises: tuple[RaiseEntry, ...] = ()
    signs: tuple[OrderEventKind | Literal["overdue", "delivered_lately"], ...] = ()
    default_cause: Text
    team: Text
    prevention: Text = Field(description="One sentence: what we do so that it does not happen again.")
    usually: Text = Field(description="One sentence for a stranger: what we can usually do.")
    details: tuple[DetailEntry, ...] = Field(min_length=1, description="What to listen for.")
    not_judged_by: tuple[Dimension, ...] = ()
    people_decide_for: tuple[Tier, ...] = Field(default=(), description="Tiers for which only a person decides.")
    asks_for: Literal["", "photo"] = Field(default="", description="What the customer is asked to send if they can.")

    def value(self, challenge: ChallengeType) -> values.ChallengeRule:
        return values.ChallengeRule(
            challenge,
            self.title,
            self.needs_order,
            self.order_kinds,
            self.severity,
            tuple(r.value() for r in self.raises),
            tuple(str(s) for s in self.signs),
            self.default_cause,
            self.team,
            self.prevention,
            self.usually,
            self.asks_for,
            tuple(d.value() for d in self.details),
            self.not_judged_by,
            self.people_decide_for,
        )


class ChallengesFile(Strict):
    """challenges.yml"""

    challenges: dict[ChallengeType, ChallengeEntry]


class CauseEntry(Strict):
    """A cause that an order's events can show."""

    fault: Fault
    told: Text = Field(description="One sentence to the customer.")
    explains: tuple[ChallengeType, ...] = Field(
        default=(), description="The challenge types that it can explain; none named means all."
    )

    def value(self, cause: str) -> values.Cause:
        return values.Cause(cause, self.fault, self.told, self.explains)


class CausesFile(Strict):
    """causes.yml"""

    causes: dict[Annotated[str, Field(pattern=r"^[a-z_]+$")], CauseEntry]
