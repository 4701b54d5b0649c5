"""A scripted customer: the YAML format, strict, with errors that say where and what."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator

from recovery.surveys import SurveyKind
from recovery.words import (
    CaseStatus,
    ChallengeType,
    DialogueAct,
    EvidenceKind,
    FollowUpKind,
    OrderEventKind,
    RecoveryStep,
    Remedy,
    Severity,
    Tier,
    Trigger,
)
from redress.problem import Problem


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _as_severity(value: Any) -> Any:
    return next((s for s in Severity if s.word == value), value)


type Text = Annotated[str, BeforeValidator(_as_text), Field(min_length=1)]
type Texts = Annotated[tuple[Text, ...], BeforeValidator(_as_list)]
type None_ = Literal["none"]
type SeverityWord = Annotated[Severity, BeforeValidator(_as_severity)]
type Owner = Literal["bot", "queue", "agent"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ReplyExpected(_Strict):
    """What the replies to one message say, taken together."""

    contains: Texts = ()
    contains_one_of: Texts = ()
    not_contains: Texts = ()
    matches: Texts = ()

    @field_validator("matches")
    @classmethod
    def are_patterns(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"{pattern!r} is not a regular expression: {error}") from error
        return patterns


class NluExpected(_Strict):
    """What was heard in the message. Challenges and triggers: at least these. Frustration: at least this."""

    act: DialogueAct | None = None
    challenges: tuple[ChallengeType, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    frustration: int | None = Field(None, ge=0, le=3)


class TurnExpected(_Strict):
    """What must hold after a turn."""

    reply: ReplyExpected | None_ | None = None
    buttons: Texts = ()
    owner: Owner | None = None
    nlu: NluExpected | None = None


class Wait(_Strict):
    """Something that comes by itself, such as a check-back."""

    message: Text | None = None
    owner: Owner | None = None
    within: float = Field(30, gt=0, le=3600)

    @model_validator(mode="after")
    def waits_for_something(self) -> Self:
        if (self.message is None) == (self.owner is None):
            raise ValueError("a wait names either a message or an owner")
        return self


class Turn(_Strict):
    """One thing that the customer does: say, click, or wait; or the day of a follow-up comes (`later`)."""

    say: Text | None = None
    click: Text | None = None
    wait: Wait | None = None
    later: FollowUpKind | None = None
    expect: TurnExpected = TurnExpected()

    @model_validator(mode="after")
    def does_one_thing(self) -> Self:
        if sum(part is not None for part in (self.say, self.click, self.wait, self.later)) != 1:
            raise ValueError("a turn has exactly one of say, click, wait and later")
        return self


class CompensationExpected(_Strict):
    """What was given for a case, and by which rule of the recovery policy."""

    remedy: Remedy | None = None
    pence: int | None = Field(None, ge=0)
    rule: Text | None = None


class FollowUpExpected(_Strict):
    """A follow-up, and how long after the booking it is due."""

    kind: FollowUpKind
    after_minutes: int = Field(gt=0)


class CaseExpected(_Strict):
    """A case that the conversation opened. Each is matched by its challenge type.

    Steps, rules (of the recovery policy, as its decisions name them) and facts that a decision used: at least these.
    """

    challenge: ChallengeType
    order: Text | None = None
    severity: SeverityWord | None = None
    status: CaseStatus | None = None
    failed: bool | None = None
    compensation: tuple[CompensationExpected, ...] | CompensationExpected | None_ | None = None
    rules: Texts = ()
    facts: Mapping[str, bool | int | str] = Field(default_factory=dict)
    steps: tuple[RecoveryStep, ...] | None_ | None = None
    follow_up: FollowUpExpected | FollowUpKind | None_ | None = None


class ReasonExpected(_Strict):
    """A sentence of a rationale, by a part of it, and the kinds of record that it cites, at least."""

    says: Text
    cites: tuple[EvidenceKind, ...] = Field((EvidenceKind.MESSAGE,), min_length=1)


class HandoffExpected(_Strict):
    """The handoff of the conversation. Rules and sentences: at least these; the first rule leads."""

    leads: Text | None = None
    rules: Texts = ()
    team: Text | None = None
    priority: int | None = Field(None, ge=1)
    rationale: tuple[ReasonExpected, ...] = ()


class SurveyExpected(_Strict):
    """The conversation's one survey, what was answered, and how soon after a low rating an alert was raised."""

    kind: SurveyKind | None = None
    rating: int | None = Field(None, ge=0, le=10)
    comment: Text | None = None
    alerted_within_s: float | None = Field(None, gt=0)


