"""Models are versions: one answers, the others can be gone back to, and what was worse is never put to work."""

import os
from pathlib import Path

import pytest

from redress import model, registry
from redress.problem import Problem
from redress.settings import Settings, load


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(model, "model_hash", lambda checkout=None: "sources")
    settings = load({"REDRESS_HOME": str(tmp_path / "home")})
    settings.models.mkdir(parents=True)
    return settings


def made(home: Settings, name: str, reviewed: str = "") -> Path:
    path = registry.file_of(home, name)
    path.write_bytes(name.encode())
    if reviewed:
        path.with_name(f"{name}{registry.REVIEW}").write_text(reviewed)
    return path


def linked(home: Settings) -> str:
    return registry.name_of(Path(os.readlink(home.home / "model-in-use.tar.gz")))


def test_without_a_choice_the_checkouts_own_model_answers(home: Settings) -> None:
    assert model.path_of(home) == registry.file_of(home, "sources")


def test_a_published_model_answers(home: Settings) -> None:
    made(home, "better")
    registry.publish(home, "better", "sources", "reviewed")
    assert (registry.name_of(model.path_of(home)), linked(home)) == ("better", "better")


def test_the_previous_model_is_put_back(home: Settings) -> None:
    registry.settle(home, made(home, "sources"), "sources")
    made(home, "better")
    registry.publish(home, "better", "sources", "reviewed")
    registry.roll_back(home, "sources")
    assert (registry.name_of(model.path_of(home)), linked(home)) == ("sources", "sources")


def test_going_back_twice_goes_back_by_two(home: Settings) -> None:
    for name in ("one", "two", "three"):
        made(home, name)
        registry.publish(home, name, "sources", "reviewed")
    registry.roll_back(home, "sources")
    registry.roll_back(home, "sources")
    assert registry.name_of(model.path_of(home)) == "one"
    with pytest.raises(Problem, match="no earlier model"):
        registry.roll_back(home, "sources")


def test_everything_that_was_done_stays_in_the_log(home: Settings) -> None:
    for name in ("one", "two"):
        made(home, name)
        registry.publish(home, name, "sources", "reviewed")
    registry.roll_back(home, "sources")
    assert [(p.model, p.how) for p in registry.read_choice(home).log] == [
        ("one", "reviewed"),
        ("two", "reviewed"),
        ("one", "rolled back"),
    ]


def test_a_start_is_written_down_once(home: Settings) -> None:
    path = made(home, "sources")
    registry.settle(home, path, "sources")
    registry.settle(home, path, "sources")
    assert len(registry.read_choice(home).log) == 1


def test_a_model_that_was_deleted_is_passed_over(home: Settings) -> None:
    for name in ("one", "two", "three"):
        made(home, name)
        registry.publish(home, name, "sources", "reviewed")
    registry.file_of(home, "two").unlink()
    assert registry.earlier(home).model == "one"


def test_when_the_sources_change_what_was_reviewed_stays_learned(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(home, "better", reviewed="what was accepted")
    registry.publish(home, "better", "sources", "reviewed")
    monkeypatch.setattr(model, "model_hash", lambda checkout=None: "newer")
    wanted = registry.name_of(model.path_of(home))
    assert wanted not in ("better", "newer")
    assert wanted == model.name_for("newer", registry.review_of(home, "better"))


def test_a_choice_that_cannot_be_read_is_told(home: Settings) -> None:
    (home.home / "model.json").write_text("{")
    with pytest.raises(Problem, match="cannot be read"):
        model.path_of(home)


def test_a_manifest_is_read_as_it_was_written(home: Settings) -> None:
    path = made(home, "better")
    told = registry.Manifest(
        "better", "sources", "2026-11-22T10:00:00+00:00", "jo", 5000, 2, 56.0, {"acts": 0.8}, ["x"]
    )
    registry.write_manifest(path, told, {"rules": "as stated"})
    again, report = registry.read_manifest(path)
    assert again == told
    assert report == {"rules": "as stated"}


def test_a_model_is_found_by_the_beginning_of_its_name(home: Settings) -> None:
    path = made(home, "abcdef")
    assert registry.find(home, "abc") == path
    for name in ("", "xyz"):
        with pytest.raises(Problem, match="no model called"):
            registry.find(home, name)
