"""The texts in `data/responses`, read as Rasa reads them, so that rules may only name texts that exist."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from redress.playbook.errors import PlaybookBroken
from redress.playbook.yaml_lines import read

type Tone = Literal["calm", "upset", "furious", "any"]


class Metadata(BaseModel):
    """When a wording fits: the customer's mood, and the facts that it cannot do without."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tone: Tone = "any"
    needs: tuple[str, ...] = ()


class Wording(BaseModel):
    """One wording of a response."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    text: str = Field(min_length=1)
    metadata: Metadata = Metadata()

    def fits(self, tone: Tone) -> bool:
        """Whether it suits this mood."""
        return self.metadata.tone in (tone, "any")


class ResponsesFile(BaseModel):
    """One file of `data/responses`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal["3.1"]
    responses: dict[str, tuple[Wording, ...]]


@dataclass(frozen=True, slots=True)
class Responses:
    """Every response by name, with its wordings and the file it is in."""

    wordings: Mapping[str, tuple[Wording, ...]]
    file_of: Mapping[str, str]


def fields_of(text: str) -> frozenset[str]:
    """The names in braces in a text. ValueError when the braces do not match."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def read_responses(folder: Path) -> Responses:
    """Read every file of a folder; a response that stands in two files is refused."""
    wordings: dict[str, tuple[Wording, ...]] = {}
    file_of: dict[str, str] = {}
    for path in sorted(folder.glob("*.yml")):
        document = read(path, f"{folder.name}/{path.name}")
        try:
            content = ResponsesFile.model_validate(document.content)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            place = document.at(*first["loc"])
            raise PlaybookBroken([f"{place}: {first['msg']}. Correct this response."]) from error
        for name, variants in content.responses.items():
            if name in file_of:
                place = document.at("responses", name)
                raise PlaybookBroken([f"{place}: {name} is also in {file_of[name]}: keep one of them."])
            wordings[name], file_of[name] = variants, document.name
    if not wordings:
        raise PlaybookBroken([f"There are no responses in {folder.name}/: put the files back."])
    return Responses(wordings, file_of)
