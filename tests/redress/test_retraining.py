"""What was accepted is learned from, and only a model that is not worse is put to work.

The trainer and the gate are stood in for: they take a minute, and are tested with real models in tests/bot.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from casework.learning import Learning
from casework.ports import Staff
from casework.ports.learning import Wanted
from recovery.labels import read_labels
from redress import model, registry, retraining, reviewed
from redress.problem import Problem
from redress.settings import Settings, load
from store.sql_store import SqlStore

SCORES = {"challenges: macro F1": {"now": 0.8, "new": 0.81, "agree": 0.1, "worse": False}}
FINE = {"set": "test.jsonl", "scores": {"challenges: macro F1": 0.81}, "scores_now": {"challenges: macro F1": 0.8},
        "heads": SCORES, "labels": {}, "worse": [], "rules": "As stated."}  # fmt: skip
LOST = {"now": 0.9, "new": 0.4, "agree": 1.0, "worse": True}
WORSE = {**FINE, "labels": {"challenges: lost_parcel": LOST}, "worse": ["challenges: lost_parcel"]}


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home, and a checkout that may be written into."""
    nlu = tmp_path / "nlu"
    nlu.mkdir()
    written = nlu / "reviewed.yml"
    monkeypatch.setattr(reviewed, "WRITTEN", written)
    monkeypatch.setattr(model, "model_hash", lambda checkout=None: "written" if written.exists() else "sources")
    return load({"REDRESS_HOME": str(tmp_path / "home")})


@pytest.fixture
async def accepted(engine: AsyncEngine, clean: None) -> None:
    """Two accepted messages, of which one is a test message."""
    store = SqlStore(engine)
    vera = Staff("u1", "vera@shop.example", "Vera Holm", "supervisor")
    await store.users.add(vera, "hash", now())
    learning = Learning(store.reviews, now, ZoneInfo("UTC"))
    conversation = await store.conversations.open_for("web", "somebody", now(), None, "")
    test_message = json.loads((reviewed.HELD_OUT / "test.jsonl").read_text().splitlines()[1])["text"]
    for seq, words in enumerate(("three of the four chair legs came, quite a balancing act", test_message), 1):
        given = {"id": f"m{seq}", "conversation": conversation.id, "seq": seq, "text": words}
        async with store.database.begin() as connection:
            await connection.execute(text(MESSAGE), given)
            await connection.execute(text(RESULT), given)
        await learning.flag(f"m{seq}")
    for item in (await store.reviews.list(Wanted(), None)).rows:
        await learning.accept(vera, item.id, item.version, read_labels({"dialogue_act": "report_problem"}))


MESSAGE = """
insert into redress.messages (id, conversation_id, seq, author, text, status, at)
values (:id, :conversation, :seq, 'customer', :text, 'answered', now())
"""
RESULT = "insert into redress.nlu_results (message_id, model, result) values (:id, 'one', '{}')"


def engine_that(report: dict[str, object], place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for the engine's Python: it "trains" by listing its data, and its gate says what is given."""
    (place / "report.json").write_text(json.dumps(report))
    script = place / "python"
    script.write_text(f"""#!/bin/sh
case "$2" in
  bot.train) ls "$5/data/nlu" > "$3" ;;
  bot.gate) while [ "$1" != --out ]; do shift; done; cp {place}/report.json "$2" ;;
esac
""")
    script.chmod(0o755)
    for module in (model, retraining):
        monkeypatch.setattr(module, "BOT_PYTHON", script)


async def test_a_model_that_is_not_worse_is_published_and_can_be_taken_back(
    settings: Settings, accepted: None, migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine_that(FINE, tmp_path, monkeypatch)
    said: list[str] = []
    trained = await retraining.retrain(settings, migrated_url, said.append)
    assert model.path_of(settings) == trained.path
    assert "reviewed_here.yml" in trained.path.read_text()
    manifest, _ = registry.read_manifest(trained.path)
    assert manifest is not None
    assert (manifest.reviewed, manifest.scores) == (1, {"challenges: macro F1": 0.81})
    assert any("nearly a message of the development or test set" in line for line in said)
    assert registry.roll_back(settings, "sources").model == "sources"


async def test_a_worse_model_is_kept_aside_and_the_present_one_stays(
    settings: Settings, accepted: None, migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine_that(WORSE, tmp_path, monkeypatch)
    with pytest.raises(Problem, match=r"challenges: lost_parcel: 0\.900 to 0\.400\nAs stated\."):
        await retraining.retrain(settings, migrated_url, lambda told: None)
    assert registry.name_of(model.path_of(settings)) == "sources"
    (refused,) = (settings.models / "refused").glob("*.tar.gz")
    manifest, report = registry.read_manifest(refused)
    assert manifest is not None
    assert manifest.worse == ["challenges: lost_parcel"]
    assert report["rules"] == "As stated."


async def test_what_is_written_into_the_checkout_names_the_model_after_it(
    settings: Settings, accepted: None, migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine_that(FINE, tmp_path, monkeypatch)
    trained = await retraining.retrain(settings, migrated_url, lambda told: None, write=True)
    assert registry.name_of(trained.path) == "written"
    assert registry.name_of(model.path_of(settings)) == "written"
    assert [words for _, words, _ in reviewed.examples_of(reviewed.WRITTEN)] == [
        "three of the four chair legs came, quite a balancing act"
    ]


async def test_with_nothing_accepted_nothing_is_trained(settings: Settings, clean: None, migrated_url: str) -> None:
    with pytest.raises(Problem, match="Label some on the desk's review page first"):
        await retraining.retrain(settings, migrated_url, lambda told: None)
