"""A scripted customer: the YAML format, strict, with errors that say where and what."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator

from recovery.words import CaseStatus, ChallengeType, DialogueAct, FollowUpKind, RecoveryStep, Remedy, Trigger
from redress.problem import Problem


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


type Text = Annotated[str, BeforeValidator(_as_text), Field(min_length=1)]
type Texts = Annotated[tuple[Text, ...], BeforeValidator(_as_list)]
type None_ = Literal["none"]
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
    """One thing that the customer does: say, click, or wait."""

    say: Text | None = None
    click: Text | None = None
    wait: Wait | None = None
    expect: TurnExpected = TurnExpected()

    @model_validator(mode="after")
    def does_one_thing(self) -> Self:
        if sum(part is not None for part in (self.say, self.click, self.wait)) != 1:
            raise ValueError("a turn has exactly one of say, click and wait")
        return self


class CompensationExpected(_Strict):
    """What was given for a case."""

    remedy: Remedy | None = None
    pence: int | None = Field(None, ge=0)


class CaseExpected(_Strict):
    """A case that the conversation opened. Each is matched by its challenge type."""

    challenge: ChallengeType
    order: Text | None = None
    status: CaseStatus | None = None
    compensation: tuple[CompensationExpected, ...] | CompensationExpected | None_ | None = None
    steps: tuple[RecoveryStep, ...] = ()
    follow_up: FollowUpKind | None_ | None = None


class HandoffExpected(_Strict):
    """The handoff of the conversation. Rules: at least these."""

    rules: Texts = ()
    team: Text | None = None
    priority: int | None = Field(None, ge=1)


class DatabaseExpected(_Strict):
    """What must be stored at the end."""

    owner: Owner | None = None
    outcome: Text | None = None
    customer: Literal["verified", "unknown"] | None = None
    cases: tuple[CaseExpected, ...] | None_ | None = None
    handoff: HandoffExpected | None_ | None = None


class Script(_Strict):
    """One scripted customer."""

    name: Text
    customer: Text = "stranger"
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
