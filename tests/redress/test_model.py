"""A model is trained when what it is made from changed, and only then."""

import asyncio
from pathlib import Path

import pytest

from redress import model, settings
from redress.problem import Problem


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in ("config.yml", "domain.yml", "data/nlu/late.yml", "bot/nlu/head.py"):
        path = tmp_path / "checkout" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path / "checkout"


@pytest.mark.parametrize("name", ["config.yml", "domain.yml", "data/nlu/late.yml", "bot/nlu/head.py", "data/new.yml"])
def test_a_change_to_a_source_names_another_model(checkout: Path, name: str) -> None:
    before = model.model_hash(checkout)
    (checkout / name).write_text("something else")
    assert model.model_hash(checkout) != before


@pytest.mark.parametrize(
    "name", ["README.md", "bot/.venv/x.py", "bot/nlu/__pycache__/x.pyc", "desk/app.py", "bot/a.md"]
)
def test_what_does_not_shape_a_model_does_not_rename_it(checkout: Path, name: str) -> None:
    before = model.model_hash(checkout)
    (checkout / name).parent.mkdir(parents=True, exist_ok=True)
    (checkout / name).write_text("something")
    assert model.model_hash(checkout) == before


def test_a_moved_file_names_another_model(checkout: Path) -> None:
    before = model.model_hash(checkout)
    (checkout / "data/nlu/late.yml").rename(checkout / "data/nlu/later.yml")
    assert model.model_hash(checkout) != before


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> settings.Settings:
    monkeypatch.setattr(model, "model_hash", lambda checkout=None: "0123")
    return settings.load({"REDRESS_HOME": str(tmp_path / "home")})


def trainer(tmp_path: Path, does: str) -> Path:
    """A stand-in for the engine's Python, which is called with `-m bot.train OUT`."""
    path = tmp_path / "python"
    path.write_text(f"#!/bin/sh\n{does}\n")
    path.chmod(0o755)
    return path


async def test_a_model_that_is_there_is_not_trained_again(
    home: settings.Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = tmp_path / "count"
    monkeypatch.setattr(model, "BOT_PYTHON", trainer(tmp_path, f'echo x >> {count}; echo model > "$3"'))
    first, second = await asyncio.gather(model.ensure(home), model.ensure(home))
    assert first == second == await model.ensure(home)
    assert count.read_text() == "x\n"
    await model.ensure(home, force=True)
    assert count.read_text() == "x\nx\n"


async def test_a_training_that_fails_says_why_and_leaves_no_model(
    home: settings.Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        model, "BOT_PYTHON", trainer(tmp_path, 'echo half > "$3"; echo "The rules contradict."; exit 1')
    )
    with pytest.raises(Problem, match=r"The rules contradict\. The whole story is in"):
        await model.ensure(home)
    assert not model.path_of(home).exists()
    assert [path.name for path in home.models.iterdir()] == ["training.lock"]


async def test_without_the_engines_environment_setup_is_named(
    home: settings.Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "BOT_PYTHON", tmp_path / "nothing")
    with pytest.raises(Problem, match="make setup"):
        await model.ensure(home)
