"""When a person takes over: escalation, critical procedures and contingencies."""

from typing import Annotated, Literal

from pydantic import (
    Field,
)

from recovery import playbook as values
from recovery.words import ChallengeType
from redress.playbook.kinds import EscalationWhen, Text
from redress.playbook.strict import Strict


class EscalationEntry(Strict):
    """When a person takes over, which team, how urgent (1 is most), and what the customer is told."""

    id: Annotated[str, Field(pattern=r"^R\d\d$")]
    title: Text
    when: EscalationWhen = Field(min_length=1)
    team: Text
    priority: int = Field(ge=1, le=5)
    response: Annotated[str, Field(pattern=r"^utter_hand_over_[a-z_]+$")]
    advice_first: bool = False

    def value(self) -> values.EscalationRule:
        return values.EscalationRule(
            self.id, self.title, self.when, self.team, self.priority, self.response, self.advice_first
        )


class EscalationFile(Strict):
    """escalation.yml"""

    escalation: tuple[EscalationEntry, ...] = Field(min_length=1)


class DutyEntry(Strict):
    """One line of a checklist, with its clock."""

    id: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    text: Text
    within_minutes: int = Field(ge=1, description="Minutes from the customer's message.")

    def value(self) -> values.Duty:
        return values.Duty(self.id, self.text, self.within_minutes)


class ProcedureEntry(Strict):
    """What is done in a critical situation."""

    id: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    rule: Annotated[str, Field(pattern=r"^R\d\d$")]
    title: Text
    when: EscalationWhen = Field(min_length=1)
    team: Text
    priority: int = Field(ge=1, le=5)
    says: Annotated[str, Field(pattern=r"^utter_hand_over_[a-z_]+$")]
    advice_first: bool = False
    alone: bool = Field(default=False, description="Nothing else is said in the same breath.")
    pages: tuple[Text, ...] = Field(min_length=1, description="Teams and roles.")
    acknowledge_within_minutes: int = Field(ge=1, le=60)
    checklist: tuple[DutyEntry, ...] = Field(min_length=1)

    def value(self) -> values.Procedure:
        rule = values.EscalationRule(
            self.rule, self.title, self.when, self.team, self.priority, self.says, self.advice_first, self.alone
        )
        checklist = tuple(d.value() for d in self.checklist)
        return values.Procedure(self.id, self.title, rule, self.pages, self.acknowledge_within_minutes, checklist)


class ProceduresFile(Strict):
    """procedures.yml"""

    procedures: tuple[ProcedureEntry, ...] = Field(min_length=1)


class ContingencyEntry(Strict):
    """A kind of what hits many customers at once."""

    title: Text
    cause: Text
    challenges: tuple[ChallengeType, ...] = Field(min_length=1)
    names: tuple[Literal["couriers", "regions", "products"], ...] = ()
    text: Text
    doing: Text
    longest_hours: int = Field(ge=1, le=8760)
    words: tuple[Annotated[str, Field(pattern=r"^[^A-Z]+$")], ...] = ()
    passes: bool = True

    def value(self, kind: str) -> values.ContingencyKind:
        return values.ContingencyKind(
            kind,
            self.title,
            self.cause,
            self.challenges,
            self.names,
            self.text,
            self.doing,
            self.longest_hours,
            self.words,
            self.passes,
        )


class ContingenciesFile(Strict):
    """contingencies.yml"""

    contingencies: dict[Annotated[str, Field(pattern=r"^[a-z_]+$")], ContingencyEntry]
