"""Prepare everything and start nothing: uv, both environments, our own package, the sentence encoder.

    python3 scripts/setup.py

Standard library only, from Python 3.8. Done again with nothing changed, it takes a moment: each environment carries
a stamp, the hash of what it was made from.
"""

# ruff: noqa: S603, T201 - runs our own commands, speaks to a terminal, and must run on Python 3.8
from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:
    sys.exit("Redress runs on Linux and macOS. On Windows, use WSL.")

ROOT = Path(__file__).resolve().parents[1]
OWN_UV = ROOT / ".uv" / "bin" / "uv"
OLDEST_UV = (0, 5)
MIB = 1 << 20
NEEDED_SPACE = 4000 * MIB


class SetupError(Exception):
    """One sentence that says what went wrong and what to do."""


def say(text: str) -> None:
    print(text, flush=True)


def run(what: str, *command: str | Path, **environment: str) -> str:
    """Run a command without its noise; when it fails, its last words are the reason."""
    # No caller's environment may leak in: PYTHONPATH or an active venv would change what is installed where.
    kept = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV", "PYTHONHOME")}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env={**kept, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        words = (done.stderr.strip() or done.stdout.strip() or "it said nothing").splitlines()
        raise SetupError(f"{what} failed: {' '.join(line.strip() for line in words[-3:])}")
    return done.stdout


def version_of(uv: str | Path) -> tuple[int, ...]:
    try:
        words = subprocess.run([str(uv), "--version"], stdout=subprocess.PIPE, text=True).stdout.split()
        return tuple(int(part) for part in words[1].split(".")[:2])
    except (OSError, ValueError, IndexError):
        return (0,)


def find_uv() -> str:
    """This machine's uv, or one of our own in the checkout, fetched now if need be."""
    installed = os.environ.get("UV") or shutil.which("uv")
    for candidate in (OWN_UV, installed):
        if candidate and version_of(candidate) >= OLDEST_UV:
            return str(candidate)
    say("uv: fetching it into .uv …")
    fetch_uv()
    return str(OWN_UV)


def fetch_uv() -> None:
    folder = OWN_UV.parents[1]
    advice = "Install uv yourself (see its home page), or Debian's python3-venv, and run `make setup` again."
    try:
        run("Making .uv", sys.executable, "-m", "venv", "--clear", folder)
    except SetupError as error:
        raise SetupError(f"This Python ({sys.executable}) cannot make environments. {advice}") from error
    try:
        run("Fetching uv", folder / "bin" / "python", "-m", "pip", "install", "--quiet", "uv>=0.9")
    except SetupError as error:
        raise SetupError(f"{error}. Is the package registry reachable? {advice}") from error


def digest(*parts: str | Path) -> str:
    """A hash of strings and of files' contents."""
    total = hashlib.sha256()
    for part in parts:
        total.update(part.read_bytes() if isinstance(part, Path) else part.encode())
        total.update(b"\0")
    return total.hexdigest()


def is_stamped(environment: Path, name: str, value: str) -> bool:
    stamp = environment / f".redress-{name}"
    runs = (environment / "bin" / "python").exists()  # False too where its base Python has gone
    return runs and stamp.exists() and stamp.read_text() == value


def environment(uv: str, folder: str, pythons: list[str], lock: str) -> None:
    """Make an environment from a lock file, with the first of these Pythons that can be had."""
    path = ROOT / folder
    value = digest(ROOT / lock, *pythons)
    if is_stamped(path, "lock", value):
        return
    started = time.monotonic()
    say(f"{folder}: installing {lock} …")
    if not (path / "bin" / "python").exists():
        make_environment(uv, path, pythons)
    python = path / "bin" / "python"
    run(f"Installing {lock}", uv, "pip", "sync", "--quiet", "--require-hashes", "--python", python, ROOT / lock)
    stale = path / ".redress-package"
    if stale.exists():  # the sync took our own package out
        stale.unlink()
    (path / ".redress-lock").write_text(value)
    say(f"{folder}: ready in {time.monotonic() - started:.0f} s")


def make_environment(uv: str, path: Path, pythons: list[str]) -> None:
    for wanted in pythons:
        try:
            run(f"Making {path.name}", uv, "venv", "--quiet", "--clear", "--no-project", "--python", wanted, path)
            return
        except SetupError as error:
            problem = error
    raise SetupError(f"Python {pythons[0]} is not here and could not be fetched. Install it and try again. {problem}")


def own_package(uv: str) -> None:
    """Our own package, editable: imports come from the checkout."""
    path = ROOT / ".venv"
    value = digest(ROOT / "pyproject.toml", str(ROOT))
    if is_stamped(path, "package", value):
        return
    python = path / "bin" / "python"
    run("Installing redress", uv, "pip", "install", "--quiet", "--no-deps", "--no-build-isolation",
        "--python", python, "-e", ROOT)  # fmt: skip
    (path / ".redress-package").write_text(value)


def encoder(uv: str) -> None:
    """The sentence encoder, which says itself whether it is up to date."""
    said = run("Preparing the encoder", sys.executable, "-m", "bot.encoder.fetch_and_build", UV=uv)
    if "up to date" not in said:
        say(said.strip().splitlines()[-1])


def check_space() -> None:
    free = shutil.disk_usage(ROOT).free
    if not (ROOT / ".venv").exists() and free < NEEDED_SPACE:
        needed = NEEDED_SPACE // MIB
        raise SetupError(f"{ROOT} has {free // MIB} MB free and needs {needed} MB. Make room and try again.")


@contextmanager
def alone() -> Iterator[None]:
    """One setup at a time in a checkout."""
    state = ROOT / ".redress"
    state.mkdir(exist_ok=True)
    with (state / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def prepare() -> None:
    check_space()
    uv = find_uv()
    with ThreadPoolExecutor() as pool:
        jobs = [
            pool.submit(environment, uv, ".venv", ["3.13", ">=3.12"], "requirements.txt"),
            pool.submit(environment, uv, "bot/.venv", ["3.10"], "bot/requirements.txt"),
            pool.submit(encoder, uv),
        ]
    for job in jobs:
        job.result()
    own_package(uv)


def main() -> int:
    try:
        with alone():
            prepare()
    except SetupError as error:
        print(f"Setup stopped. {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"Setup stopped. {error.strerror or error}: {error.filename or ROOT}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
