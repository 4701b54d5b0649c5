"""Training: a model is named by a hash of what it is made from, so that it is trained when that changed."""

import asyncio
import fcntl
import hashlib
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from redress import registry
from redress.children import Program, end, last_words, spawn
from redress.problem import Problem
from redress.settings import CHECKOUT, Settings, child_environment

SOURCES = ("config.yml", "domain.yml", "data", "bot/nlu", "bot/encoder", "bot/train.py", "bot/requirements.txt")
BOT_PYTHON = CHECKOUT / "bot" / ".venv" / "bin" / "python"
_HASH_LENGTH = 16


def model_hash(checkout: Path = CHECKOUT) -> str:
    """A hash of the names and contents of all that shapes a model."""
    digest = hashlib.sha256()
    for path in _source_files(checkout):
        digest.update(f"{path.relative_to(checkout)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:_HASH_LENGTH]


def _source_files(checkout: Path) -> Iterator[Path]:
    for name in SOURCES:
        source = checkout / name
        if source.is_file():
            yield source
        else:
            yield from sorted(path for path in source.rglob("*") if _counts(path.relative_to(checkout), path))


def _counts(name: Path, path: Path) -> bool:
    hidden = any(part.startswith(".") or part == "__pycache__" for part in name.parts)
    return not hidden and path.suffix != ".md" and path.is_file()


def name_for(sources: str, review: Path | None) -> str:
    """The name of the model of these sources and these reviewed messages."""
    if review is None:
        return sources
    return hashlib.sha256(f"{sources}\0".encode() + review.read_bytes()).hexdigest()[:_HASH_LENGTH]


def path_of(settings: Settings) -> Path:
    """The model that answers: the one published for the present sources, or else the one they make.

    When the sources changed, what was reviewed here goes into the new model too.
    """
    sources, now = model_hash(), registry.read_choice(settings).now
    if now and now.sources == sources and registry.file_of(settings, now.model).exists():
        return registry.file_of(settings, now.model)
    return registry.file_of(settings, name_for(sources, _review(settings)))


def _review(settings: Settings) -> Path | None:
    now = registry.read_choice(settings).now
    return registry.review_of(settings, now.model) if now else None


async def ensure(settings: Settings, *, force: bool = False) -> Path:
    """The model that answers, trained now unless it is there."""
    model = path_of(settings)
    if model.exists() and not force:
        return model
    settings.models.mkdir(parents=True, exist_ok=True)
    async with alone(settings.models):
        if force or not model.exists():
            review = registry.review_of(settings, registry.name_of(model)) or _review(settings)
            await train(settings, model, review)
    return model


@asynccontextmanager
async def alone(models: Path) -> AsyncIterator[None]:
    """One training at a time: another run may share this folder."""
    with (models / "training.lock").open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                await asyncio.sleep(0.2)
        yield


async def train(settings: Settings, model: Path, review: Path | None = None) -> None:
    """Train from the checkout and, where there are any, reviewed messages. The model is there whole or not at all."""
    if not BOT_PYTHON.exists():
        raise Problem("The engine's environment is not there. Run `make setup` first.")
    log, started = settings.logs / "training.log", time.monotonic()
    log.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.models, prefix=".training-") as scratch:
        trained = Path(scratch) / model.name
        process = await spawn(_training(settings, trained, log, _checkout_with(review, Path(scratch))))
        try:
            code = await process.wait()
        finally:
            await asyncio.shield(end(process))
        if code or not trained.exists():
            raise Problem(f"Training failed: {last_words(log)} The whole story is in {log}.")
        _keep(trained, model, review, time.monotonic() - started)


def _keep(trained: Path, model: Path, review: Path | None, took: float) -> None:
    """Put a trained model in its place, its manifest first."""
    name = registry.name_of(model)
    reviewed = examples_in(review) if review else 0
    examples = sum(examples_in(path) for path in sorted((CHECKOUT / "data" / "nlu").glob("*.yml")))
    told = registry.Manifest(
        name, model_hash(), registry.moment(), registry.who(), examples + reviewed, reviewed, round(took, 1)
    )
    if review and review != model.with_name(f"{name}{registry.REVIEW}"):
        shutil.copy(review, model.with_name(f"{name}{registry.REVIEW}"))
    registry.write_manifest(model, told)
    trained.replace(model)


def examples_in(path: Path) -> int:
    """How many messages a file of training data holds."""
    return sum(line.lstrip().startswith("- text:") for line in path.read_text(encoding="utf-8").splitlines())


def _checkout_with(review: Path | None, scratch: Path) -> Path:
    """What is trained from: the checkout, or a copy of its data with the reviewed messages beside the others."""
    if review is None:
        return CHECKOUT
    copy = scratch / "checkout"
    copy.mkdir()
    for name in ("config.yml", "domain.yml"):
        (copy / name).symlink_to(CHECKOUT / name)
    shutil.copytree(CHECKOUT / "data", copy / "data")
    shutil.copy(review, copy / "data" / "nlu" / "reviewed_here.yml")
    return copy


def _training(settings: Settings, out: Path, log: Path, checkout: Path) -> Program:
    command = [str(BOT_PYTHON), "-m", "bot.train", str(out), "--checkout", str(checkout)]
    environment = child_environment(settings, **engine_environment(settings))
    return Program("training", command, environment, log, CHECKOUT)


def engine_environment(settings: Settings) -> dict[str, str]:
    """What Rasa itself reads from the environment."""
    return {
        "RASA_CACHE_DIRECTORY": str(settings.home / "cache" / "rasa"),
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",  # Rasa's own use of SQLAlchemy 1.4 is as it is
        "PYTHONWARNINGS": "ignore",
        "TQDM_DISABLE": "1",
        # One message is too small to share: a second thread only spins, and doubled the processor time of a parse.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
