"""What every test may ask for: a real PostgreSQL, freshly migrated, and a network that ends at loopback.

Imports of ours stand inside the fixtures, because the engine's tests (Python 3.10) read this file too.
"""

import ipaddress
import os
import shutil
import socket
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.async_api import Browser
    from sqlalchemy import MetaData
    from sqlalchemy.ext.asyncio import AsyncEngine

    from redress.own_stack import Stack


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
GET_ONE = "No browser is installed, and these tests drive one: apt-get install chromium"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_FOLDER = pytest.StashKey[str]()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "network: may reach beyond loopback")
    # pytest closes the folder that all its runs share to other users whenever one starts, and with it the way to the
    # data of a PostgreSQL that another run has there.
    if config.option.basetemp is None:
        config.option.basetemp = config.stash[_FOLDER] = tempfile.mkdtemp(prefix="redress-tests-")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """What a failed run leaves is worth a look."""
    if exitstatus == pytest.ExitCode.OK:
        shutil.rmtree(session.config.stash.get(_FOLDER, ""), ignore_errors=True)


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A PostgreSQL server: REDRESS_TEST_DATABASE_URL, or an embedded one for this run."""
    if given := os.environ.get("REDRESS_TEST_DATABASE_URL"):
        yield given
        return
    import psycopg

    from redress import postgres

    home = Path(tempfile.mkdtemp(prefix="redress-test-"))
    try:
        url = postgres.start(home)
        with psycopg.connect(postgres.dsn(url), autocommit=True) as connection:
            # A test's data need not survive a power cut.
            connection.execute("alter system set fsync = off")
            connection.execute("alter system set full_page_writes = off")
            connection.execute("select pg_reload_conf()")
        yield url
    finally:
        postgres.stop(home)
        shutil.rmtree(home)


@pytest.fixture(scope="session")
def new_database(database_url: str) -> Iterator[Any]:
    """A function that creates an empty database and returns its URL. All of them are dropped at the end."""
    from sqlalchemy import create_engine, make_url, text
    from sqlalchemy.pool import NullPool

    server = create_engine(database_url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    names: list[str] = []

    def create() -> str:
        names.append(f"test_{uuid.uuid4().hex}")
        with server.connect() as connection:
            connection.execute(text(f"create database {names[-1]}"))
        return make_url(database_url).set(database=names[-1]).render_as_string(hide_password=False)

    yield create
    with server.connect() as connection:
        for name in names:
            connection.execute(text(f"drop database if exists {name} with (force)"))


@pytest.fixture(scope="session")
def migrated_url(new_database: Any) -> str:
    """The URL of a database with all migrations applied: the one that `engine` uses."""
    from store.migrate import upgrade

    url: str = new_database()
    upgrade(url)
    return url


@pytest.fixture(scope="session")
async def engine(migrated_url: str) -> "AsyncIterator[AsyncEngine]":
    """An engine on a database with all migrations applied. Its rows stay from test to test: see `clean`."""
    from sqlalchemy.ext.asyncio import create_async_engine

    engine = create_async_engine(migrated_url)
    yield engine
    await engine.dispose()


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, new_database: Any) -> "Iterator[Stack]":
    """The running product: engine, actions and desk, started once for all the tests that need it."""
    from tests import product

    folder = tmp_path_factory.mktemp("product")
    with product.started(folder / "home", product.write_playbook(folder / "playbook"), new_database) as running:
        yield running


@pytest.fixture(scope="session")
async def chromium() -> "AsyncIterator[Browser]":
    """One browser for the run. Without one the tests are skipped; in CI that is a failure."""
    from playwright.async_api import async_playwright

    if CHROMIUM is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(GET_ONE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        await browser.close()


@pytest.fixture
async def clean(engine: "AsyncEngine") -> None:
    """No rows in any table of ours, and every numbering back at its start."""
    import crm_adapter.tables
    import store.tables

    async with engine.begin() as connection:
        await connection.exec_driver_sql(without_rows(store.tables.metadata, crm_adapter.tables.metadata))


def without_rows(*schemas: "MetaData") -> str:
    """SQL that deletes every row and starts every numbering again.

    Deleting a few rows takes a tenth of what truncating thirty tables does, and waits for nobody who only reads.
    """
    deletes = [str(table.delete()) for schema in schemas for table in reversed(schema.sorted_tables)]
    names = ", ".join(f"'{schema.schema}'::regnamespace" for schema in schemas)
    renumber = f"""
        select setval(seqrelid::regclass, seqstart, false) from pg_sequence join pg_class on oid = seqrelid
        where relnamespace in ({names})
    """  # noqa: S608 - our names
    return "; ".join([*deletes, renumber])


@pytest.fixture(autouse=True)
def _no_network(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse sockets beyond loopback, unless the test is marked `network`."""
    if request.node.get_closest_marker("network"):
        return
    connect, connect_ex, lookup = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded(real: Any) -> Any:
        def call(self: socket.socket, address: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6):
                _refuse_unless_local(address[0])
            return real(self, address)

        return call

    def guarded_lookup(host: Any, *rest: Any, **more: Any) -> Any:
        _refuse_unless_local(host)
        return lookup(host, *rest, **more)

    monkeypatch.setattr(socket.socket, "connect", guarded(connect))
    monkeypatch.setattr(socket.socket, "connect_ex", guarded(connect_ex))
    monkeypatch.setattr(socket, "getaddrinfo", guarded_lookup)


def _refuse_unless_local(host: Any) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return
    try:
        local = ipaddress.ip_address(name).is_loopback or ipaddress.ip_address(name).is_unspecified
    except ValueError:
        local = False
    if not local:
        raise RuntimeError(f"A test tried to reach {name!r}. Tests stay on this machine, or are marked `network`.")