class DatabaseExpected(_Strict):
    """What must be stored at the end."""

    owner: Owner | None = None
    outcome: Text | None = None
    customer: Literal["verified", "unknown"] | None = None
    cases: tuple[CaseExpected, ...] | None_ | None = None
    handoff: HandoffExpected | None_ | None = None
    survey: SurveyExpected | None_ | None = None
    alerts: Texts | None = None


class Given(_Strict):
    """Something given in the past."""

    remedy: Remedy
    pence: int = Field(0, ge=0)


class PastCase(_Strict):
    """One more case of the customer's past: closed, with what was given for it; `failed`: it did not hold."""

    challenge: ChallengeType
    order: Text | None = None
    days_ago: int = Field(ge=1)
    given: tuple[Given, ...] = ()
    failed: bool = False


class Happened(_Strict):
    """One more event of an order, with its cause as the playbook names it."""

    order: Text
    kind: OrderEventKind
    cause: str = ""
    days_ago: float = Field(ge=0)


class Otherwise(_Strict):
    """What is otherwise with this customer than with the demo customer."""

    tier: Tier | None = None
    support_need: Text | None = None
    past: tuple[PastCase, ...] = ()
    events: tuple[Happened, ...] = ()


class Running(_Strict):
    """A contingency that a supervisor has switched on, in the words that the playbook proposes."""

    kind: Text
    couriers: Texts = ()
    regions: Texts = ()
    products: Texts = ()
    hours: float = Field(24, gt=0)


class Company(_Strict):
    """How things stand at the company meanwhile, for everybody: such a script is played while no other is."""

    contingencies: tuple[Running, ...] = ()
    left: Mapping[str, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)  # of a budget's period, in pence


class Script(_Strict):
    """One scripted customer."""

    name: Text
    customer: Text = "stranger"
    but: Otherwise = Otherwise()
    company: Company | None = None
    turns: tuple[Turn, ...] = Field(min_length=1)
    database: DatabaseExpected = DatabaseExpected()

    @field_validator("customer")
    @classmethod
    def is_known_kind(cls, customer: str) -> str:
        if customer != "stranger" and "@" not in customer:
            raise ValueError("a customer is `stranger` or the e-mail address of a demo customer")
        return customer


class _Loader(yaml.SafeLoader):
    """YAML in which `click: Yes` is a word and only no word is a truth value."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load(path: Path) -> Script:
    """Read a script. Raises Problem with every mistake, each with its place."""
    try:
        content = yaml.load(path.read_text(), _Loader)  # noqa: S506 - a safe loader with fewer types
    except OSError as error:
        raise Problem(f"{path} cannot be read: {error.strerror}.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Problem(f"{path} is not YAML: {' '.join(str(error).split())}") from error
    try:
        return Script.model_validate(content)
    except ValidationError as error:
        raise Problem(f"{path} is not a script. " + " ".join(_mistakes(error))) from error


def _mistakes(error: ValidationError) -> list[str]:
    told: dict[str, str] = {}
    for detail in error.errors(include_url=False):
        words = [str(part + 1) if isinstance(part, int) else str(part) for part in detail["loc"]]
        place = " › ".join(word for word in words if not re.search(r"[\[\]A-Z]|^literal|^none$", word)) or "the file"
        told.setdefault(place, f"{place}: {detail['msg'].removeprefix('Value error, ')}.")
    return [mistake for place, mistake in told.items() if not any(_within(other, place) for other in told)]


def _within(inner: str, outer: str) -> bool:
    """What is wrong further in says it better than what follows from it."""
    return inner.startswith(f"{outer} › ")


def renamed(script: Script, names: Mapping[str, str]) -> Script:
    """The script with some words replaced throughout: a copy's order numbers and address for the original's."""
    if not names:
        return script
    pattern = re.compile(r"(?<![\w.@£$€-])(?:" + "|".join(map(re.escape, names)) + r")(?![\w@-]|\.\d)")
    data = script.model_dump(mode="json", exclude_unset=True)
    return Script.model_validate(_replaced(data, pattern, names))


def _replaced(value: Any, pattern: re.Pattern[str], names: Mapping[str, str]) -> Any:
    match value:
        case str():
            return pattern.sub(lambda found: names[found.group()], value)
        case list():
            return [_replaced(part, pattern, names) for part in value]
        case dict():
            return {key: _replaced(part, pattern, names) for key, part in value.items()}
        case _:
            return value
