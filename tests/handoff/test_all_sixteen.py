"""The documentation names a test for each of the sixteen failures and each channel, and every test that there is."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

HERE = Path(__file__).parent
DOCS = HERE.parents[1] / "docs" / "handoffs.md"
ROW = re.compile(r"^\| (\d+) \| [^|]+ \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
NAMED = re.compile(r"`(\w+)` `(test_\w+)`")
AT_THE_WEB_CHAT = re.compile(r"people\.(?:customer|stranger)\(|handed_over\(|_booked\(|Visitors\(")


@dataclass(frozen=True, slots=True)
class Shown:
    """The tests that stand beside one failure."""

    failure: int
    web: frozenset[tuple[str, str]]
    telegram: frozenset[tuple[str, str]]


def documented() -> list[Shown]:
    found = []
    for number, web, telegram in ROW.findall(DOCS.read_text(encoding="utf-8")):
        named = frozenset(NAMED.findall(web))
        found.append(
            Shown(int(number), named, named if telegram == "the same" else frozenset(NAMED.findall(telegram)))
        )
    return found


def written() -> Iterator[tuple[tuple[str, str], ast.AsyncFunctionDef, str]]:
    """Every test of a failure, with its name, its definition and its text."""
    for file in sorted(HERE.glob("test_*.py")):
        text = file.read_text(encoding="utf-8")
        for one in ast.parse(text).body:
            if isinstance(one, ast.AsyncFunctionDef) and one.name.startswith("test_"):
                yield (file.stem.removeprefix("test_"), one.name), one, ast.get_source_segment(text, one) or ""


TESTS = {name: (definition, text) for name, definition, text in written()}
SHOWN = documented()


def test_all_sixteen_are_there() -> None:
    assert [shown.failure for shown in SHOWN] == list(range(1, 17))


@pytest.mark.parametrize("shown", SHOWN, ids=lambda shown: str(shown.failure))
def test_each_is_shown_on_both_channels_by_tests_of_its_number(shown: Shown) -> None:
    assert shown.web
    assert shown.telegram
    for name in shown.web | shown.telegram:
        assert name in TESTS, f"There is no {name[1]} in test_{name[0]}.py"
        assert str(shown.failure) in re.findall(r"\d+", name[1])
    for name in shown.web:
        assert AT_THE_WEB_CHAT.search(TESTS[name][1]), f"{name[1]} has nobody at the web chat"
    for name in shown.telegram:
        fixtures = [each.arg for each in TESTS[name][0].args.args]
        assert "telegram" in fixtures, f"{name[1]} has nobody on Telegram"


def test_no_test_is_left_out() -> None:
    assert set(TESTS) == {name for shown in SHOWN for name in shown.web | shown.telegram}
