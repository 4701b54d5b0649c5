"""Programs are restarted when they die, and none is left when we stop or are killed."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from redress.children import Died, Keeper, Program, end, spawn

PATIENCE_S = 20


def program(tmp_path: Path, code: str) -> Program:
    return Program("helper", [sys.executable, "-c", code], dict(os.environ), tmp_path / "helper.log", tmp_path)


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not holds():  # noqa: ASYNC110 - other processes tell us nothing
            await asyncio.sleep(0.02)


SLEEP = "import time; print('up', flush=True); time.sleep(600)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
)
PARENT = f"""
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", {SLEEP!r}])
print(child.pid, flush=True)
time.sleep(600)
"""


async def test_a_killed_program_is_started_again(tmp_path: Path) -> None:
    told: list[str] = []
    keeper = Keeper(program(tmp_path, SLEEP), told.append)
    keeping = asyncio.create_task(keeper.keep())
    log = tmp_path / "helper.log"
    await until(lambda: log.exists() and log.read_text() == "up\n")
    keeper.was_ready = True
    assert keeper.process
    os.kill(keeper.process.pid, signal.SIGKILL)
    await until(lambda: log.read_text() == "up\nup\n")
    assert keeper.restarts == 1
    assert told == ["helper was killed by SIGKILL; starting it again in 0.5 s"]
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
    assert not alive(keeper.process.pid)


async def test_a_program_that_dies_before_it_was_ready_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(Died) as died:
        await Keeper(program(tmp_path, "raise SystemExit(3)"), print).keep()
    assert died.value.code == 3


async def test_ending_a_program_ends_what_it_started(tmp_path: Path) -> None:
    process = await spawn(program(tmp_path, PARENT))
    log = tmp_path / "helper.log"
    await until(lambda: log.exists() and "up" in log.read_text())
    grandchild = int(log.read_text().split()[0])
    await end(process)
    await until(lambda: not alive(grandchild))


async def test_a_program_that_will_not_stop_is_killed(tmp_path: Path) -> None:
    process = await spawn(program(tmp_path, STUBBORN))
    log = tmp_path / "helper.log"
    await until(lambda: log.exists() and "up" in log.read_text())
    started = time.monotonic()
    await end(process, within=0.3)
    assert not alive(process.pid)
    assert time.monotonic() - started < 5


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's help is Linux's")
async def test_a_killed_parent_leaves_no_program(tmp_path: Path) -> None:
    code = f"""
import asyncio, os, sys
from pathlib import Path
from redress.children import Program, spawn
async def main():
    process = await spawn(Program("helper", [sys.executable, "-c", {STUBBORN!r}], dict(os.environ),
                                  Path({str(tmp_path / "helper.log")!r}), Path("/")))
    print(process.pid, flush=True)
    await process.wait()
asyncio.run(main())
"""
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=subprocess.PIPE)
    assert parent.stdout
    child = int(await parent.stdout.readline())
    assert alive(child)
    parent.kill()
    await parent.wait()
    await until(lambda: not alive(child))
