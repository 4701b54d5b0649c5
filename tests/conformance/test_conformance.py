"""What the playbook's authors expect of it. `make conformance` plays the scripts beside this file, four times."""

from pathlib import Path

from redress.simulation.conformance import covered, scripts_in

HERE = Path(__file__).parent
SCRIPTS = {str(path.with_suffix("")): (path, script) for path, script in scripts_in(HERE)}


def test_every_rule_challenge_type_and_tier_has_a_script() -> None:
    assert covered(HERE, list(SCRIPTS.values())).missing == ()


def test_there_are_enough_of_them() -> None:
    assert len(SCRIPTS) >= 80
