"""A script of the conformance suite states the whole final state, and cites the words that it follows from."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from recovery.records import Order
from redress.playbook import load as load_playbook
from redress.problem import Problem
from redress.settings import CHECKOUT
from redress.simulation.conformance import scripts_in
from redress.simulation.script import Company, Script
from redress.simulation.stated import cited_in, miscited, misjudged, unstated

PLAYBOOK = load_playbook(CHECKOUT / "playbook", CHECKOUT / "data" / "responses")
CASE = {
    "challenge": "late_delivery",
    "severity": "moderate",
    "status": "resolved",
    "compensation": {"remedy": "priority_delivery", "pence": 600, "rule": "late.small"},
    "steps": ["listen", "apologise", "thank", "explain", "resolve"],
    "follow_up": {"kind": "check_back", "after_minutes": 2880},
}
HANDOFF = {"leads": "R08", "team": "care", "rationale": [{"says": "asked for a person"}]}
CITED = ("late.small", "priority_delivery", "late_delivery/three days late or more")


def script(case: Mapping[str, Any] | None = None, **otherwise: Any) -> Script:
    """A script that states all there is, but for what is said to be otherwise. None leaves a thing out."""
    database = {"owner": "bot", "cases": [_left(CASE | (case or {}))], "handoff": "none", "alerts": []} | otherwise
    return Script.model_validate({"name": "x", "turns": [{"say": "hello"}], "database": _left(database)})


def _left(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def test_one_that_states_everything_lacks_nothing() -> None:
    assert list(unstated(script())) == []
    none = {"compensation": "none", "steps": "none", "follow_up": "none"}
    assert list(unstated(script(none, handoff=HANDOFF))) == []


@pytest.mark.parametrize("name", ["severity", "status", "compensation", "steps", "follow_up"])
def test_what_a_case_leaves_out_is_told(name: str) -> None:
    assert list(unstated(script({name: None}))) == [f"late_delivery: it does not state {name}"]


@pytest.mark.parametrize("name", ["owner", "cases", "handoff", "alerts"])
def test_what_the_final_state_leaves_out_is_told(name: str) -> None:
    assert list(unstated(script(**{name: None}))) == [f"it does not state {name}"]


def test_a_handoff_gives_reasons_with_their_evidence() -> None:
    assert list(unstated(script(handoff=HANDOFF | {"rationale": []}))) == [
        "the handoff has no rationale with its evidence"
    ]


def test_no_steps_are_stated_in_a_word() -> None:
    assert list(unstated(script({"steps": []}))) == [
        "late_delivery: it names no steps; write none where there are none"
    ]


def test_the_suite_refuses_a_script_that_leaves_something_open(tmp_path: Path) -> None:
    text = "name: x\nturns: [{say: hello}]\ndatabase: {owner: bot, cases: none, handoff: none}\n"
    (tmp_path / "open.yml").write_text(text)
    with pytest.raises(Problem, match=r"open\.yml: it does not state alerts\."):
        scripts_in(tmp_path)


def test_only_the_leading_comment_cites() -> None:
    text = "# Playbook: R01, late.small\n# why\n# Playbook: refund\nname: x\n# Playbook: R02\n"
    assert cited_in(text) == ("R01", "late.small", "refund")
    assert cited_in("name: x\n") == ()


def test_an_expectation_that_follows_from_what_it_cites_is_let_pass() -> None:
    assert list(miscited(script(), CITED, PLAYBOOK)) == []


@pytest.mark.parametrize(
    ("case", "cited", "told"),
    [
        ({}, (*CITED, "late.enormous"), "it cites late.enormous, which the playbook does not have"),
        ({}, CITED[1:], "it expects late.small and does not cite it"),
        ({}, (CITED[0], CITED[2]), "it expects a priority_delivery and does not cite it"),
        ({}, CITED[:2], "late_delivery: by what it cites the severity is minor, and it expects moderate"),
        (
            {"follow_up": {"kind": "check_back", "after_minutes": 60}},
            CITED,
            "by follow_ups a priority_delivery is asked about after 2880 minutes, not 60",
        ),
        (
            {"compensation": {"remedy": "voucher", "rule": "late.small"}, "follow_up": "none"},
            (*CITED, "voucher"),
            "it expects a voucher by late.small, which has none",
        ),
    ],
)
def test_an_expectation_that_does_not_follow_is_told(
    case: Mapping[str, Any], cited: tuple[str, ...], told: str
) -> None:
    assert list(miscited(script(case), cited, PLAYBOOK)) == [told]


def test_who_cites_nothing_is_told() -> None:
    bare = script(cases="none")
    assert list(miscited(bare, (), PLAYBOOK)) == ["its leading comment cites no words of the playbook"]


TODAY = date(2026, 11, 23)
KETTLE = Order(
    "10482", "C1", "goods", datetime(2026, 11, 1, tzinfo=UTC), 4900, "Swift", "London", date(2026, 11, 20), (), ()
)


@pytest.mark.parametrize(
    ("pence", "more", "told"),
    [
        (600, (), []),  # £3, and £1 for each of three days
        (840, ("goodwill.gold",), []),
        (840, ("goodwill.gold", "goodwill.our_own_mistake"), []),  # of several the highest
        (840, (), ["by what it cites late.small gives 600 pence, and it expects 840"]),
        (500, (), ["by what it cites late.small gives 600 pence, and it expects 500"]),
    ],
)
def test_a_sum_is_what_the_cited_words_give(pence: int, more: tuple[str, ...], told: list[str]) -> None:
    given = {"remedy": "priority_delivery", "pence": pence, "rule": "late.small"}
    expected = script({"order": "10482", "compensation": given})
    assert list(misjudged(expected, (*CITED, *more), PLAYBOOK, {"10482": KETTLE}, TODAY)) == told


def test_a_purse_that_is_nearly_empty_gives_less_and_never_more() -> None:
    def told(pence: int) -> int:
        given = {"remedy": "priority_delivery", "pence": pence, "rule": "late.small"}
        expected = script({"order": "10482", "compensation": given})
        short = expected.model_copy(update={"company": Company(left={"deliveries_of_the_day": 350})})
        return len(list(misjudged(short, CITED, PLAYBOOK, {"10482": KETTLE}, TODAY)))

    assert (told(350), told(601)) == (0, 1)
