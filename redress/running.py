"""What runs in a home: written by `redress up`, read by the commands that talk to it."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redress.problem import Problem
from redress.secrets_file import write_private
from redress.settings import Settings

_LOCK, _FILE = "up.lock", "running.json"


@contextmanager
def only_one(settings: Settings) -> Iterator[None]:
    """Hold a home for one running product. Raises Problem when another has it."""
    with _open_lock(settings.home / _LOCK) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Problem(f"Redress already runs in {settings.home}{_where(settings)}. Stop it first.") from None
        try:
            yield
        finally:
            (settings.home / _FILE).unlink(missing_ok=True)


def tell(settings: Settings, processes: dict[str, int]) -> None:
    """Write down where the running product answers."""
    told = {
        "pid": os.getpid(),
        "desk_url": settings.desk_url,
        "engine_port": settings.engine_port,
        "actions_port": settings.actions_port,
        "processes": processes,
    }
    write_private(settings.home / _FILE, json.dumps(told, indent=2) + "\n")


def find(settings: Settings) -> dict[str, object]:
    """Where the running product of this home answers. Raises Problem when none does."""
    try:
        told: dict[str, object] = json.loads((settings.home / _FILE).read_text())
        os.kill(int(str(told["pid"])), 0)
    except (OSError, ValueError, KeyError):
        raise Problem(f"Redress does not run in {settings.home}. Start it with `make run` or `redress up`.") from None
    return told


def settings_of_running(settings: Settings) -> Settings:
    """These settings, with the ports of the running product."""
    told = find(settings)
    port = int(str(told["desk_url"]).rpartition(":")[2])
    ports = {name: int(str(told[name])) for name in ("engine_port", "actions_port")}
    return settings.model_copy(update={"port": port, **ports})


@contextmanager
def _open_lock(path: Path) -> Iterator[int]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise Problem(f"{path.parent} cannot be used ({error.strerror}). Check REDRESS_HOME.") from error
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _where(settings: Settings) -> str:
    try:
        return f" at {find(settings)['desk_url']}"
    except Problem:
        return ""
