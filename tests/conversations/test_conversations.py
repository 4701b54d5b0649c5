"""Scripted customers through the whole product: each script beside this file is one test.

A script says what must hold after each turn and in the database (docs/simulate.md). What it cannot say is in
`stored.yml`: the sentences that a handoff must be justified by and the records they cite, and what a survey keeps.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from recovery.words import ChallengeType
from redress import wiring
from redress.own_stack import Stack
from redress.playbook import load as load_playbook
from redress.records import ConversationRecord
from redress.settings import CHECKOUT
from redress.simulation import Script, load, play_all
from redress.simulation.play import Played
from tests.recurring import said_twice

HERE = Path(__file__).parent
JOBS = 5
WITHIN_S = 30.0  # the machine may be busy, and a slow answer is another test's matter
SCRIPTS = {str(path.relative_to(HERE).with_suffix("")): path for path in sorted(HERE.glob("*/*.yml"))}
STORED: Mapping[str, Any] = yaml.safe_load((HERE / "stored.yml").read_text())

type Told = tuple[Played, ConversationRecord]


@pytest.fixture(scope="session")
async def told(request: pytest.FixtureRequest, stack: Stack) -> dict[str, Told]:
    """Every script that this run asks for, played once."""
    here = (item for item in request.session.items if item.path == Path(__file__))
    ours = (item for item in here if "told" in getattr(item, "fixturenames", ()))
    wanted = dict.fromkeys(item.callspec.params["script"] for item in ours if isinstance(item, pytest.Function))
    scripts = [(Path(name), load(SCRIPTS[name])) for name in wanted]
    url = str(stack.settings.database_url)
    results = await play_all(stack.settings, url, scripts, jobs=JOBS, fresh=True, within=WITHIN_S)
    async with wiring.records(url) as records:
        return {str(path): (each, await records.conversation(each.conversation)) for path, each in results}


@pytest.mark.stack
@pytest.mark.parametrize("script", SCRIPTS)
def test_the_conversation_goes_as_written(script: str, told: dict[str, Told]) -> None:
    played, _ = told[script]
    assert not played.misses, "\n".join([f"conversation {played.conversation}:", *played.misses])


@pytest.mark.stack
@pytest.mark.parametrize("script", SCRIPTS)
def test_nothing_is_said_twice_in_the_same_words(script: str, told: dict[str, Told]) -> None:
    assert said_twice(told[script][1].transcript.messages) == []


@pytest.mark.stack
@pytest.mark.parametrize("script", [name for name, what in STORED.items() if "rationale" in what])
def test_a_handoff_says_why_and_cites_what_is_stored(script: str, told: dict[str, Told]) -> None:
    handoff = told[script][1].transcript.handoff
    assert handoff is not None
    for wanted in STORED[script]["rationale"]:
        fitting = [s for s in handoff.rationale if wanted["says"] in s["text"]]
        assert fitting, f"no sentence says “{wanted['says']}”: {[s['text'] for s in handoff.rationale]}"
        cited = {evidence["kind"] for s in fitting for evidence in s["evidence"]}
        assert set(wanted["cites"]) <= cited, f"“{fitting[0]['text']}” cites only {cited}"


@pytest.mark.stack
@pytest.mark.parametrize("script", [name for name, what in STORED.items() if "survey" in what])
def test_a_survey_is_kept_once_for_its_case(script: str, told: dict[str, Told]) -> None:
    surveys = told[script][1].transcript.surveys
    wanted = STORED[script]["survey"]
    assert [(s.rating, s.comment) for s in surveys] == [(wanted["rating"], wanted.get("comment"))]


@pytest.mark.parametrize("challenge", ChallengeType)
def test_every_challenge_type_has_a_happy_and_an_unhappy_path(challenge: ChallengeType) -> None:
    for path in ("happy", "unhappy"):
        assert f"{challenge}/{path}" in SCRIPTS
        assert challenge in _challenges(load(SCRIPTS[f"{challenge}/{path}"]))


def test_every_escalation_rule_leads_or_joins_in_a_script() -> None:
    playbook = load_playbook(CHECKOUT / "playbook", CHECKOUT / "data" / "responses")
    handoffs = (load(path).database.handoff for path in SCRIPTS.values())
    named = {rule for handoff in handoffs if handoff and handoff != "none" for rule in handoff.rules}
    assert named >= {rule.id for rule in playbook.escalation}


def _challenges(script: Script) -> Iterable[str]:
    cases = script.database.cases
    in_cases = [case.challenge for case in cases] if cases and cases != "none" else []
    heard = [c for turn in script.turns if turn.expect.nlu for c in turn.expect.nlu.challenges]
    return [*in_cases, *heard]
