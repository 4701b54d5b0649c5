"""One file with everything in the database, and back into an empty one, by PostgreSQL's own programs."""

import os
import subprocess
from pathlib import Path

import psycopg

from redress.postgres import binary, dsn
from redress.problem import Problem

_OURS = ("redress", "crm", "public")


def backup(url: str, file: Path) -> int:
    """Write an archive of one moment, also while the product runs; returns its size in bytes."""
    if file.exists():
        raise Problem(f"{file} is there already. Choose another name, or remove it.")
    scratch = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        only = [f"--schema={schema}" for schema in _OURS]
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", *only, f"--file={scratch}", dsn(url))
        scratch.replace(file)  # whole or not at all
    except OSError as error:
        raise Problem(f"{file} cannot be written: {error.strerror}.") from error
    finally:
        scratch.unlink(missing_ok=True)
    return file.stat().st_size


def restore(url: str, file: Path) -> None:
    """Put an archive into an empty database, all of it or nothing."""
    if not file.is_file():
        raise Problem(f"There is no file {file}.")
    tables = _tables(url)
    if tables:
        raise Problem(
            f"The database holds {tables} tables, and a backup goes into an empty one only. Name an empty database in"
            " REDRESS_DATABASE_URL, or a new folder in REDRESS_HOME."
        )
    listed = [
        line for line in _run("pg_restore", "--list", str(file)).splitlines() if " SCHEMA - public " not in line
    ]
    contents = file.with_name(f".{file.name}.{os.getpid()}.list")
    try:
        contents.write_text("\n".join(listed))
        one = ["--exit-on-error", "--single-transaction", "--no-owner", f"--use-list={contents}"]
        _run("pg_restore", *one, f"--dbname={dsn(url)}", str(file))
    finally:
        contents.unlink(missing_ok=True)


def _tables(url: str) -> int:
    with psycopg.connect(dsn(url)) as connection:
        found = connection.execute(
            "select count(*) from pg_tables where schemaname = any(%s)", [list(_OURS)]
        ).fetchone()
    return int(found[0]) if found else 0


def _run(program: str, *options: str) -> str:
    done = subprocess.run([binary(program), *options], capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if done.returncode:
        said = (done.stderr.strip() or "it said nothing").splitlines()[-1]
        raise Problem(f"{program} failed: {said}")
    return done.stdout
