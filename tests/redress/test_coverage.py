"""Coverage of the playbook: what no script states is named."""

from pathlib import Path

import pytest

from recovery.words import Tier
from redress.playbook import load as load_playbook
from redress.problem import Problem
from redress.settings import CHECKOUT
from redress.simulation.coverage import Coverage, coverage_of, read_beyond
from redress.simulation.script import Script

PLAYBOOK = load_playbook(CHECKOUT / "playbook", CHECKOUT / "data" / "responses")


def covers(*databases: dict[str, object], **script: object) -> Coverage:
    scripts = [
        Script.model_validate({"name": "x", "turns": [{"say": "hello"}], "database": database, **script})
        for database in databases
    ]
    return coverage_of(scripts, PLAYBOOK, {"vera@x.example": Tier.GOLD}, {})


def test_a_rule_counts_when_it_leads_joins_grants_or_decides() -> None:
    case = {"challenge": "late_delivery", "compensation": {"rule": "late.small"}, "rules": ["goodwill.gold"]}
    found = covers({"cases": [case], "handoff": {"leads": "R01", "rules": ["R04"]}})
    assert {rule for rule, count in found.rules.items() if count} == {"R01", "R04", "late.small", "goodwill.gold"}
    assert "No script covers rule R05." in found.missing
    assert "No script covers rule R01." not in found.missing


def test_a_challenge_type_counts_for_the_tier_of_its_customer() -> None:
    cases = {"cases": [{"challenge": "late_delivery"}]}
    assert covers(cases, customer="vera@x.example").cells == {("late_delivery", "gold"): 1}
    assert covers(cases, customer="vera@x.example", but={"tier": "silver"}).cells == {("late_delivery", "silver"): 1}
    missing = covers(cases, customer="vera@x.example").missing
    assert "No script covers late_delivery for silver customers." in missing
    assert "No script covers late_delivery for gold customers." not in missing


def test_a_rule_that_is_none_is_told() -> None:
    found = covers({"handoff": {"leads": "R99"}})
    assert "A script names R99, which is no rule of the playbook." in found.missing


def test_what_is_said_to_be_for_people_only_must_be_so(tmp_path: Path) -> None:
    script = Script.model_validate(
        {"name": "x", "turns": [{"say": "hello"}], "database": {"handoff": {"leads": "R01"}}}
    )
    found = coverage_of([script], PLAYBOOK, {}, {"R01": "never", "R98": "gone"})
    assert "R01 is said to be for people only, and is covered." in found.missing
    assert "R98 is said to be for people only, and is no rule." in found.missing
    (tmp_path / "only_people.yaml").write_text("- a list")
    with pytest.raises(Problem, match="no list of rules"):
        read_beyond(tmp_path)


def test_every_contingency_and_budget_has_a_script() -> None:
    found = covers({}, company={"contingencies": [{"kind": "recall"}], "left": {"goodwill_of_the_month": 0}})
    assert "No script has a courier_strike run." in found.missing
    assert "No script has a recall run." not in found.missing
    assert "No script uses up the budget deliveries_of_the_day." in found.missing
    assert "No script uses up the budget goodwill_of_the_month." not in found.missing
