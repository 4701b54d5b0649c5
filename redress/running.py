"""What runs in a home: written by `redress up`, read by the commands that talk to it."""

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from redress.problem import Problem
from redress.secrets_file import write_private
from redress.settings import Settings

_LOCK, _FILE = "up.lock", "running.json"


@dataclass(frozen=True, slots=True)
class Running:
    """A running product. `processes`: engine, actions and desk; where there are several of one, they are numbered."""

    pid: int
    port: int
    engine_port: int
    actions_port: int
    processes: dict[str, int]
    started_in_s: float
    engine_ports: Sequence[int] = ()
    desk_ports: Sequence[int] = ()


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


def tell(settings: Settings, processes: dict[str, int], started_in_s: float) -> None:
    """Write down where the running product answers."""
    running = Running(
        os.getpid(),
        settings.port,
        settings.engine_port,
        settings.actions_port,
        processes,
        round(started_in_s, 2),
        settings.engine_ports,
        settings.desk_ports,
    )
    write_private(settings.home / _FILE, json.dumps(asdict(running), indent=2) + "\n")


def find(settings: Settings) -> Running:
    """The running product of this home. Raises Problem when none runs."""
    try:
        running = Running(**json.loads((settings.home / _FILE).read_text()))
        os.kill(running.pid, 0)
    except (OSError, ValueError, TypeError):
        raise Problem(f"Redress does not run in {settings.home}. Start it with `make run` or `redress up`.") from None
    return running


def settings_of_running(settings: Settings) -> Settings:
    """These settings, with the ports of the running product."""
    running = find(settings)
    return settings.model_copy(
        update={
            "port": running.port,
            "engine_port": running.engine_port,
            "actions_port": running.actions_port,
            "engine_ports": tuple(running.engine_ports),
            "desk_ports": tuple(running.desk_ports),
        }
    )


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
        return f" on port {find(settings).port}"
    except Problem:
        return ""
