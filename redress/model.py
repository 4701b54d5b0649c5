"""The trained model: named by a hash of what it is made from, so that it is trained when that changed."""

import fcntl
import hashlib
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from redress.problem import Problem
from redress.settings import CHECKOUT, Settings, child_environment

SOURCES = ("config.yml", "domain.yml", "data", "bot")
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


def ensure(settings: Settings, *, force: bool = False) -> Path:
    """The model of the present sources, trained now unless it is there."""
    model = path_of(settings)
    if model.exists() and not force:
        return model
    settings.models.mkdir(parents=True, exist_ok=True)
    with (settings.models / "training.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another checkout or test run may share this folder
        if force or not model.exists():
            _train(settings, model)
    return model


def _train(settings: Settings, model: Path) -> None:
    if not BOT_PYTHON.exists():
        raise Problem("The engine's environment is not there. Run `make setup` first.")
    settings.logs.mkdir(parents=True, exist_ok=True)
    log = settings.logs / "training.log"
    with tempfile.TemporaryDirectory(dir=settings.models) as scratch, log.open("wb") as output:
        done = subprocess.run(  # noqa: S603 - our own words only
            training_command(Path(scratch) / model.name),
            cwd=CHECKOUT,
            env=child_environment(settings, **engine_environment(settings)),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
        if done.returncode or not (Path(scratch) / model.name).exists():
            raise Problem(f"Training failed: {_last_line(log)} The whole story is in {log}.")
        (Path(scratch) / model.name).replace(model)  # whole or not at all


def training_command(out: Path) -> list[str]:
    """How the engine's Python trains a model into `out`."""
    return [str(BOT_PYTHON), "-m", "bot.train", str(out)]


def engine_environment(settings: Settings) -> dict[str, str]:
    """What Rasa itself reads from the environment."""
    return {
        "RASA_CACHE_DIRECTORY": str(settings.home / "cache" / "rasa"),
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",  # Rasa's own use of SQLAlchemy 1.4 is as it is
        "PYTHONWARNINGS": "ignore",
    }


def _last_line(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1][:300] if lines else "it said nothing."
