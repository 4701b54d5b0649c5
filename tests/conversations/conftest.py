"""The whole product for the scripted customers: one stack for the session, with follow-ups that come in a minute."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from redress import own_stack
from redress.own_stack import Stack
from redress.settings import CHECKOUT

SOON = ("access_reset", "collection_booking")  # checked back on after a minute


@pytest.fixture(scope="session")
def playbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The company's own playbook, but for what no test can wait for and what no demo customer meets."""
    copy = tmp_path_factory.mktemp("company") / "playbook"
    shutil.copytree(CHECKOUT / "playbook", copy)
    for remedy in SOON:
        _edit(copy / "follow_ups.yml", rf"^  {remedy}: {{after_minutes: \d+", f"  {remedy}: {{after_minutes: 1")
    # Gold customers who are locked out are for people alone here: else no rule leaves nothing to offer.
    for rule in ("access.owed", "access.small", "access.big"):
        _edit(copy / "policy.yml", rf"(- id: {rule}\n    challenges: \[account_access\]\n)(    when: {{)?", _not_gold)
    _edit(
        copy / "challenges.yml",
        r"^(  account_access:\n(?:    .*\n)*?    severity: \w+\n)",
        r"\1    people_decide_for: [gold]\n",
    )
    return copy


def _not_gold(found: re.Match[str]) -> str:
    rest = ", " if found[2] else "}\n"
    return f"{found[1]}    when: {{tier: [standard, silver]{rest}"


def _edit(file: Path, pattern: str, replacement: str | Callable[[re.Match[str]], str]) -> None:
    text, times = re.subn(pattern, replacement, file.read_text(), flags=re.MULTILINE)
    assert times == 1, f"{file.name} no longer has one {pattern}"
    file.write_text(text)


@pytest.fixture(scope="session")
def stack(
    tmp_path_factory: pytest.TempPathFactory, new_database: Callable[[], str], playbook: Path
) -> Iterator[Stack]:
    """The running product: engine, actions and desk, on a database of its own."""
    home = tmp_path_factory.mktemp("home")
    given = {"REDRESS_DATABASE_URL": new_database(), "REDRESS_PLAYBOOK": str(playbook)}
    with own_stack.started(home, print, **given) as running:
        yield running
