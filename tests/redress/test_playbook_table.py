"""The README's table of what is recovered how."""

from pathlib import Path

from redress.playbook import load
from redress.playbook.table import END, START, replaced_in, table

CHECKOUT = Path(__file__).parents[2]


def test_the_readme_says_what_the_playbook_says() -> None:
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    made = table(load(CHECKOUT / "playbook"))
    assert replaced_in(readme, made) == readme, "run `redress playbook table --write README.md`"


def test_what_stands_around_the_table_is_kept() -> None:
    assert replaced_in(f"before {START} old {END} after", "new") == f"before {START}\n\nnew\n\n{END} after"
