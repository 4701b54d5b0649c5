"""The whole real product, started once for the run, in a home of its own on free ports."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from redress.own_stack import Stack, started

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here talks to the running product."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.stack)


@pytest.fixture(scope="session")
def stack(request: pytest.FixtureRequest) -> Iterator[Stack]:
    """The running product. `stack.settings` knows its addresses, secrets and database."""
    capture = request.config.pluginmanager.getplugin("capturemanager")

    def say(text: str) -> None:
        with capture.global_and_fixture_disabled():
            print(f"    {text}", file=sys.stderr, flush=True)  # noqa: T201 - the start takes a while

    home = Path(tempfile.mkdtemp(prefix="redress-stack-"))
    try:
        with started(home, say) as running:
            yield running
    finally:
        shutil.rmtree(home, ignore_errors=True)
