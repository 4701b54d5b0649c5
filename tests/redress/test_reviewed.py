"""Reviewed messages become training data, except where they would leak the test set or say nothing new."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from casework.ports.learning import ReviewItem, ReviewStatus
from recovery.likeness import Texts
from redress import reviewed
from redress.problem import Problem

NOW = datetime(2026, 11, 22, tzinfo=UTC)
LABELS = {"dialogue_act": "report_problem", "challenges": ["late_delivery"], "frustration": 1, "triggers": []}
NONE = Texts(())


def item(number: int, text: str, **labels: Any) -> ReviewItem:
    told = {**LABELS, **labels}
    return ReviewItem(number, text, (), {}, "m", (), (), False, 1, ReviewStatus.ACCEPTED, 1, told, NOW, "Vera", NOW)


@pytest.mark.parametrize(
    "near",
    [
        "my parcel was due on monday and there is still nothing",
        "My parcel was due on Monday, and there is still nothing!!!",
        "my parcel was due on tuesday and there is still nothing",
        "so yes hello again, my parcel was due on monday and there is still nothing, as I told your colleague before",
    ],
)
def test_what_is_nearly_a_test_message_is_refused(near: str) -> None:
    held_out = Texts(["my parcel was due on monday and there is still nothing"])
    found = reviewed.material_of([item(1, near)], held_out, NONE)
    assert [(each.item.id, each.held_out) for each in found.left_out] == [(1, True)]
    assert found.kept == []


def test_every_held_out_message_would_be_refused_and_hardly_a_training_message() -> None:
    held_out = reviewed.held_out_texts()
    lines = (reviewed.HELD_OUT / "test.jsonl").read_text().splitlines()[::40]
    assert all(held_out.nearly(json.loads(line)["text"]) for line in lines)
    trained_on = [text for _, text, _ in reviewed.examples_of(reviewed.NLU / "lost_parcel.yml") if len(text) > 60]
    # Two people may well tell the same in nearly the same words.
    assert sum(held_out.nearly(text) is not None for text in trained_on[::3]) <= 0.02 * len(trained_on[::3])


def test_another_message_about_the_same_thing_is_kept() -> None:
    held_out = Texts(["my parcel was due on monday and there is still nothing"])
    assert reviewed.material_of([item(1, "monday came and went without my lamp")], held_out, NONE).kept


def test_a_short_message_is_refused_only_when_it_is_the_same() -> None:
    held_out = Texts(["no thanks"])
    kept = reviewed.material_of([item(1, "No, thanks!"), item(2, "no thank you")], held_out, NONE).kept
    assert [each.id for each in kept] == [2]


def test_what_is_trained_on_already_is_left_out() -> None:
    trained_on = Texts(["the lid of the jar is cracked right through"])
    items = [
        item(1, "the lid of the jar is cracked right through!"),
        item(2, "one shoe in the box instead of two of them"),
        item(3, "one shoe in the box instead of two of them?"),
    ]
    found = reviewed.material_of(items, NONE, trained_on)
    assert [each.id for each in found.kept] == [2]
    assert not found.leaks


def test_training_data_reads_back_as_it_was_labelled(tmp_path: Path) -> None:
    text = 'said "tomorrow": {again} # 3rd time \\o/ — ünïcode 🙃'
    place = tmp_path / "reviewed.yml"
    place.write_text(reviewed.as_training_data([reviewed.example(item(1, text, triggers=["broken_promise"]))]))
    labels = {"challenges": ["late_delivery"], "frustration": 1, "triggers": ["broken_promise"]}
    assert reviewed.examples_of(place) == [("report_problem", text, labels)]


def test_what_is_written_into_the_checkout_keeps_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "reviewed.yml"
    monkeypatch.setattr(reviewed, "WRITTEN", place)
    reviewed.write_into_checkout([item(1, "the first")])
    reviewed.write_into_checkout([item(2, "the second")])
    assert [text for _, text, _ in reviewed.examples_of(place)] == ["the first", "the second"]


def test_whether_a_person_was_due_is_kept_for_measuring_and_not_for_training() -> None:
    due = item(7, "enough, I want a manager", person_due=True)
    assert json.loads(reviewed.as_lines([due]))["person_due"] is True
    assert "person_due" not in reviewed.as_training_data([reviewed.example(due)])


def test_without_a_test_set_nothing_is_trained(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="test set is not in"):
        reviewed.held_out_texts(tmp_path)
