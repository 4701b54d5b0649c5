"""`redress train --review`: train on what was reviewed, too, and publish only what is not worse."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from redress import model, registry, reviewed, wiring
from redress.model import BOT_PYTHON, engine_environment
from redress.problem import Problem
from redress.settings import CHECKOUT, Settings, child_environment

TEST_SET = CHECKOUT / "tests" / "nlu" / "test.jsonl"
type Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Trained:
    """A candidate and what the gate said."""

    path: Path
    report: Mapping[str, Any]

    @property
    def worse(self) -> list[str]:
        return list(self.report["worse"])


async def retrain(settings: Settings, url: str, say: Say, *, write: bool = False) -> Trained:
    """Train, compare and publish. Raises Problem for a model that is worse: it is kept aside with its report."""
    async with wiring.reviews(url) as reviews:
        items = await reviews.accepted()
    material = reviewed.material_of(items, reviewed.held_out_texts(), reviewed.training_texts())
    tell_left_out(material, say)
    if not material.kept:
        raise Problem("No accepted message is left to learn from. Label some on the desk's review page first.")
    review = write_down(settings, material)
    now = await model.ensure(settings)
    registry.settle(settings, now, model.model_hash())  # so that it can be gone back to
    say(f"Training with {len(material.kept)} reviewed messages, which takes about a minute …")
    trained = await _candidate(settings, review, now)
    if trained.worse:
        raise Problem(refusal(trained))
    return replace(trained, path=_publish(settings, trained.path, material if write else None))


def tell_left_out(material: reviewed.Material, say: Say) -> None:
    """Who labelled them should know what became of them."""
    for each in material.leaks:
        say(f"Refused: reviewed message {each.item.id} is nearly a message of the development or test set.")
    known = len(material.left_out) - len(material.leaks)
    if known:
        say(f"Left out, because they are in the training data already: {known}.")


def write_down(settings: Settings, material: reviewed.Material) -> Path:
    """The reviewed messages as files of this home: to train on, and to measure with. Anew each time."""
    folder = settings.home / "review"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "reviewed.jsonl").write_text(reviewed.as_lines(material.kept), encoding="utf-8")
    place = folder / "reviewed.yml"
    place.write_text(reviewed.as_training_data(map(reviewed.example, material.kept)), encoding="utf-8")
    return place


async def _candidate(settings: Settings, review: Path, now: Path) -> Trained:
    """The model with the reviewed messages, trained unless it is there, and compared with the present one."""
    name = model.name_for(model.model_hash(), review)
    path = registry.file_of(settings, name)
    refused = settings.models / "refused" / path.name
    async with model.alone(settings.models):
        if not path.exists():
            refused.parent.mkdir(exist_ok=True)
            await model.train(settings, refused, review)
            path = refused
        report = measure(settings, path, now)
        _note_scores(now, report["scores_now"])
        return Trained(_put(settings, path, report), report)


def _note_scores(path: Path, scores: Mapping[str, float]) -> None:
    manifest, report = registry.read_manifest(path)
    if manifest is not None:
        registry.write_manifest(path, replace(manifest, scores=scores), report)


def _put(settings: Settings, path: Path, report: Mapping[str, Any]) -> Path:
    """With its scores into the manifest; out of the refused ones when it is not worse."""
    manifest, _ = registry.read_manifest(path)
    if manifest is None:
        raise Problem(f"The manifest of {path} is missing. Delete the model and train again.")
    told = replace(manifest, scores=report["scores"], worse=tuple(report["worse"]))
    registry.write_manifest(path, told, report)
    if report["worse"] or path.parent == settings.models:
        return path
    for suffix in (".json", registry.REVIEW, registry.SUFFIX):  # the model last: what stands is whole
        (path.parent / f"{told.name}{suffix}").replace(settings.models / f"{told.name}{suffix}")
    return settings.models / path.name


def _publish(settings: Settings, path: Path, to_write: reviewed.Material | None) -> Path:
    """Put it to work. What was written into the checkout makes it the checkout's own model, under that name."""
    if to_write is None:
        registry.publish(settings, registry.name_of(path), model.model_hash(), "reviewed")
        return path
    manifest, report = registry.read_manifest(path)
    reviewed.write_into_checkout(to_write.kept)
    sources = model.model_hash()
    own = registry.file_of(settings, sources)
    if manifest is not None:
        registry.write_manifest(own, replace(manifest, name=sources, sources=sources), report)
    shutil.copy(path, own.with_suffix(".new"))
    own.with_suffix(".new").replace(own)
    registry.publish(settings, sources, sources, "reviewed")
    return own


def measure(settings: Settings, new: Path, now: Path | None = None) -> dict[str, Any]:
    """What the gate says of a model, beside the present one if there is one. Raises Problem."""
    with tempfile.TemporaryDirectory(prefix="redress-gate-") as scratch:
        out = Path(scratch) / "report.json"
        options = ["--new", str(new), "--test", str(TEST_SET), "--out", str(out)]
        options += ["--now", str(now)] if now else []
        environment = child_environment(settings, **engine_environment(settings))
        done = subprocess.run(  # noqa: S603 - our own words only
            [str(BOT_PYTHON), "-m", "bot.gate", *options],
            cwd=CHECKOUT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Problem(f"The models could not be compared: {done.stderr.strip()[-300:]}")
        report: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
        return report


def refusal(trained: Trained) -> str:
    """Where it is worse, and what was done with it."""
    scores = {**trained.report["heads"], **trained.report["labels"]}
    lines = [f"  {name}: {scores[name]['now']:.3f} to {scores[name]['new']:.3f}" for name in trained.worse]
    told = "\n".join([f"The new model is worse on {trained.report['set']}, so the present one stays.", *lines])
    return f"{told}\n{trained.report['rules']}\nIt is kept in {trained.path}, with its report beside it."
