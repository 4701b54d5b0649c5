"""The embedded server lives exactly as long as somebody uses it."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from redress import postgres

USER = """
import sys, time
from pathlib import Path
from redress import postgres
print(postgres.dsn(postgres.start(Path(sys.argv[1]))), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="redress-test-") as folder:
        yield Path(folder)


def another_process(home: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603 - our own words only
        [sys.executable, "-c", USER, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def address(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def end(process: "subprocess.Popen[str]") -> None:
    process.communicate()


def answers(dsn: str) -> bool:
    try:
        with psycopg.connect(dsn) as connection:
            return connection.execute("select 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def soon_gone(dsn: str) -> bool:
    deadline = time.monotonic() + 20
    while answers(dsn) and time.monotonic() < deadline:
        time.sleep(0.05)  # nothing tells us of a server's end
    return not answers(dsn)


def test_a_command_that_attaches_and_ends_leaves_the_server_running(home: Path) -> None:
    product, command = another_process(home), another_process(home)
    dsn = address(product)
    assert address(command) == dsn
    end(command)
    assert answers(dsn)
    end(product)
    assert not answers(dsn)


def test_the_server_outlives_the_process_that_started_it_while_another_uses_it(home: Path) -> None:
    first = another_process(home)
    dsn = address(first)
    postgres.start(home)
    end(first)
    assert answers(dsn)
    postgres.stop(home)
    assert not answers(dsn)


def test_a_killed_product_leaves_no_server_behind(home: Path) -> None:
    product = another_process(home)
    dsn = address(product)
    assert answers(dsn)
    product.send_signal(signal.SIGKILL)
    end(product)
    assert soon_gone(dsn)


async def test_a_killed_server_is_started_again_under_the_same_url(home: Path) -> None:
    url = postgres.start(home)
    ended = asyncio.create_task(postgres.until_ended(home))
    with psycopg.connect(postgres.dsn(url), autocommit=True) as connection:
        connection.execute("create table kept as select 7 as number")
        killed = postgres.process(home)
        os.kill(killed, signal.SIGKILL)
        async with asyncio.timeout(20):
            await ended
    assert postgres.start(home) == url
    assert postgres.process(home) != killed
    with psycopg.connect(postgres.dsn(url)) as connection:
        assert connection.execute("select number from kept").fetchone() == (7,)
    postgres.stop(home)


def test_a_pid_file_that_a_crash_left_does_not_prevent_a_start(home: Path) -> None:
    postgres.start(home)
    postgres.stop(home)
    (home / "postgres" / "postmaster.pid").write_text("1\n/somewhere\n0\n5432\n/nowhere\n\n0 0\nready\n")
    assert answers(postgres.dsn(postgres.start(home)))
    postgres.stop(home)


def test_stopping_twice_or_without_a_start_does_no_harm(home: Path) -> None:
    postgres.stop(home)
    postgres.start(home)
    postgres.stop(home)
    postgres.stop(home)
