"""Stopped or killed, the product leaves no process."""

import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from redress import running
from redress.own_stack import started
from redress.problem import Problem

WITHIN_S = 30


def processes_of(home: Path) -> Iterator[int]:
    """Every live process that was started for this home: its environment or its command line says so."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            told = (folder / "environ").read_bytes() + (folder / "cmdline").read_bytes()
            zombie = (folder / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
        except OSError:
            continue
        if str(home).encode() in told and not zombie:
            yield int(folder.name)


def none_left(home: Path) -> bool:
    deadline = time.monotonic() + WITHIN_S
    while list(processes_of(home)):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)  # other processes tell us nothing when they end
    return True


@pytest.mark.skipif(sys.platform != "linux", reason="processes are counted in /proc")
def test_no_process_is_left_by_a_stop_nor_by_a_kill(tmp_path: Path) -> None:
    home = tmp_path / "home"
    for how, code in ((signal.SIGINT, 0), (signal.SIGKILL, -signal.SIGKILL)):
        with started(home, print) as stack:
            stack.process.send_signal(how)
            assert stack.process.wait(WITHIN_S) == code
        assert none_left(home)
        with pytest.raises(Problem, match="does not run"):
            running.find(stack.settings)


def test_a_model_that_does_not_load_is_told_with_what_to_do(tmp_path: Path) -> None:
    from redress import model

    home = tmp_path / "home"
    (home / "models").mkdir(parents=True)
    (home / "models" / f"{model.model_hash()}.tar.gz").write_bytes(b"not a model")
    with pytest.raises(Problem, match=r"does not load\. Delete it and start again"), started(home, print):
        pass
    assert none_left(home)
