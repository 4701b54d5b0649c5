"""The kinds of value that the playbook's files hold, each with its check and its schema."""

from functools import partial
from typing import Annotated

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    StringConstraints,
    WithJsonSchema,
)

from recovery.conditions import Condition
from recovery.words import Severity
from redress.playbook.facts import (
    ESCALATION_FACTS,
    HABIT_FACTS,
    LOYALTY_FACTS,
    RAISE_FACTS,
    RULE_FACTS,
    SEVERITY,
    SURVEY_FACTS,
    conditions,
    conditions_schema,
)

LABEL_LENGTH = 45  # what fits on a button


def _severity(word: object) -> object:
    return Severity(int(SEVERITY.value(word)))


def _fits_a_button(label: str) -> str:
    if len(label.replace("{amount}", "£149.99")) > LABEL_LENGTH:
        raise ValueError(f"“{label}” is longer than the {LABEL_LENGTH} characters of a button, shorten it")
    return label


type Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
type Label = Annotated[Text, AfterValidator(_fits_a_button)]
type Words = Annotated[tuple[Annotated[str, Field(pattern=r"^[^A-Z]+$")], ...], Field(min_length=1)]
type RuleId = Annotated[str, Field(pattern=r"^[a-zA-Z][a-zA-Z0-9_.]*$")]
type Pence = Annotated[int, Field(ge=0)]
type Grade = Annotated[Severity, BeforeValidator(_severity), WithJsonSchema(SEVERITY.schema)]
type RaiseWhen = Annotated[
    tuple[Condition, ...],
    PlainValidator(partial(conditions, RAISE_FACTS)),
    WithJsonSchema(conditions_schema(RAISE_FACTS)),
]
type RuleWhen = Annotated[
    tuple[Condition, ...],
    PlainValidator(partial(conditions, RULE_FACTS)),
    WithJsonSchema(conditions_schema(RULE_FACTS)),
]
type HabitWhen = Annotated[
    tuple[Condition, ...],
    PlainValidator(partial(conditions, HABIT_FACTS)),
    WithJsonSchema(conditions_schema(HABIT_FACTS)),
]
type SurveyWhen = Annotated[
    tuple[Condition, ...],
    PlainValidator(partial(conditions, SURVEY_FACTS)),
    WithJsonSchema(conditions_schema(SURVEY_FACTS)),
]
type LoyaltyWhen = Annotated[
    tuple[Condition, ...],
    PlainValidator(partial(conditions, LOYALTY_FACTS)),
    WithJsonSchema(conditions_schema(LOYALTY_FACTS)),
]
type EscalationWhen = Annotated[
    tuple[Condition, ...],
    PlainValidator(partial(conditions, ESCALATION_FACTS)),
    WithJsonSchema(conditions_schema(ESCALATION_FACTS)),
]
