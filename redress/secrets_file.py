"""The secrets nobody gave: made on first run, kept in the home, readable by its owner only."""

import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from redress.problem import Problem

SHORTEST = 32
_NAME = "secrets.env"


def ensure(home: Path, names: Iterable[str]) -> dict[str, str]:
    """Read the kept secrets, make those that are missing, and return them by name."""
    path = home / _NAME
    try:
        kept = _parse(path.read_text()) if path.exists() else {}
        made = {name: kept.get(name) or secrets.token_urlsafe(32) for name in names}
        if made.items() <= kept.items():
            return kept
        _write(path, {**kept, **made})
        return _parse(path.read_text())  # another process may have been first
    except OSError as error:
        raise Problem(f"{path} cannot be read or written ({error.strerror}). Check REDRESS_HOME.") from error


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    scratch.replace(path)


def _parse(text: str) -> dict[str, str]:
    lines = (line.partition("=") for line in text.splitlines() if not line.startswith("#"))
    return {name.strip(): value.strip() for name, found, value in lines if found}


def _write(path: Path, values: dict[str, str]) -> None:
    lines = "".join(f"{name}={value}\n" for name, value in values.items())
    write_private(path, f"# Made by Redress. Whoever reads this can sign in as anybody.\n{lines}")
