"""A whole product of one's own, in a throw-away home on free ports: for tests and measurements."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from redress import running
from redress import settings as reading
from redress.ports import free_ports
from redress.problem import Problem
from redress.settings import CHECKOUT, Settings

_SHARED = ("models", "encoder", "cache")  # named by their contents, so any home may use them
_READY = "Ctrl-C stops everything."
_STOP_WITHIN_S = 30

type Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Stack:
    """The running product: its settings, its own database's URL included, and its supervisor's process."""

    settings: Settings
    process: "subprocess.Popen[str]"

    def process_of(self, name: str) -> int:
        """The process id of engine, actions or desk, as it is now."""
        return running.find(self.settings).processes[name]


@contextmanager
def started(home: Path, say: Say, **environment: str) -> Iterator[Stack]:
    """Start the product in this home and stop it afterwards. Raises Problem with what it said when it does not start.

    The embedded database is started here, so that its URL is known and it outlives the product for a while; the
    product attaches to it.
    """
    _share(home)
    (port,) = free_ports(1)
    given = {"REDRESS_HOME": str(home), "REDRESS_PORT": str(port), **environment}
    settings = reading.load({**os.environ, **given})
    from redress import database

    with database.opened(settings) as url:
        process = _spawn(reading.child_environment(settings, **given), say)
        try:
            known = running.settings_of_running(settings)
            yield Stack(known.model_copy(update={"database_url": url}), process)
        finally:
            _stop(process)


def _share(home: Path) -> None:
    """Use the checkout's trained models, encoder and caches."""
    home.mkdir(parents=True, exist_ok=True)
    for name in _SHARED:
        kept = CHECKOUT / ".redress" / name
        kept.mkdir(parents=True, exist_ok=True)
        if not (home / name).exists():
            (home / name).symlink_to(kept)


def _spawn(environment: dict[str, str], say: Say) -> "subprocess.Popen[str]":
    """Start `redress up` and return once it says that it is ready; what it says meanwhile is passed on."""
    process = subprocess.Popen(
        [sys.executable, "-m", "redress", "up"],
        cwd=CHECKOUT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    said = ""
    for line in process.stdout or ():
        if line.strip() == _READY:
            threading.Thread(target=_drain, args=(process,), daemon=True).start()
            return process
        said = line.strip() or said
        say(line.rstrip())
    _drain(process)
    process.wait()
    raise Problem(f"The product did not start: {said}")


def _drain(process: "subprocess.Popen[str]") -> None:
    """Read to the end, for a full pipe would hold the product up."""
    if process.stdout:
        with process.stdout:
            for _ in process.stdout:
                pass


def _stop(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(_STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()  # the kernel takes its programs along
        process.wait()
