"""The README's table of what is recovered how."""

from itertools import product
from pathlib import Path

import pytest

from recovery.playbook import Playbook
from recovery.words import ChallengeType, Fault, Severity
from redress.playbook import load
from redress.playbook.first_fit import first_fits, fitting, given
from redress.playbook.table import END, START, replaced_in, table

CHECKOUT = Path(__file__).parents[2]


def test_the_readme_says_what_the_playbook_says() -> None:
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    made = table(load(CHECKOUT / "playbook"))
    assert replaced_in(readme, made) == readme, "run `redress playbook table --write README.md`"


BOOK: Playbook = load(CHECKOUT / "playbook")
CAUSES = ("strike", "duplicate_charge", "renewal_error", "cancellation_missed", "network_fault", "another")
YES_NO = (True, False)
STANDING = product(
    Severity, Fault, (True, False), (True, False), ("none", *BOOK.contingencies), CAUSES, YES_NO, YES_NO
)
FACTS = ("severity", "fault", "arrived", "repeated", "contingency", "cause", "past_promise", "thing_missing")
WAYS = [dict(zip(FACTS, way, strict=True)) for way in STANDING]


@pytest.mark.parametrize("challenge", list(ChallengeType))
def test_the_first_row_that_fits_is_what_the_policy_gives(challenge: ChallengeType) -> None:
    rows = first_fits(BOOK, challenge, BOOK.challenges[challenge].severity)
    rules = [r for r in BOOK.policy if challenge in r.challenges]
    for facts in WAYS:
        assert fitting(rows, facts).gives == given(rules, facts), facts


@pytest.mark.parametrize("challenge", list(ChallengeType))
def test_no_row_stands_where_none_above_leaves_it_anything(challenge: ChallengeType) -> None:
    rows = first_fits(BOOK, challenge, BOOK.challenges[challenge].severity)
    assert rows[-1].when == ()
    assert {id(fitting(rows, facts)) for facts in WAYS} == {id(row) for row in rows}


def test_a_manager_reads_words_and_no_facts() -> None:
    made = table(BOOK)
    assert "| by the customer's own doing | repair visit; voucher (10% of the order, £5 to £20) |" in made
    assert "charged twice" in made
    assert "_" not in made


def test_what_stands_around_the_table_is_kept() -> None:
    assert replaced_in(f"before {START} old {END} after", "new") == f"before {START}\n\nnew\n\n{END} after"
