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
_SOON = ("access_reset", "collection_booking")  # checked back on after a minute
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
    """The company's own playbook, but for what no test can wait for and what no demo customer meets.

    It is closed today and for days to come, whenever the tests run: only the teams that always work are there.
    """
    shutil.copytree(CHECKOUT / "playbook", copy)
    for remedy in _SOON:
        _edit(copy / "follow_ups.yml", rf"^  {remedy}: {{after_minutes: \d+", f"  {remedy}: {{after_minutes: 1")
    # Gold customers who are locked out are for people alone here: else no rule leaves nothing to offer.
    for rule in ("access.owed", "access.small", "access.big"):
        _edit(copy / "policy.yml", rf"(- id: {rule}\n    challenges: \[account_access\]\n)(    when: {{)?", _not_gold)
    _edit(
        copy / "challenges.yml",
        r"^(  account_access:\n(?:    .*\n)*?    severity: \w+\n)",
        r"\1    people_decide_for: [gold]\n",
    )
    today = datetime.now(ZoneInfo("Europe/London")).date()
    days = (today + timedelta(days=n) for n in range(CLOSED_DAYS))
    closed = ", ".join(f"{{day: {day}, reason: {CLOSED_FOR}}}" for day in days)
    _edit(copy / "calendar.yml", r"^closed: \[\]$", f"closed: [{closed}]")
    return copy


def _not_gold(found: re.Match[str]) -> str:
    rest = ", " if found[2] else "}\n"
    return f"{found[1]}    when: {{tier: [standard, silver]{rest}"


def _edit(file: Path, pattern: str, replacement: str | Callable[[re.Match[str]], str]) -> None:
    text, times = re.subn(pattern, replacement, file.read_text(), flags=re.MULTILINE)
    assert times == 1, f"{file.name} no longer has one {pattern}"
    file.write_text(text)
