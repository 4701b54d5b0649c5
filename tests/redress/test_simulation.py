"""A script says plainly what is wrong with it, and what did not hold."""

from pathlib import Path

import pytest

from redress.problem import Problem
from redress.simulation import checks
from redress.simulation.script import NluExpected, ReplyExpected, load, renamed
from redress.webchat import ChatMessage

GOOD = """
name: A late parcel
customer: anna@demo.example
turns:
  - say: my parcel 10482 is late
    expect:
      reply: {contains: sorry, matches: "your .* order"}
      nlu: {challenges: [late_delivery], frustration: 1}
  - click: Yes
  - wait: {message: how did it go, within: 5}
database:
  cases:
    - {challenge: late_delivery, order: 10482, compensation: none, steps: [listen, resolve]}
  handoff: none
"""


def script(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "script.yml"
    path.write_text(text)
    return path


def test_a_good_script_is_read(tmp_path: Path) -> None:
    read = load(script(tmp_path, GOOD))
    assert [turn.say or turn.click or "wait" for turn in read.turns] == ["my parcel 10482 is late", "Yes", "wait"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("", "the file: "),
        ("turns: [", "is not YAML"),
        ("name: x\nturns: []", "turns: "),
        ("name: x\nturns:\n  - sya: hello", "turns › 1 › sya: Extra inputs are not permitted"),
        ("name: x\nturns:\n  - {say: a, click: b}", "exactly one of say, click, wait and later"),
        ("name: x\ncustomer: bob\nturns:\n  - say: a", "`stranger` or the e-mail address"),
        ("name: x\nturns:\n  - {say: a, expect: {reply: {matches: '['}}}", "is not a regular expression"),
        ("name: x\nturns:\n  - {say: a, expect: {owner: nobody}}", "turns › 1 › expect › owner: "),
        ("name: x\nturns:\n  - {say: a, expect: {nlu: {frustration: 4}}}", "less than or equal to 3"),
        ("name: x\nturns:\n  - say: a\ndatabase: {cases: [{challenge: late}]}", "database › cases › 1 › challenge: "),
    ],
)
def test_a_wrong_script_is_told_with_its_place(tmp_path: Path, wrong: str, told: str) -> None:
    with pytest.raises(Problem) as problem:
        load(script(tmp_path, wrong))
    assert told in str(problem.value)
    assert "script.yml" in str(problem.value)


def test_a_missing_script_is_told(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="cannot be read"):
        load(tmp_path / "nothing.yml")


def test_a_copys_order_numbers_replace_the_originals_and_nothing_else(tmp_path: Path) -> None:
    text = GOOD.replace("is late", "is late, not 104820 or £10482.50")
    read = renamed(load(script(tmp_path, text)), {"10482": "55555", "anna@demo.example": "anna+x@demo.example"})
    assert read.turns[0].say == "my parcel 55555 is late, not 104820 or £10482.50"
    assert read.customer == "anna+x@demo.example"
    assert read.database.cases
    assert read.database.cases[0].order == "55555"  # type: ignore[union-attr]


SAID = [ChatMessage(2, "bot", "", "I’m sorry your order is late.", (("Send it again", "/x"), ("No", "/y")))]


@pytest.mark.parametrize(
    ("expected", "missed"),
    [
        (ReplyExpected(contains=("i'm SORRY",)), 0),
        (ReplyExpected(contains=("sorry", "refund")), 1),
        (ReplyExpected(contains_one_of=("refund", "late")), 0),
        (ReplyExpected(contains_one_of=("refund", "credit")), 1),
        (ReplyExpected(not_contains=("late",)), 1),
        (ReplyExpected(matches=("order is (late|lost)",)), 0),
        (ReplyExpected(matches=("^Dear",)), 1),
    ],
)
def test_a_reply_is_compared_by_what_a_customer_reads(expected: ReplyExpected, missed: int) -> None:
    assert len(list(checks.reply_misses(expected, SAID))) == missed


def test_a_miss_says_what_was_expected_and_what_came() -> None:
    (miss,) = checks.reply_misses(ReplyExpected(contains=("refund",)), SAID)
    assert miss == "expected the reply to contain “refund”; it was “I’m sorry your order is late.”"
    (miss,) = checks.button_misses(["Call me"], SAID)
    assert miss == "expected a button “Call me”; there were “Send it again”, “No”"


def test_what_was_heard_may_be_more_than_expected() -> None:
    heard = {
        "dialogue_act": {"name": "report_problem"},
        "challenges": [{"type": "late_delivery"}, {"type": "lost_parcel"}],
        "triggers": [],
        "frustration": {"level": 2},
    }
    assert not list(checks.nlu_misses(NluExpected(challenges=("late_delivery",), frustration=1), heard))  # type: ignore[arg-type]
    assert len(list(checks.nlu_misses(NluExpected(triggers=("long_wait",), frustration=3), heard))) == 2  # type: ignore[arg-type]
