"""What the playbook's authors expect of it, played once. `make conformance` plays the scripts four times over."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from casework.reading import MessageRead
from redress import wiring
from redress.own_stack import Stack
from redress.simulation import play_all
from redress.simulation.conformance import JOBS, WITHIN_S, covered, scripts_in, unfounded
from redress.simulation.play import Played
from tests.recurring import said_twice

HERE = Path(__file__).parent
type Told = tuple[Played, Sequence[MessageRead]]
SCRIPTS = {str(path.with_suffix("")): (path, script) for path, script in scripts_in(HERE)}


def test_every_rule_and_every_challenge_type_for_every_tier_has_a_script() -> None:
    assert covered(HERE, list(SCRIPTS.values())).missing == ()


def test_every_expectation_follows_from_the_words_of_the_playbook_that_its_script_cites() -> None:
    assert unfounded(HERE, list(SCRIPTS.values())) == []


def test_there_are_enough_of_them() -> None:
    assert len(SCRIPTS) >= 80


@pytest.fixture(scope="session")
async def played(request: pytest.FixtureRequest, stack: Stack) -> dict[str, Told]:
    """The scripts that this run asks for."""
    ours = (item for item in request.session.items if "played" in getattr(item, "fixturenames", ()))
    names = dict.fromkeys(item.callspec.params["expected"] for item in ours if isinstance(item, pytest.Function))
    url, scripts = str(stack.settings.database_url), [SCRIPTS[name] for name in names]
    results = await play_all(stack.settings, url, scripts, jobs=JOBS, fresh=True, within=WITHIN_S)
    async with wiring.records(url) as records:
        messages = [(await records.transcript(how.conversation)).messages for _, how in results]
    return {str(path.with_suffix("")): (how, said) for (path, how), said in zip(results, messages, strict=True)}


@pytest.mark.stack
@pytest.mark.parametrize("expected", SCRIPTS)
def test_it_goes_as_the_playbook_says(expected: str, played: dict[str, Told]) -> None:
    how, _ = played[expected]
    assert not how.misses, "\n".join([f"conversation {how.conversation}:", *how.misses])


@pytest.mark.stack
@pytest.mark.parametrize("expected", SCRIPTS)
def test_nothing_is_said_twice_in_the_same_words(expected: str, played: dict[str, Told]) -> None:
    assert said_twice(played[expected][1]) == []
