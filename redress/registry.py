"""Which models there are, what each was made of, and which one answers.

    models/<name>.tar.gz          a model, named by a hash of what it was made from
    models/<name>.json            its manifest
    models/<name>.review.yml      the reviewed messages that went into it, if any
    models/refused/               models that were worse, each with its manifest and the gate's report
    model.json                    this home's published models, the latest last, and all that was done
    model-in-use.tar.gz           a link to the one that the engine loads when it starts

Models may be shared between homes, because their names tell their contents; which one answers is each home's own.
"""

import getpass
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from redress.problem import Problem
from redress.secrets_file import write_private
from redress.settings import Settings

SUFFIX, REVIEW = ".tar.gz", ".review.yml"
_CHOICE, _LINK = "model.json", "model-in-use.tar.gz"
_REMEMBERED = 200


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is known of a model. `sources`: the hash of the checkout's part. `scores`: on the test set, if taken."""

    name: str
    sources: str
    made_at: str
    made_by: str
    examples: int
    reviewed: int = 0
    trained_in_s: float = 0.0
    scores: Mapping[str, float] = field(default_factory=dict)
    worse: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Published:
    """One model that was put to work here. `sources`: the checkout for which it was."""

    model: str
    sources: str
    how: str  # trained, reviewed, rolled back
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class Choice:
    """The models that may be gone back to, the one in use last, and the log of all that was done."""

    stack: tuple[Published, ...] = ()
    log: tuple[Published, ...] = ()

    @property
    def now(self) -> Published | None:
        return self.stack[-1] if self.stack else None


def who() -> str:
    """Whose doing it is, as the system knows them."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def moment() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def name_of(model: Path) -> str:
    return model.name.removesuffix(SUFFIX)


def file_of(settings: Settings, name: str) -> Path:
    return settings.models / f"{name}{SUFFIX}"


def review_of(settings: Settings, name: str) -> Path | None:
    """The reviewed messages that went into a model."""
    path = settings.models / f"{name}{REVIEW}"
    return path if path.exists() else None


def read_choice(settings: Settings) -> Choice:
    """What was published in this home. Raises Problem when the file is broken: guessing would lose the choice."""
    path = settings.home / _CHOICE
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return Choice(*(tuple(Published(**each) for each in told[part]) for part in ("stack", "log")))
    except FileNotFoundError:
        return Choice()
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise Problem(f"{path} cannot be read. Delete it to begin with the checkout's own model.") from error


def publish(settings: Settings, name: str, sources: str, how: str) -> None:
    """Put a model to work: from the next start of the engine on, or when it is told."""
    choice, new = read_choice(settings), Published(name, sources, how, moment(), who())
    _write(settings, Choice((*choice.stack, new), (*choice.log, new)))
    link(settings, file_of(settings, name))


def settle(settings: Settings, model: Path, sources: str) -> None:
    """What `up` is about to run, written down once, so that it can be gone back to."""
    now = read_choice(settings).now
    if now is None or (now.model, now.sources) != (name_of(model), sources):
        publish(settings, name_of(model), sources, "trained")
    link(settings, model)


def earlier(settings: Settings) -> Published:
    """The model before the one in use. Raises Problem when there is none."""
    choice = read_choice(settings)
    now = choice.now
    others = [p for p in choice.stack[:-1] if now and p.model != now.model]
    for published in reversed(others):
        if file_of(settings, published.model).exists():
            return published
    raise Problem("There is no earlier model to go back to.")


def roll_back(settings: Settings, sources: str) -> Published:
    """Put the previous model back, for the present checkout. Raises Problem when there is none."""
    choice, back = read_choice(settings), earlier(settings)
    kept = choice.stack[: choice.stack.index(back)]
    again = Published(back.model, sources, "rolled back", moment(), who())
    _write(settings, Choice((*kept, again), (*choice.log, again)))
    link(settings, file_of(settings, back.model))
    return again


def _write(settings: Settings, choice: Choice) -> None:
    log = choice.log[-_REMEMBERED:]
    told = {"stack": [asdict(p) for p in choice.stack[-_REMEMBERED:]], "log": [asdict(p) for p in log]}
    write_private(settings.home / _CHOICE, json.dumps(told, indent=1) + "\n")


def link(settings: Settings, model: Path) -> Path:
    """Point the engine's link at a model, whole or not at all."""
    place = settings.home / _LINK
    fresh = place.with_name(f".{_LINK}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(model)
    fresh.replace(place)
    return place


def write_manifest(model: Path, manifest: Manifest, report: Mapping[str, Any] | None = None) -> None:
    told = asdict(manifest) | ({"report": report} if report else {})
    place = model.with_name(f"{manifest.name}.json")
    fresh = place.with_suffix(".json.new")
    fresh.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    fresh.replace(place)


def read_manifest(model: Path) -> tuple[Manifest | None, Mapping[str, Any]]:
    """A model's manifest and the gate's report; None and nothing for one older than manifests."""
    try:
        told = json.loads(model.with_name(f"{name_of(model)}.json").read_text(encoding="utf-8"))
        report = told.pop("report", {})
        return Manifest(**told), report
    except (OSError, ValueError, TypeError):
        return None, {}


def models(settings: Settings) -> Iterator[Path]:
    """All models there are, the newest first, the refused ones after the others."""
    for folder in (settings.models, settings.models / "refused"):
        yield from sorted(folder.glob(f"*{SUFFIX}"), key=lambda path: -path.stat().st_mtime)


def find(settings: Settings, name: str) -> Path:
    """A model by its name or the beginning of it. Raises Problem."""
    found = [path for path in models(settings) if name_of(path).startswith(name)] if name else []
    if len(found) != 1:
        how_many = "more than one model" if found else "no model"
        raise Problem(f"There is {how_many} called {name or 'nothing'}. See `redress model list`.")
    return found[0]


def line_of(path: Path, in_use: Path) -> str:
    """A model in one line of a list."""
    told, _ = read_manifest(path)
    mark = "*" if path == in_use else "!" if path.parent.name == "refused" else " "
    if told is None:
        return f"{mark} {name_of(path):<18}made before manifests were kept"
    scores = "  ".join(f"{name} {value:.3f}" for name, value in told.scores.items() if "macro" in name)
    made = f"{told.made_at}  {told.examples:5} messages, {told.reviewed} reviewed"
    return f"{mark} {name_of(path):<18}{made}  {scores}".rstrip()


def described(path: Path, told: Manifest | None, report: Mapping[str, Any]) -> list[str]:
    """A model in lines that people read."""
    lines = [f"{name_of(path)}  {path}"]
    if told is None:
        return [*lines, "Made before manifests were kept: all that is known is its name."]
    lines += [
        f"made        {told.made_at} by {told.made_by}, in {told.trained_in_s:g} s",
        f"made of     {told.examples} messages, {told.reviewed} of them reviewed; sources {told.sources}",
    ]
    lines += [f"{name:<32}{value:.3f}" for name, value in told.scores.items()]
    scores = {**report.get("heads", {}), **report.get("labels", {})}
    lines += [f"worse       {name}: {scores[name]['now']:.3f} to {scores[name]['new']:.3f}" for name in told.worse]
    return lines
