"""Programs of ours: started in their own process group, restarted when they die, gone when we are gone."""

import asyncio
import ctypes
import os
import signal
import sys
import time
from asyncio.subprocess import Process
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

STOP_WITHIN_S = 10.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 5.0  # customers wait meanwhile
STEADY_AFTER_S = 20.0  # who ran this long starts with a short pause again
LONGEST_LOG = 10_000_000
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True, slots=True)
class Program:
    """What to run, and where it answers once it is ready."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    folder: Path
    ready_url: str = ""
    token: str = ""


class Died(Exception):
    """A program ended before it was ready. `code` is its exit code, negative for a signal."""

    def __init__(self, program: Program, code: int) -> None:
        super().__init__(f"{program.name} ended with {code}")
        self.program, self.code = program, code


def last_words(log: Path) -> str:
    """The last line of a log, for a sentence."""
    try:
        lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    except OSError:
        lines = []
    return lines[-1][:300] if lines else "It said nothing."


async def spawn(program: Program) -> Process:
    """Start a program in its own process group, so that the terminal's Ctrl-C is ours alone to pass on."""
    program.log.parent.mkdir(parents=True, exist_ok=True)
    if program.log.exists() and program.log.stat().st_size > LONGEST_LOG:
        program.log.replace(program.log.with_suffix(".old.log"))
    with program.log.open("ab") as log:
        return await asyncio.create_subprocess_exec(
            *program.command,
            cwd=program.folder,
            env=dict(program.environment),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=_die_with_parent(os.getpid()),
        )


def _die_with_parent(parent: int) -> Callable[[], None] | None:
    """On Linux the kernel kills the child when we end in whatever way, even by SIGKILL."""
    libc = _libc
    if libc is None:
        return None

    def before_exec() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # we ended in between
            os._exit(1)

    return before_exec


async def end(process: Process, within: float = STOP_WITHIN_S) -> None:
    """Ask a program and all it started to stop; kill what has not after a while."""
    _signal(process, signal.SIGTERM)
    try:
        async with asyncio.timeout(within):
            await process.wait()
    except TimeoutError:
        pass
    _signal(process, signal.SIGKILL)
    await process.wait()


def _signal(process: Process, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)  # its group bears its id, and outlives it while a member lives


class Keeper:
    """Keeps one program running. Until it was ready once, its death is an error; later it is restarted."""

    def __init__(
        self, program: Program, say: Callable[[str], None], restarted: Callable[[], None] = lambda: None
    ) -> None:
        self.program = program
        self.process: Process | None = None
        self.was_ready = False
        self.restarts = 0
        self._say = say
        self._restarted = restarted

    async def keep(self) -> None:
        """Run until cancelled; then stop the program. Raises Died."""
        pause = FIRST_PAUSE_S
        while True:
            started = time.monotonic()
            code = await self._run_once()
            if not self.was_ready:
                raise Died(self.program, code)
            pause = FIRST_PAUSE_S if time.monotonic() - started > STEADY_AFTER_S else pause
            self._say(f"{self.program.name} {how_it_ended(code)}; starting it again in {pause:g} s")
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)
            self.restarts += 1

    async def _run_once(self) -> int:
        self.process = await spawn(self.program)
        if self.was_ready:
            self._restarted()
        try:
            return await self.process.wait()
        finally:
            await asyncio.shield(end(self.process))  # it, or what it left behind


def how_it_ended(code: int) -> str:
    """An exit code in words."""
    return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
