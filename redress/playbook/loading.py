"""Load the playbook: read each file, check the whole, name the version by its content."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from recovery.playbook import Playbook
from redress.playbook.checks import problems_of
from redress.playbook.errors import PlaybookBroken
from redress.playbook.files import MODELS, Files
from redress.playbook.responses import Responses, read_responses
from redress.playbook.strict import Strict
from redress.playbook.yaml_lines import Document, read


def load(folder: Path, responses: Path | None = None) -> Playbook:
    """The playbook in a folder, checked. With `responses`, also that every text it names exists.

    Raises PlaybookBroken with every problem found, each a sentence with its place and what to do.
    """
    documents, files = _read_all(folder)
    playbook = files.playbook(_version(files, documents.values()))
    texts = read_responses(responses) if responses is not None else None
    if problems := list(problems_of(playbook, documents, texts)):
        raise PlaybookBroken(problems)
    return playbook


def load_checked(root: Path) -> tuple[Playbook, Responses]:
    """The playbook and the responses of a checkout: `playbook/` and `data/responses/` under its root."""
    folder = root / "data" / "responses"
    return load(root / "playbook", folder), read_responses(folder)


def _read_all(folder: Path) -> tuple[dict[str, Document], Files]:
    documents: dict[str, Document] = {}
    models: dict[str, Strict] = {}
    problems: list[str] = []
    for name, model in MODELS.items():
        try:
            documents[name] = read(folder / f"{name}.yml", f"{folder.name}/{name}.yml")
            models[name] = model.model_validate(documents[name].content)
        except PlaybookBroken as broken:
            problems += broken.problems
        except ValidationError as error:
            problems += _sentences(documents[name], error)
    if problems:
        raise PlaybookBroken(problems)
    return documents, Files.model_validate(models)


def _version(files: Files, documents: Iterable[Document]) -> str:
    """The day of the last change and the content's own name: `2026-11-22.1f3a9c20`."""
    whole = "\0".join(f"{d.name.rpartition('/')[2]}\0{d.text}" for d in sorted(documents, key=lambda d: d.name))
    return f"{files.company.changed}.{hashlib.sha256(whole.encode()).hexdigest()[:8]}"


def _sentences(document: Document, error: ValidationError) -> list[str]:
    """One sentence for each mistake. Of mistakes inside one another, the innermost is told."""
    told: dict[tuple[str | int, ...], str] = {}
    for detail in error.errors(include_url=False):
        where = tuple(part for part in detail["loc"] if part != "[key]")
        while where and where not in document.lines and detail["type"] != "missing":
            where = where[:-1]
        told.setdefault(where, _sentence(document, detail, where))
    inner = {where[:n] for where in told for n in range(len(where))}
    return [sentence for where, sentence in told.items() if where not in inner]


def _sentence(document: Document, detail: ErrorDetails, where: tuple[str | int, ...]) -> str:
    path = " › ".join(str(part + 1) if isinstance(part, int) else part for part in where)
    return f"{document.at(*where)}{f' ({path})' if path else ''}: {_what(detail, where)}."


def _what(detail: ErrorDetails, where: tuple[str | int, ...]) -> str:
    key = where[-1] if where else ""
    context: Mapping[str, object] = detail.get("ctx") or {}
    match detail["type"]:
        case "missing":
            return f"`{key}` is missing, add it"
        case "extra_forbidden":
            return f"`{key}` is not known here, correct its spelling or remove it"
        case "enum" | "literal_error":
            return f"{detail['input']!r} is not known, write one of {context.get('expected')}"
        case "value_error":
            return str(context.get("error"))
        case _:
            return f"{detail['input']!r} does not fit, {_lower(detail['msg'])}"


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]
