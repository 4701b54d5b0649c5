"""The whole running product for tests: a playbook for what no test can wait for, and a Telegram that a peer plays."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from redress import database, own_stack, running
from redress import settings as reading
from redress.own_stack import Stack
from redress.settings import CHECKOUT
from tests.desk.telegram.peer_process import running as telegram_peer

TELEGRAM_TOKEN = "4000:token-for-tests"
CLOSED_FOR = "stock-taking"
CLOSED_DAYS = 3  # today and what follows, so that no midnight opens it


@contextmanager
def started(home: Path, playbook: Path, new_database: Callable[[], str]) -> Iterator[Stack]:
    """Engine, actions and desk, on a database of their own. REDRESS_TEST_HOME: those that run there already."""
    if given := os.environ.get("REDRESS_TEST_HOME"):
        settings = running.settings_of_running(reading.load({**os.environ, "REDRESS_HOME": given}))
        with database.opened(settings) as url:
            yield Stack(settings.model_copy(update={"database_url": url}), None)
        return
    with telegram_peer() as peer_url:
        environment = {
            "REDRESS_DATABASE_URL": new_database(),
            "REDRESS_PLAYBOOK": str(playbook),
            "REDRESS_TELEGRAM_TOKEN": TELEGRAM_TOKEN,
            "REDRESS_TELEGRAM_URL": peer_url,
        }
        with own_stack.started(home, print, **environment) as stack:
            yield stack


def write_playbook(copy: Path) -> Path:
    """The company's own playbook, closed today and for days to come, whenever the tests run.

    Only the teams that always work are there. All else is as the company has it, for the conformance suite's sake.
    """
    shutil.copytree(CHECKOUT / "playbook", copy)
    today = datetime.now(ZoneInfo("Europe/London")).date()
    days = (today + timedelta(days=n) for n in range(CLOSED_DAYS))
    closed = ", ".join(f"{{day: {day}, reason: {CLOSED_FOR}}}" for day in days)
    _edit(copy / "calendar.yml", r"^closed: \[\]$", f"closed: [{closed}]")
    return copy


def _edit(file: Path, pattern: str, replacement: str | Callable[[re.Match[str]], str]) -> None:
    text, times = re.subn(pattern, replacement, file.read_text(), flags=re.MULTILINE)
    assert times == 1, f"{file.name} no longer has one {pattern}"
    file.write_text(text)
