"""The trained model: named by a hash of what it is made from, so that it is trained when that changed."""

import asyncio
import fcntl
import hashlib
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

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


def path_of(settings: Settings) -> Path:
    """Where the model of the present sources is, or will be."""
    return settings.models / f"{model_hash()}.tar.gz"


async def ensure(settings: Settings, *, force: bool = False) -> Path:
    """The model of the present sources, trained now unless it is there."""
    model = path_of(settings)
    if model.exists() and not force:
        return model
    settings.models.mkdir(parents=True, exist_ok=True)
    async with _alone(settings.models):
        if force or not model.exists():
            await _train(settings, model)
    return model


@asynccontextmanager
async def _alone(models: Path) -> AsyncIterator[None]:
    """One training at a time: another run may share this folder."""
    with (models / "training.lock").open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                await asyncio.sleep(0.2)
        yield


async def _train(settings: Settings, model: Path) -> None:
    if not BOT_PYTHON.exists():
        raise Problem("The engine's environment is not there. Run `make setup` first.")
    log = settings.logs / "training.log"
    log.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.models, prefix=".training-") as scratch:
        trained = Path(scratch) / model.name
        process = await spawn(_training(settings, trained, log))
        try:
            code = await process.wait()
        finally:
            await asyncio.shield(end(process))
        if code or not trained.exists():
            raise Problem(f"Training failed: {last_words(log)} The whole story is in {log}.")
        trained.replace(model)  # whole or not at all


def _training(settings: Settings, out: Path, log: Path) -> Program:
    command = [str(BOT_PYTHON), "-m", "bot.train", str(out)]
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
